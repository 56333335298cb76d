/**
 * Escaping of plain text in markup, in terminals and in English text.
 *
 * @module
 */

/**
 * Text with every control character except line feeds written as an escape such as `\u001b`, so
 * that no terminal obeys it and XML can contain it.
 */
export function withVisibleControls(text: string): string {
  return text.replace(CONTROL, escaped);
}

/** The same for a terminal's line or a table's cell, where line feeds are escaped as well. */
export function asOneLine(text: string): string {
  return withVisibleControls(text).replaceAll("\n", escaped);
}

/** C0 without the line feed, DEL, and C1, which terminals also treat as the start of commands. */
const CONTROL = /[^\P{Cc}\n]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Text that is never parsed as HTML markup, in elements and in double-quoted attributes. */
export function escapedHtml(text: string): string {
  return withVisibleControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Text on one line that Markdown never parses as markup or turns into a link. */
export function escapedMarkdown(text: string): string {
  return withVisibleControls(text.replace(/\s+/g, " "))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replaceAll("://", "\\://")
    .replace(/\b(www)\./gi, "$1\\.");
}

/** JSON for a script element; no text in it can end the element or open a comment. */
export function jsonInHtml(value: unknown): string {
  return withVisibleControls(JSON.stringify(value)).replaceAll("<", "\\u003c");
}

/** Indented JSON for a terminal; it parses to the same value, because its escapes are JSON's. */
export function jsonForTerminal(value: unknown): string {
  return withVisibleControls(JSON.stringify(value, null, 2));
}

/**
 * A name that does not change the direction of surrounding words: it is enclosed in Unicode
 * isolates, which every format of the report supports. Names in left-to-right scripts are returned
 * unchanged.
 */
export function withOwnDirection(text: string): string {
  return TURNS_TEXT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}

/** Scripts that run from right to left, and characters that change the direction of a text. */
const TURNS_TEXT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Bidi_Control}]/u;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
