import { cellLayers, matrixFrame, type MatrixSize } from "./matrix_cells.ts";
import { CONFIG, type PlotSpec, SCHEMA } from "./theme.ts";

/** The data of a confusion matrix. */
export interface ConfusionMatrixData {
  readonly title: string;
  /** Readable names of the rows: correct labels. */
  readonly actual: readonly string[];
  /** Readable names of the columns: predicted labels. */
  readonly predicted: readonly string[];
  /** `counts[row][column]`: numbers of pictures, or their means over several runs. */
  readonly counts: readonly (readonly number[])[];
}

const SIZE: MatrixSize = { cellWidth: 86, cellHeight: 44, columnLetters: 11 };

/**
 * A confusion matrix: each cell contains its count, and is shaded by its share of the row, in one
 * colour that stays readable when printed in gray.
 *
 * @throws {RangeError} unless the counts have one row per actual and one column per predicted name.
 */
export function confusionMatrixPlot(data: ConfusionMatrixData): PlotSpec {
  const titles = { x: "predicted", y: "actual" };
  // Means have one decimal, so that they are not mistaken for counts.
  const format = data.counts.flat().every(Number.isInteger) ? "," : ",.1f";
  return {
    $schema: SCHEMA,
    title: data.title,
    data: { values: cellsOf(data) },
    ...matrixFrame(SIZE, data.predicted, data.actual, titles),
    layer: cellLayers({ field: "count", format }, 13, { format: ".0%" }),
    config: CONFIG,
  };
}

function cellsOf({ actual, predicted, counts }: ConfusionMatrixData) {
  if (counts.length !== actual.length) {
    throw new RangeError(`${counts.length} rows of counts for ${actual.length} actual names`);
  }
  return counts.flatMap((rowCounts, row) => {
    if (rowCounts.length !== predicted.length) {
      throw new RangeError(
        `${rowCounts.length} counts for "${actual[row]}" with ${predicted.length} predicted names`,
      );
    }
    const total = rowCounts.reduce((sum, count) => sum + count, 0);
    return rowCounts.map((count, column) => ({
      row,
      column,
      count,
      share: total === 0 ? 0 : count / total,
    }));
  });
}
