/**
 * Confusion matrices as plots.
 *
 * @module
 */
import { CONFIG, type PlotSpec, SCHEMA } from "./theme.ts";

/** What a confusion matrix shows. */
export interface ConfusionMatrixData {
  readonly title: string;
  /** Readable names of the rows: what the pictures are. */
  readonly actual: readonly string[];
  /** Readable names of the columns: what the network says. */
  readonly predicted: readonly string[];
  /** `counts[row][column]`: numbers of pictures. */
  readonly counts: readonly (readonly number[])[];
}

/** The share of a row from which white text stands out better from its cell than dark text. */
const DARK_SHARE = 0.65;
const CELL_WIDTH = 86;
const CELL_HEIGHT = 44;

/**
 * A confusion matrix: the count in each cell over its share of the row as a shade of one colour,
 * which stays readable when printed in gray.
 *
 * @throws {RangeError} if the counts have not one row per actual and one column per predicted name.
 */
export function confusionMatrixPlot(data: ConfusionMatrixData): PlotSpec {
  return {
    $schema: SCHEMA,
    title: data.title,
    width: { step: CELL_WIDTH },
    height: { step: CELL_HEIGHT },
    data: { values: cellsOf(data) },
    encoding: {
      x: {
        field: "column",
        type: "ordinal",
        title: "predicted",
        axis: { ...axisNames(data.predicted.map(inColumnWidth)), labelAngle: 0 },
      },
      y: {
        field: "row",
        type: "ordinal",
        title: "actual",
        axis: axisNames(data.actual.map((name) => shortened(name, ROW_LETTERS))),
      },
    },
    layer: [
      {
        mark: { type: "rect", stroke: "#ffffff" },
        encoding: {
          color: {
            field: "share",
            type: "quantitative",
            title: "share of row",
            scale: { domain: [0, 1], range: ["#f2f6fb", "#08306b"] },
            legend: { format: ".0%" },
          },
        },
      },
      {
        mark: { type: "text", fontSize: 13 },
        encoding: {
          text: { field: "count", type: "quantitative", format: "," },
          color: {
            condition: { test: `datum.share >= ${DARK_SHARE}`, value: "#ffffff" },
            value: "#111111",
          },
        },
      },
    ],
    config: CONFIG,
  };
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  readonly share: number;
}

function cellsOf({ actual, predicted, counts }: ConfusionMatrixData): Cell[] {
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

/**
 * Axis labels that name positions: two categories may have the same readable name, so that the
 * names cannot be the scale's values themselves. The limit is lifted because Vega guesses widths.
 */
function axisNames(names: readonly (string | readonly string[])[]) {
  return { labelExpr: `${JSON.stringify(names)}[datum.value]`, labelLimit: 0 };
}

/** Letters that fit under a cell and beside a row. */
const COLUMN_LETTERS = 11;
const ROW_LETTERS = 28;

/** The name in lines that fit under a cell. */
function inColumnWidth(name: string): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const joined = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && joined.length <= COLUMN_LETTERS) lines[lines.length - 1] = joined;
    else lines.push(shortened(word, COLUMN_LETTERS));
  }
  return lines;
}

function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join("")}\u2026`;
}
