/**
 * Tables with texts in their cells, and their output formats.
 *
 * @module
 */
import { asOneLine, escapedHtml, escapedMarkdown } from "./escaped_text.ts";

/** A table of a report, a notebook or a terminal. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Right for numbers, left for words. */
  readonly align: "left" | "right";
}

/** A row of a table: one text per column. */
export interface Row {
  readonly cells: readonly string[];
  /** Whether the row is from others instead of ours. */
  readonly published: boolean;
}

/** A column with a function from the entry of a row to its cell. */
export interface ColumnOf<T> extends Column {
  readonly cell: (entry: T) => string;
}

/** A table with one row of our own for each entry. */
export function tableOf<T>(
  caption: string,
  entries: readonly T[],
  columns: readonly ColumnOf<NoInfer<T>>[],
): Table {
  const rows = entries.map((entry) => row(...columns.map(({ cell }) => cell(entry))));
  return { caption, columns: columns.map(({ title, align }) => ({ title, align })), rows };
}

/** A column of words with its cells, for {@linkcode tableOf}. */
export function words<T>(title: string, cell: (entry: T) => string): ColumnOf<T> {
  return { ...left(title), cell };
}

/** A column of numbers with its cells, for {@linkcode tableOf}. */
export function numbers<T>(title: string, cell: (entry: T) => string): ColumnOf<T> {
  return { ...right(title), cell };
}

/** A column of words. */
export function left(title: string): Column {
  return { title, align: "left" };
}

/** A column of numbers. */
export function right(title: string): Column {
  return { title, align: "right" };
}

/** A row of our own. */
export function row(...cells: readonly string[]): Row {
  return { published: false, cells };
}

/** The table in Markdown, below its caption. */
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

/** Length in letters from which a cell has the class `long`, so that a page may break its lines. */
const LONG_CELL = 48;

/** The table in HTML; rows from others are in italics and have the class `published`. */
export function htmlTable({ caption, columns, rows }: Table): string {
  // Notebooks would align all cells to the right, and their style sheets are not ours.
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

/** The table without its caption, in fixed-width columns for a terminal. */
export function textTable({ columns, rows }: Table): string {
  const titles = columns.map(({ title }) => asOneLine(title).replace(" (", "\n(").split("\n"));
  const titleLines = Math.max(...titles.map((lines) => lines.length));
  const header = Array.from(
    { length: titleLines },
    (_, line) => titles.map((lines) => lines[line] ?? ""),
  );
  const body = rows.map(({ cells }) => cells.map(asOneLine));
  const widths = columns.map((_, index) =>
    Math.max(...[...header, ...body].map((cells) => [...cells[index]!].length))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => {
      const padding = " ".repeat(widths[index]! - [...cell].length);
      return columns[index]!.align === "right" ? padding + cell : cell + padding;
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...header.map(line), rule, ...body.map(line)].join("\n");
}
