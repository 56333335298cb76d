/**
 * `predictions.csv`: every test picture with its logits. All measures of the report are computed
 * from this file, so that anyone can compute them again.
 *
 * @module
 */
import { type Group, GROUPS, type LabelledImage } from "../data/categories.ts";
import { correctLabel, NA } from "../data/labels.ts";
import { decidedLabels, type Decision, decisionNamed } from "../evaluation/decisions.ts";
import type { Prediction, PredictionTable } from "../evaluation/predictions.ts";
import { type ExperimentDescription, hasNaOutput } from "../experiments.ts";
import { type CsvRow, readCsv, writeCsv } from "../files/csv_table.ts";
import { activated } from "../losses/activation.ts";
import { savedAsScores } from "./earlier_format.ts";
import { RUN_REMEDY } from "./run_config.ts";

/** The file's name inside a run's folder. */
export const PREDICTIONS_FILE = "predictions.csv";

const PICTURE_COLUMNS = ["path", "category", "group", "label", "predicted"] as const;

/** Before a label, in the title of the column of its logits. */
const LOGIT = "logit:";

/** Enough to tell any two 32-bit floats apart. */
const SIGNIFICANT_DIGITS = 9;

/** What {@linkcode writePredictions} writes down. */
export interface TestOutputs {
  /** The labels of the network's outputs, in order. */
  readonly labels: readonly string[];
  readonly images: readonly LabelledImage[];
  /** One row per image, one logit per label. */
  readonly logits: readonly ArrayLike<number>[];
}

/**
 * Writes `predictions.csv`: `path,category,group,label,predicted,logit:<label>,...`. The experiment's
 * decision makes `predicted` of the logits as they are written, so that the file says the same as
 * its logits. The file appears whole or not at all.
 *
 * @throws {Error} if there are no pictures, not one row of logits per picture and one logit per
 *   label, or a logit that is not finite.
 */
export async function writePredictions(
  path: string,
  { activation }: Pick<ExperimentDescription, "activation">,
  decision: Decision,
  { labels, images, logits }: TestOutputs,
): Promise<void> {
  if (images.length === 0) throw new Error(`${path}: there are no test pictures to write`);
  if (logits.length !== images.length) {
    throw new Error(`${path}: ${logits.length} rows of logits for ${images.length} pictures`);
  }
  const written = logits.map((row, index) =>
    asWritten(row, labels, `${path}: ${images[index]!.path}`)
  );
  const scores = written.map((row) => activated(row, activation));
  const predicted = decidedLabels(labels, scores, decision);
  const rows = images.map((image, index) => [
    image.path,
    image.category,
    image.group,
    correctLabel(image),
    predicted[index]!,
    ...written[index]!.map(String),
  ]);
  await writeCsv(path, [...PICTURE_COLUMNS, ...labels.map((label) => LOGIT + label)], rows);
}

/**
 * Reads `predictions.csv` back and checks it.
 *
 * @throws {Error} that names file, line, column and value if the file is missing or damaged: wrong
 *   columns, an unknown group, a label that does not follow from group and category, a logit that is
 *   not finite, a picture twice, or a predicted label that the experiment's decision does not give.
 */
export async function readPredictions(
  path: string,
  experiment: ExperimentDescription,
): Promise<PredictionTable> {
  const { columns, rows } = await readCsv(path, RUN_REMEDY);
  const { labels, ofCell, exactLogits } = outputColumns(path, columns, experiment);
  if (rows.length === 0) throw new Error(`${path}: there are no pictures in it; ${RUN_REMEDY}`);
  const predictions = rows.map((row) => readPrediction(path, row, labels, ofCell));
  requireDistinctPaths(path, rows);
  const { activation, naTarget, decision } = experiment;
  requireOwnDecision(path, rows, { labels, predictions }, experiment);
  return { labels, activation, naTarget, exactLogits, decision, predictions };
}

function asWritten(row: ArrayLike<number>, labels: readonly string[], picture: string): number[] {
  if (row.length !== labels.length) {
    throw new Error(`${picture}: ${row.length} logits for the labels ${labels.join(", ")}`);
  }
  return Array.from(row, (logit, index) => {
    if (!Number.isFinite(logit)) {
      throw new Error(`${picture}: the logit of ${labels[index]} is ${logit}, not a finite number`);
    }
    return Number(logit.toPrecision(SIGNIFICANT_DIGITS));
  });
}

/** How the cells of a row are read. */
interface OutputColumns {
  readonly labels: readonly string[];
  /** Logits and scores of a picture. */
  readonly ofCell: (values: readonly number[]) => Pick<Prediction, "logits" | "scores">;
  readonly exactLogits: boolean;
}

