/**
 * Epochs that are kept as rows of cells.
 *
 * @module
 */
import type { EpochMeasures } from "../training/history.ts";

/** One epoch per row, with the columns as its fields. */
export function epochsOf(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): EpochMeasures[] {
  return rows.map((cells) =>
    Object.fromEntries(columns.map((column, index) => [column, cells[index]]))
  ) as unknown as EpochMeasures[];
}
