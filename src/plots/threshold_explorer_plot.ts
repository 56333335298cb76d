/**
 * A plot for a page: a confusion matrix and the rates of correct labels, drawn again from the
 * predictions whenever the reader moves the threshold.
 *
 * @module
 */
import { cellLayers, matrixFrame, type MatrixSize } from "./matrix_cells.ts";
import { CONFIG, literal, type PlotSpec, SCHEMA } from "./theme.ts";

/** Steps of the threshold between 0 and 1. */
export const THRESHOLD_STEPS = 100;

/** How many pictures of one row have their highest score at one label and about as high. */
export interface ScoredPictures {
  /** Index of the experiment. */
  readonly experiment: number;
  /** Index of the row: what the pictures are. */
  readonly row: number;
  /** Index of the column: the label with the highest score. */
  readonly column: number;
  /** The last step of the threshold that the score is not below, from 0 to the number of steps. */
  readonly step: number;
  /** Number of pictures in all runs together. */
  readonly pictures: number;
}

/** What the plot shows. */
export interface ThresholdExplorerData {
  readonly experiments: readonly {
    readonly title: string;
    /** Number of runs, over which counts are averaged. */
    readonly runs: number;
  }[];
  /** Readable names of the labels; the last one is that of rejected pictures. */
  readonly columns: readonly string[];
  /** The known categories in the order of the columns, then the groups that should be rejected. */
  readonly rows: readonly {
    readonly name: string;
    /** The rate that the row's correct labels count for, for example "unseen rejected". */
    readonly rate: string;
  }[];
  /** Every test picture of every experiment is in one of these. */
  readonly pictures: readonly ScoredPictures[];
  /** Where the reader starts. */
  readonly start: { readonly experiment: number; readonly threshold: number };
}

const MATRIX_SIZE: MatrixSize = { cellWidth: 58, cellHeight: 34, columnLetters: 8 };
const RATES_SIZE: MatrixSize = { cellWidth: 72, cellHeight: 28, columnLetters: 10 };

/** The rate over all rows. */
const TOTAL_RATE = "total correct";

/**
 * The confusion matrix of one experiment at one threshold, both parameters of the plot
 * (`experiment`, an index, and `threshold`), and below it the rates of all experiments at that
 * threshold. At 0 the highest score decides.
 */
export function thresholdExplorerPlot(data: ThresholdExplorerData): PlotSpec {
  const { experiments, columns, rows, start } = data;
  const records = [...data.pictures, ...emptyCells(data)]
    .map((pictures) => FIELDS.map((field) => pictures[field]).join());
  return {
    $schema: SCHEMA,
    params: [
      {
        name: "experiment",
        value: start.experiment,
        bind: {
          input: "select",
          name: "Experiment",
          options: experiments.map((_, index) => index),
          labels: experiments.map(({ title }) => title),
        },
      },
      {
        name: "threshold",
        value: start.threshold,
        bind: { input: "range", name: "Threshold", min: 0, max: 1, step: 1 / THRESHOLD_STEPS },
      },
    ],
    data: {
      // A quarter of the size of a list of objects.
      values: [FIELDS.join(), ...records].join("\n"),
      format: { type: "csv", parse: Object.fromEntries(FIELDS.map((field) => [field, "number"])) },
    },
    transform: [
      {
        // Rounded, because .29 * 100 is a little less than 29.
        calculate: `datum.step < round(threshold * ${THRESHOLD_STEPS}) ` +
          `? ${columns.length - 1} : datum.column`,
        as: "label",
      },
      {
        aggregate: [{ op: "sum", field: "pictures", as: "pictures" }],
        groupby: ["experiment", "row", "label"],
      },
      {
        calculate: `datum.pictures / ${literal(experiments.map(({ runs }) => runs))}` +
          "[datum.experiment]",
        as: "count",
      },
      {
        joinaggregate: [{ op: "sum", field: "count", as: "images" }],
        groupby: ["experiment", "row"],
      },
    ],
    vconcat: [matrix(data), rates(data, [...new Set(rows.map(({ rate }) => rate)), TOTAL_RATE])],
    config: CONFIG,
  };
}

type Panel = Extract<PlotSpec, { vconcat: unknown }>["vconcat"][number];

function matrix({ experiments, columns, rows }: ThresholdExplorerData): Panel {
  const names = rows.map(({ name }) => name);
  const titles = experiments.map(({ title }) => title);
  const averaged = experiments.some(({ runs }) => runs > 1);
  return {
    title: {
      text: {
        expr: `${literal(titles)}[experiment] + ` +
          `(threshold > 0 ? ", threshold " + format(threshold, ".2f") : ", argmax")`,
      },
    },
    transform: [
      { filter: "datum.experiment == experiment" },
      { calculate: "datum.label", as: "column" },
      SHARE,
    ],
    ...matrixFrame(MATRIX_SIZE, columns, names, { x: "predicted", y: "actual" }),
    layer: cellLayers("count", averaged ? ",.1f" : ",", 12, null),
  };
}

function rates({ experiments, columns, rows }: ThresholdExplorerData, names: string[]): Panel {
  const rejected = columns.length - 1;
  const correctColumns = rows.map((_, row) => Math.min(row, rejected));
  const ratesOfRow = rows.map(({ rate }) => [names.indexOf(rate), names.indexOf(TOTAL_RATE)]);
  return {
    title: { text: { expr: `"All experiments at threshold " + format(threshold, ".2f")` } },
    transform: [
      { filter: `datum.label == ${literal(correctColumns)}[datum.row]` },
      { calculate: `${literal(ratesOfRow)}[datum.row]`, as: "column" },
      { flatten: ["column"] },
      {
        aggregate: [
          { op: "sum", field: "count", as: "count" },
          { op: "sum", field: "images", as: "images" },
        ],
        groupby: ["experiment", "column"],
      },
      { calculate: "datum.experiment", as: "row" },
      SHARE,
    ],
    ...matrixFrame(RATES_SIZE, names, experiments.map(({ title }) => title), { x: null, y: null }),
    layer: cellLayers("share", ".1%", 12, null),
  };
}

const SHARE = { calculate: "datum.images > 0 ? datum.count / datum.images : 0", as: "share" };

/** No pictures in every cell, so that a cell that nothing falls into shows a 0. */
function emptyCells({ experiments, columns, rows }: ThresholdExplorerData): ScoredPictures[] {
  return experiments.flatMap((_, experiment) =>
    rows.flatMap((_, row) =>
      columns.map((_, column) => ({ experiment, row, column, step: THRESHOLD_STEPS, pictures: 0 }))
    )
  );
}

const FIELDS = ["experiment", "row", "column", "step", "pictures"] as const;
