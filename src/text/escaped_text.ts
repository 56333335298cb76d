/**
 * Plain text inside of markup and of English text.
 *
 * @module
 */

/**
 * Text in which every control character but a line feed stands as its escape, such as `\u001b`, so
 * that no terminal obeys it, and XML may hold it.
 */
export function withVisibleControls(text: string): string {
  return text.replace(CONTROL, escaped);
}

/** The same for a line of a terminal or a cell of a table, of which a line feed would make two. */
export function asOneLine(text: string): string {
  return withVisibleControls(text).replaceAll("\n", escaped);
}

/** C0 without the line feed, DEL and C1, which terminals take for the start of commands, too. */
const CONTROL = /[^\P{Cc}\n]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Text that no HTML reader takes for markup, in elements and in double-quoted attributes. */
export function escapedHtml(text: string): string {
  return withVisibleControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Text that no Markdown reader takes for markup or makes a link of, on one line. */
export function escapedMarkdown(text: string): string {
  return withVisibleControls(text.replace(/\s+/g, " "))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replaceAll("://", "\\://")
    .replace(/\b(www)\./gi, "$1\\.");
}

/** JSON for a script element: no text in it can end the element or open a comment. */
export function jsonInHtml(value: unknown): string {
  return withVisibleControls(JSON.stringify(value)).replaceAll("<", "\\u003c");
}

/** Indented JSON for a terminal, which reads back as the same: its escapes are those of JSON. */
export function jsonForTerminal(value: unknown): string {
  return withVisibleControls(JSON.stringify(value, null, 2));
}

/**
 * A name so that it does not turn the words around it: between Unicode's isolates, which every
 * format of the report carries. Names in scripts from left to right come back as they are.
 */
export function withOwnDirection(text: string): string {
  return TURNS_TEXT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}

/** Scripts that run from right to left, and characters that change the direction of a text. */
const TURNS_TEXT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Bidi_Control}]/u;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
