/**
 * Plain text inside of markup and of English text.
 *
 * @module
 */

/** Text that no HTML reader takes for markup, in elements and in quoted attributes. */
export function escapedHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Text that no Markdown reader takes for markup, on one line. */
export function escapedMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/\s+/g, " ");
}

/** JSON for a script element: no text in it can end the element or open a comment. */
export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
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