function outputColumns(
  path: string,
  columns: readonly string[],
  experiment: ExperimentDescription,
): OutputColumns {
  PICTURE_COLUMNS.forEach((name, index) => {
    if (columns[index] !== name) {
      const found = columns[index] ?? "nothing";
      const fault = `column ${index + 1} is "${found}", not "${name}"`;
      throw new Error(`${path}, line 1: ${fault}; ${RUN_REMEDY}`);
    }
  });
  const titles = columns.slice(PICTURE_COLUMNS.length);
  const areLogits = titles.every((title) => title.startsWith(LOGIT));
  const labels = areLogits ? titles.map((title) => title.slice(LOGIT.length)) : titles;
  requireLabels(path, labels, experiment);
  if (!areLogits) return { labels, ...savedAsScores(experiment) };
  const { activation } = experiment;
  return {
    labels,
    ofCell: (logits) => ({ logits, scores: activated(logits, activation) }),
    exactLogits: true,
  };
}

function requireLabels(
  path: string,
  labels: readonly string[],
  experiment: ExperimentDescription,
): void {
  const withNa = hasNaOutput(experiment);
  const fits = labels.length > 0 && (labels[0] === NA) === withNa &&
    new Set(labels).size === labels.length;
  if (fits) return;
  throw new Error(
    `${path}, line 1: the columns of the outputs are ${labels.join(", ") || "missing"}; those of ` +
      `${experiment.name} are ${withNa ? `"${NA}" and then ` : ""}the known categories, each ` +
      `once; ${RUN_REMEDY}`,
  );
}

function readPrediction(
  path: string,
  row: CsvRow,
  labels: readonly string[],
  ofCell: OutputColumns["ofCell"],
): Prediction {
  const [picture, category, group, label, predicted, ...cells] = row.cells as [
    string,
    string,
    Group,
    string,
    string,
    ...string[],
  ];
  const damaged = (column: string, value: string, expected: string) =>
    new Error(`${path}, line ${row.line}: ${column} is "${value}", not ${expected}; ${RUN_REMEDY}`);
  if (picture === "") throw damaged("path", picture, "the path of a picture");
  if (!GROUPS.includes(group)) throw damaged("group", group, `one of ${GROUPS.join(", ")}`);
  if (group === "known" && (category === NA || !labels.includes(category))) {
    throw damaged("category", category, "one of the outputs, as a known picture's must be");
  }
  const image: LabelledImage = { path: picture, category, group };
  if (label !== correctLabel(image)) throw damaged("label", label, `"${correctLabel(image)}"`);
  if (predicted !== NA && !labels.includes(predicted)) {
    throw damaged("predicted", predicted, `${NA} or one of the outputs`);
  }
  const values = cells.map((cell, index) => {
    const value = cell.trim() === "" ? NaN : Number(cell);
    if (!Number.isFinite(value)) {
      throw damaged(`the output of ${labels[index]}`, cell, "a finite number");
    }
    return value;
  });
  try {
    return { ...image, label, predicted, ...ofCell(values) };
  } catch (error) {
    throw damaged("an output", cells.join(), (error as Error).message);
  }
}

function requireDistinctPaths(path: string, rows: readonly CsvRow[]): void {
  const lineOf = new Map<string, number>();
  for (const { line, cells } of rows) {
    const picture = cells[0]!;
    const earlier = lineOf.get(picture);
    if (earlier !== undefined) {
      throw new Error(
        `${path}, line ${line}: ${picture} is already on line ${earlier}; ${RUN_REMEDY}`,
      );
    }
    lineOf.set(picture, line);
  }
}

/** A decision of the user's own cannot be repeated here; its labels are taken as they are. */
function requireOwnDecision(
  path: string,
  rows: readonly CsvRow[],
  { labels, predictions }: Pick<PredictionTable, "labels" | "predictions">,
  experiment: ExperimentDescription,
): void {
  const decision = decisionNamed(experiment.decision);
  if (decision === undefined) return;
  const scores = predictions.map((prediction) => prediction.scores);
  decidedLabels(labels, scores, decision).forEach((label, index) => {
    const { predicted } = predictions[index]!;
    if (predicted !== label) {
      throw new Error(
        `${path}, line ${rows[index]!.line}: predicted is "${predicted}", but the decision of ` +
          `${experiment.name} (${decision.name}) makes "${label}" of the outputs; ${RUN_REMEDY}`,
      );
    }
  });
}
