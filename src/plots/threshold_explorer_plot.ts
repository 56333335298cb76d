/**
 * Plots for a page, redrawn whenever the reader moves the threshold: a confusion matrix, and the
 * rates of correct labels of two matrices side by side.
 *
 * @module
 */
import { cellLayers, matrixFrame, type MatrixSize } from "./matrix_cells.ts";
import { CONFIG, literal, type PlotSpec, SCHEMA, SERIES_COLORS } from "./theme.ts";

/** Steps of the threshold between 0 and 1. */
export const THRESHOLD_STEPS = 100;

/** A step above every threshold, for pictures of matrices that ignore it. */
export const NEVER_REJECTED = THRESHOLD_STEPS + 1;

/** Number of pictures of one row with their highest score at the same label and threshold step. */
export interface ScoredPictures {
  /** Index of the matrix. */
  readonly matrix: number;
  /** Index of the row: the correct label. */
  readonly row: number;
  /** Index of the column: the label with the highest score. */
  readonly column: number;
  /** The last threshold step that does not exceed the score, from 0 to the number of steps. */
  readonly step: number;
  /** Number of pictures in all runs together. */
  readonly pictures: number;
}

/** A matrix offered to the reader. */
export interface ExplorerMatrix {
  readonly title: string;
  /** Number of runs that counts are averaged over. */
  readonly runs: number;
  /** Whether it depends on the threshold; a published matrix does not. */
  readonly moves: boolean;
}

/** A published rate, marked beside our bar. */
export interface PublishedRate {
  /** Index of our matrix. */
  readonly matrix: number;
  readonly rate: string;
  readonly share: number;
  /** Its source and decision, for example `article, threshold 0.5`. */
  readonly label: string;
}

/** The data of the plots. */
export interface ThresholdExplorerData {
  readonly matrices: readonly ExplorerMatrix[];
  /** Readable names of the labels; the last one is for rejected pictures. */
  readonly columns: readonly string[];
  /** The known categories in the order of the columns, then the groups that should be rejected. */
  readonly rows: readonly {
    readonly name: string;
    /** The rate that includes the row's correct labels, for example "unseen rejected". */
    readonly rate: string;
    /** Index of the column with its correct labels. */
    readonly correct: number;
  }[];
  /** The counts of all test pictures of all matrices. */
  readonly pictures: readonly ScoredPictures[];
  readonly published: readonly PublishedRate[];
  /** The initial state: indices of two matrices, and a threshold. */
  readonly start: { readonly left: number; readonly right: number; readonly threshold: number };
}

/** The name of the data of both plots; a page contains them once. */
export const PICTURES = "pictures";

const MATRIX_SIZE: MatrixSize = { cellWidth: 58, cellHeight: 34, columnLetters: 8 };
const FIELDS = ["matrix", "row", "column", "step", "pictures"] as const;

/** The pictures as text, in a quarter of the size of a list of objects. */
export function pictureRecords(data: ThresholdExplorerData): string {
  const records = [...data.pictures, ...emptyCells(data)]
    .map((pictures) => FIELDS.map((field) => pictures[field]).join());
  return [FIELDS.join(), ...records].join("\n");
}

/**
 * One confusion matrix at one threshold, both parameters of the plot (`matrix`, an index, and
 * `threshold`). At 0 the highest score decides.
 */
export function explorerMatrixPlot(data: ThresholdExplorerData, matrix: number): PlotSpec {
  const { matrices, columns, rows, start } = data;
  // Means have one decimal, so that they are not mistaken for counts.
  const formats = literal(matrices.map(({ runs }) => runs > 1 ? ",.1f" : ","));
  const titles = literal(matrices.map(({ title }) => title));
  const moves = literal(matrices.map((entry) => entry.moves));
  return {
    $schema: SCHEMA,
    params: [{ name: "matrix", value: matrix }, { name: "threshold", value: start.threshold }],
    ...picturesOf(data),
    title: {
      text: {
        expr: `${titles}[matrix] + (!${moves}[matrix] ? "" : ` +
          `threshold > 0 ? ", threshold " + format(threshold, ".2f") : ", argmax")`,
      },
    },
    transform: [
      { filter: "datum.matrix == matrix" },
      ...countsAtThreshold(data),
      { calculate: "datum.label", as: "column" },
      { calculate: `format(datum.count, ${formats}[matrix])`, as: "written" },
      SHARE,
    ],
    ...matrixFrame(MATRIX_SIZE, columns, rows.map(({ name }) => name), {
      x: "predicted",
      y: "actual",
    }),
    layer: cellLayers({ field: "written" }, 12, null),
    config: CONFIG,
  };
}

/**
 * The rates of two matrices (parameters `left` and `right`) at the threshold as bars, with
 * published rates as ticks.
 */
