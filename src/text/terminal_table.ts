/**
 * Tables for a terminal.
 *
 * @module
 */
import type { Table } from "./table.ts";

const GAP = "  ";

/** A table without its caption, in columns of letters of one width. */
export function textTable({ columns, rows }: Table): string {
  const titles = columns.map(({ title }) => title.replace(" (", "\n(").split("\n"));
  const titleLines = Math.max(...titles.map((lines) => lines.length));
  const header = Array.from(
    { length: titleLines },
    (_, line) => titles.map((lines) => lines[line] ?? ""),
  );
  const body = rows.map((row) => row.cells);
  const widths = columns.map((_, index) =>
    Math.max(...[...header, ...body].map((cells) => [...cells[index]!].length))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => {
      const padding = " ".repeat(widths[index]! - [...cell].length);
      return columns[index]!.align === "right" ? padding + cell : cell + padding;
    }).join(GAP).trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join(GAP);
  return [...header.map(line), rule, ...body.map(line)].join("\n");
}
