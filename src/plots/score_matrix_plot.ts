import { cellLayers, matrixFrame, type MatrixSize } from "./matrix_cells.ts";
import { CONFIG, type PlotSpec, SCHEMA } from "./theme.ts";

/** A measure of every training by every score. */
export interface ScoreMatrixData {
  readonly title: string;
  /** Readable names of the rows. */
  readonly trainings: readonly string[];
  /** Readable names of the columns. */
  readonly scores: readonly string[];
  /** `values[row][column]`, `null` where a score does not apply. */
  readonly values: readonly (readonly (number | null)[])[];
}

const SIZE: MatrixSize = { cellWidth: 84, cellHeight: 34, columnLetters: 12 };

/**
 * A measure of every training (rows) by every score (columns). Higher values are darker, on a scale
 * from the lowest to the highest value. Cells are empty where a score does not apply.
 *
 * @throws {RangeError} if there is no value at all
 */
export function scoreMatrixPlot({ title, trainings, scores, values }: ScoreMatrixData): PlotSpec {
  const present = values.flat().filter((value) => value !== null);
  if (present.length === 0) throw new RangeError("no value to draw in a matrix of scores");
  const [lowest, highest] = [Math.min(...present), Math.max(...present)];
  const cells = values.flatMap((row, place) =>
    row.flatMap((value, column) => {
      if (value === null) return [];
      const share = highest === lowest ? 0 : (value - lowest) / (highest - lowest);
      return [{ row: place, column, value, share }];
    })
  );
  return {
    $schema: SCHEMA,
    title,
    data: { values: cells },
    ...matrixFrame(SIZE, scores, trainings, { x: null, y: null }),
    layer: cellLayers({ field: "value", format: ".3f" }, 13, null),
    config: CONFIG,
  };
}
