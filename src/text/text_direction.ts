/**
 * Names in scripts that run from right to left, inside of English text.
 *
 * @module
 */

/**
 * The text so that it does not turn the words around it: between Unicode's isolates, which every
 * format of the report carries. Other texts come back as they are.
 */
export function withOwnDirection(text: string): string {
  return TURNS_TEXT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}

/** Scripts that run from right to left, and characters that change the direction of a text. */
const TURNS_TEXT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Bidi_Control}]/u;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";
