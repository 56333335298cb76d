/**
 * Sentences made by the program as outputs of a notebook.
 *
 * @module
 */
import type { Sentence } from "../report/context.ts";
import { escapedMarkdown } from "../text/escaped_text.ts";
import { DISPLAY, type Displayable } from "./display.ts";

/** A paragraph of plain text. */
export function paragraph(text: string): Displayable {
  return {
    [DISPLAY]: () => ({ "text/markdown": escapedMarkdown(text), "text/plain": text }),
  };
}

/** A list with a bullet before each plain text; what a sentence is about stands out. */
export function bulletList(entries: readonly (string | Sentence)[]): Displayable {
  const markdown = (entry: string | Sentence) =>
    typeof entry === "string"
      ? escapedMarkdown(entry)
      : `**${escapedMarkdown(entry.lead)}:** ${escapedMarkdown(entry.text)}`;
  const plain = (entry: string | Sentence) =>
    typeof entry === "string" ? entry : `${entry.lead}: ${entry.text}`;
  return {
    [DISPLAY]: () => ({
      "text/markdown": entries.map((entry) => `- ${markdown(entry)}`).join("\n"),
      "text/plain": entries.map((entry) => `- ${plain(entry)}`).join("\n"),
    }),
  };
}
