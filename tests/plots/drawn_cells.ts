/** What a running Vega view has drawn into the cells of its matrices. */
import type { View } from "vega";

/** A cell with its text. */
export interface DrawnCell {
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

interface SceneNode {
  readonly marktype?: string;
  readonly role?: string;
  readonly items?: readonly SceneNode[];
  readonly datum?: { readonly row: number; readonly column: number };
  readonly text?: string;
}

/** The cells of every matrix, from the top one down, each row by row. */
export function drawnCells(view: View): DrawnCell[][] {
  const texts: DrawnCell[][] = [];
  const visit = ({ marktype, role, items = [] }: SceneNode) => {
    if (marktype === "text" && role === "mark") texts.push(cellsOf(items));
    else items.forEach(visit);
  };
  visit((view.scenegraph() as unknown as { root: SceneNode }).root);
  return texts;
}

function cellsOf(items: readonly SceneNode[]): DrawnCell[] {
  return items
    .map(({ datum, text }) => ({ row: datum!.row, column: datum!.column, text: text! }))
    .sort((a, b) => a.row - b.row || a.column - b.column);
}
