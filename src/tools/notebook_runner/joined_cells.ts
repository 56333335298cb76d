/**
 * A notebook's cells as one TypeScript module, for tools that know nothing of notebooks.
 *
 * @module
 */

/** The code of a notebook's cells, joined. */
export interface JoinedCells {
  readonly code: string;
  /** Says which cell a line of the code is from, and which line of the cell; all from 1. */
  readonly locate: (line: number) => { readonly cell: number; readonly line: number };
}

/** Joins the code of cells, in order, so that each sees what those before it declare. */
export function joinCells(sources: readonly string[]): JoinedCells {
  const starts: number[] = [];
  let lines = 0;
  for (const source of sources) {
    starts.push(lines);
    lines += source.split("\n").length;
  }
  return {
    // Without an import or export, top-level await would not be allowed.
    code: `${sources.join("\n")}\nexport {};\n`,
    locate: (line) => {
      const cell = starts.findLastIndex((start) => start < line);
      return { cell: cell + 1, line: line - starts[cell]! };
    },
  };
}