export function explorerRatesPlot(data: ThresholdExplorerData): PlotSpec {
  const { matrices, rows, published, start } = data;
  const rates = [...new Set(rows.map(({ rate }) => rate))];
  const correctColumns = literal(rows.map(({ correct }) => correct));
  const titles = literal(matrices.map(({ title }) => title));
  const chosen = { filter: "datum.matrix == left || datum.matrix == right" };
  const side = { calculate: "datum.matrix == left ? 0 : 1", as: "side" };
  const y = {
    y: {
      field: "rate",
      type: "nominal" as const,
      sort: rates,
      title: null,
      axis: { ticks: false, domain: false },
    },
    yOffset: { field: "side", type: "nominal" as const, sort: [0, 1] },
  };
  const x = {
    field: "share",
    type: "quantitative" as const,
    title: null,
    scale: { domain: [0, 1] },
    axis: { format: ".0%" },
  };
  return {
    $schema: SCHEMA,
    params: [
      { name: "left", value: start.left },
      { name: "right", value: start.right },
      { name: "threshold", value: start.threshold },
    ],
    title: {
      text: {
        // A list is drawn as several lines.
        expr: `["dark: " + ${titles}[left], "light: " + ${titles}[right]` +
          (published.length === 0 ? "]" : ', "red: published, at its own decision"]'),
      },
      fontSize: 12,
      fontWeight: "normal",
    },
    width: 380,
    height: { step: 17 },
    layer: [
      {
        ...picturesOf(data),
        transform: [
          chosen,
          ...countsAtThreshold(data),
          side,
          { calculate: `${literal(rows.map(({ rate }) => rate))}[datum.row]`, as: "rate" },
          {
            calculate: `datum.label == ${correctColumns}[datum.row] ? datum.count : 0`,
            as: "good",
          },
          {
            aggregate: [
              { op: "sum", field: "good", as: "good" },
              { op: "sum", field: "count", as: "images" },
            ],
            groupby: ["side", "rate"],
          },
          { filter: "datum.images > 0" },
          { calculate: "datum.good / datum.images", as: "share" },
        ],
        layer: [
          {
            mark: { type: "bar" },
            encoding: {
              ...y,
              x,
              color: {
                field: "side",
                type: "nominal",
                legend: null,
                scale: { domain: [0, 1], range: ["#08306b", "#9ebcda"] },
              },
            },
          },
          {
            mark: { type: "text", align: "left", dx: 6, fontSize: 12 },
            encoding: {
              ...y,
              x: { value: "width" },
              text: { field: "share", type: "quantitative", format: ".1%" },
            },
          },
        ],
      },
      {
        data: { values: published.map((rate) => ({ ...rate })) },
        transform: [chosen, side],
        mark: { type: "tick", color: SERIES_COLORS[1]!, thickness: 3, size: 15 },
        encoding: { ...y, x, tooltip: { field: "label", type: "nominal" } },
      },
    ],
    config: CONFIG,
  };
}

type Transforms = Extract<PlotSpec, { layer: unknown }>["transform"];

function picturesOf(data: ThresholdExplorerData) {
  const parse = Object.fromEntries(FIELDS.map((field) => [field, "number"]));
  return {
    data: {
      name: PICTURES,
      values: pictureRecords(data),
      format: { type: "csv" as const, parse },
    },
  };
}

/** Mean counts by matrix, row and label, and their shares of the row. */
function countsAtThreshold({ matrices, columns }: ThresholdExplorerData) {
  return [
    {
      // Rounded, because .29 * 100 is a little less than 29.
      calculate: `datum.step < round(threshold * ${THRESHOLD_STEPS}) ` +
        `? ${columns.length - 1} : datum.column`,
      as: "label",
    },
    {
      aggregate: [{ op: "sum", field: "pictures", as: "pictures" }],
      groupby: ["matrix", "row", "label"],
    },
    {
      calculate: `datum.pictures / ${literal(matrices.map(({ runs }) => runs))}[datum.matrix]`,
      as: "count",
    },
    {
      joinaggregate: [{ op: "sum", field: "count", as: "images" }],
      groupby: ["matrix", "row"],
    },
  ] satisfies Transforms;
}

const SHARE = { calculate: "datum.images > 0 ? datum.count / datum.images : 0", as: "share" };

/**
 * A count of zero for every cell, so that empty cells show a 0; except in rows that a published
 * matrix lacks.
 */
function emptyCells(
  { matrices, columns, rows, pictures }: ThresholdExplorerData,
): ScoredPictures[] {
  return matrices.flatMap(({ moves }, matrix) => {
    const hasRow = (row: number) =>
      moves || pictures.some((some) => some.matrix === matrix && some.row === row);
    return rows.flatMap((_, row) =>
      columns.flatMap((_, column) =>
        hasRow(row) ? [{ matrix, row, column, step: NEVER_REJECTED, pictures: 0 }] : []
      )
    );
  });
}
