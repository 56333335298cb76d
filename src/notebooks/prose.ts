/**
 * Sentences and tables made by the program as outputs of a notebook.
 *
 * @module
 */
import type { Sentence } from "../report/context.ts";
import { escapedMarkdown } from "../text/escaped_text.ts";
import { htmlTable, markdownTable, type Table, textTable } from "../text/table.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/** A paragraph of plain text. */
export function paragraph(text: string): Displayable {
  return {
    [DISPLAY]: () => ({ "text/markdown": escapedMarkdown(text), "text/plain": text }),
  };
}

/** A list with a bullet before each plain text; what a sentence is about stands out. */
export function bulletList(entries: readonly (string | Sentence)[]): Displayable {
  const list = (textOf: (entry: string) => string, leadOf: (lead: string) => string) =>
    entries.map((entry) =>
      typeof entry === "string"
        ? `- ${textOf(entry)}`
        : `- ${leadOf(`${textOf(entry.lead)}:`)} ${textOf(entry.text)}`
    ).join("\n");
  return {
    [DISPLAY]: () => ({
      "text/markdown": list(escapedMarkdown, (lead) => `**${lead}**`),
      "text/plain": list((text) => text, (lead) => lead),
    }),
  };
}

/** A table as HTML, Markdown and plain text, with its caption above it. */
export function table(content: Table): Displayable {
  return {
    [DISPLAY]: () => ({
      "text/html": htmlTable(content),
      "text/markdown": markdownTable(content),
      "text/plain": `${content.caption}:\n\n${textTable(content)}`,
    }),
  };
}
