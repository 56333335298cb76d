/**
 * Tables as texts in cells, for every form they are written in.
 *
 * @module
 */

/** A table of a report, a notebook or a terminal. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers go to the right, words to the left. */
  readonly align: "left" | "right";
}

/** A row of a table: one text per column. */
export interface Row {
  readonly cells: readonly string[];
  /** Whether the row is somebody else's and not ours. */
  readonly published: boolean;
}

/** A column with how its cells follow from what the rows are about. */
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
