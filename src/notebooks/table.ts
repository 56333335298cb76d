/**
 * Tables as outputs of a notebook.
 *
 * @module
 */
import { escapedHtml, escapedMarkdown } from "../text/escaped_text.ts";
import type { Table } from "../report/tables.ts";
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

/** The table as an HTML element; figures of others than us are in italics. */
export function htmlTable({ caption, columns, rows }: Table): string {
  // Notebooks would put all cells to the right, and their style sheets are not ours.
  const cell = (element: "th" | "td", text: string, column: number) =>
    `<${element} style="text-align: ${columns[column]!.align}">${text}</${element}>`;
  const header = columns.map(({ title }, column) => cell("th", escapedHtml(title), column));
  const body = rows.map(({ cells, published }) => {
    const texts = cells.map(escapedHtml).map((text) => published ? `<em>${text}</em>` : text);
    return `<tr>${texts.map((text, column) => cell("td", text, column)).join("")}</tr>`;
  });
  return [
    "<table>",
    `<caption style="text-align: left">${escapedHtml(caption)}</caption>`,
    `<thead><tr>${header.join("")}</tr></thead>`,
    "<tbody>",
    ...body,
    "</tbody>",
    "</table>",
  ].join("\n");
}

function markdownTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `${escapedMarkdown(caption)}:`,
    "",
    line(columns.map(({ title }) => escapedMarkdown(title))),
    line(columns.map(({ align }) => align === "right" ? "---:" : "---")),
    ...rows.map(({ cells }) => line(cells.map(escapedMarkdown))),
  ].join("\n");
}
