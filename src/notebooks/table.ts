/**
 * Tables as outputs of a notebook.
 *
 * @module
 */
import { htmlTable } from "../text/html_table.ts";
import { markdownTable } from "../text/markdown_table.ts";
import type { Table } from "../text/table.ts";
import { textTable } from "../text/terminal_table.ts";
import { DISPLAY, type Displayable } from "./display.ts";

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
