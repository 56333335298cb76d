/**
 * Tables in HTML.
 *
 * @module
 */
import { escapedHtml } from "./escaped_text.ts";
import type { Table } from "./table.ts";

/** Letters from which on a cell has the class `long`, so that a page may break it into lines. */
const LONG_CELL = 48;

/** The table as an element; rows of others than us are in italics and have the class `published`. */
export function htmlTable({ caption, columns, rows }: Table): string {
  // Notebooks would put all cells to the right, and their style sheets are not ours.
  const aligned = (column: number) => ` style="text-align: ${columns[column]!.align}"`;
  const header = columns.map(({ title }, column) =>
    `<th${aligned(column)}>${escapedHtml(title)}</th>`
  );
  const body = rows.map(({ cells, published }) => {
    const texts = cells.map((cell, column) => {
      const text = escapedHtml(cell);
      const long = cell.length > LONG_CELL ? ' class="long"' : "";
      return `<td${long}${aligned(column)}>${published ? `<em>${text}</em>` : text}</td>`;
    });
    return `<tr${published ? ' class="published"' : ""}>${texts.join("")}</tr>`;
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
