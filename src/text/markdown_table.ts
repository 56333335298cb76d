/**
 * Tables in Markdown.
 *
 * @module
 */
import { escapedMarkdown } from "./escaped_text.ts";
import type { Table } from "./table.ts";

/** The table below its caption. */
export function markdownTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `${escapedMarkdown(caption)}:`,
    "",
    line(columns.map(({ title }) => escapedMarkdown(title))),
    line(columns.map(({ align }) => align === "right" ? "---:" : "---")),
    ...rows.map(({ cells }) => line(cells.map(escapedMarkdown))),
  ].join("\n");
}
