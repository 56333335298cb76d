/**
 * `predictions.csv`: every test picture with its scores. All figures of the report are computed
 * from this file, so that anyone can compute them again.
 *
 * @module
 */
import { type Group, GROUPS, type LabelledImage, NA } from "../data/categories.ts";
import {
  answers,
  labelOf,
  type Prediction,
  type PredictionTable,
} from "../evaluation/predictions.ts";
import type { Experiment } from "../experiments.ts";
import { type CsvRow, readCsv, writeCsv } from "../files/csv_table.ts";
import { WAY_OUT } from "./run_config.ts";

/** The file's name inside a run's folder. */
export const PREDICTIONS_FILE = "predictions.csv";

const PICTURE_COLUMNS = ["path", "category", "group", "label", "predicted"] as const;
const SIGNIFICANT_DIGITS = 6;

/** What {@linkcode writePredictions} writes down. */
export interface ScoredImages {
  /** The labels of the network's outputs, in order. */
  readonly labels: readonly string[];
  readonly images: readonly LabelledImage[];
  /** One row per image, one score in [0, 1] per label. */
  readonly scores: readonly ArrayLike<number>[];
}

/**
 * Writes `predictions.csv`: `path,category,group,label,predicted,<score per network label>`. Scores
 * are rounded to six significant digits before the experiment's rule decides on `predicted`, so
 * that the file says the same as its scores. The file appears whole or not at all.
 *
 * @throws {Error} if there are no pictures, not one row of scores per picture and one score per
 *   label, or a score outside [0, 1].
 */
export async function writePredictions(
  path: string,
  experiment: Experiment,
  { labels, images, scores }: ScoredImages,
): Promise<void> {
  if (images.length === 0) throw new Error(`${path}: there are no test pictures to write`);
  if (scores.length !== images.length) {
    throw new Error(`${path}: ${scores.length} rows of scores for ${images.length} pictures`);
  }
  const rounded = scores.map((row, index) =>
    roundedScores(row, labels, `${path}: ${images[index]!.path}`)
  );
  const predicted = answers(labels, rounded, experiment.decision);
  const rows = images.map((image, index) => [
    image.path,
    image.category,
    image.group,
    labelOf(image),
    predicted[index]!,
    ...rounded[index]!.map(String),
  ]);
  await writeCsv(path, [...PICTURE_COLUMNS, ...labels], rows);
}

/**
 * Reads `predictions.csv` back and checks it.
 *
 * @throws {Error} that names file, line, column and value if the file is missing or damaged: wrong
 *   columns, an unknown group, a label that does not follow from group and category, a score
 *   outside [0, 1], a picture twice, or an answer that the experiment's rule does not give.
 */
export async function readPredictions(
  path: string,
  experiment: Experiment,
): Promise<PredictionTable> {
  const { columns, rows } = await readCsv(path, WAY_OUT);
  const labels = labelsFromHeader(path, columns, experiment);
  if (rows.length === 0) throw new Error(`${path}: there are no pictures in it; ${WAY_OUT}`);
  const predictions = rows.map((row) => readPrediction(path, row, labels));
  requireDistinctPaths(path, rows);
  requireOwnAnswers(path, rows, { labels, predictions }, experiment);
  return { labels, predictions };
}

function roundedScores(
  row: ArrayLike<number>,
  labels: readonly string[],
  picture: string,
): number[] {
  if (row.length !== labels.length) {
    throw new Error(`${picture}: ${row.length} scores for the labels ${labels.join(", ")}`);
  }
  return Array.from(row, (score, index) => {
    if (!isScore(score)) {
      throw new Error(`${picture}: the score for ${labels[index]} is ${score}, not within 0 to 1`);
    }
    return Number(score.toPrecision(SIGNIFICANT_DIGITS));
  });
}

function isScore(value: number): boolean {
  return value >= 0 && value <= 1;
}

function labelsFromHeader(
  path: string,
  columns: readonly string[],
  experiment: Experiment,
): string[] {
  PICTURE_COLUMNS.forEach((name, index) => {
    if (columns[index] !== name) {
      const found = columns[index] ?? "nothing";
      const fault = `column ${index + 1} is "${found}", not "${name}"`;
      throw new Error(`${path}, line 1: ${fault}; ${WAY_OUT}`);
    }
  });
  const labels = columns.slice(PICTURE_COLUMNS.length);
  const hasNa = labels[0] === NA;
  const fits = labels.length > 0 && hasNa === experiment.naClass &&
    new Set(labels).size === labels.length;
  if (!fits) {
    const expected = experiment.naClass ? `"${NA}" and then the` : "the";
    const found = labels.join(", ") || "nothing";
    throw new Error(
      `${path}, line 1: the score columns are ${found}; ` +
        `those of ${experiment.name} are ${expected} known categories, each once; ${WAY_OUT}`,
    );
  }
  return labels;
}

function readPrediction(path: string, row: CsvRow, labels: readonly string[]): Prediction {
  const [picture, category, group, label, predicted, ...scores] = row.cells as [
    string,
    string,
    Group,
    string,
    string,
    ...string[],
  ];
  const damaged = (column: string, value: string, expected: string) =>
    new Error(`${path}, line ${row.line}: ${column} is "${value}", not ${expected}; ${WAY_OUT}`);
  if (picture === "") throw damaged("path", picture, "the path of a picture");
  if (!GROUPS.includes(group)) throw damaged("group", group, `one of ${GROUPS.join(", ")}`);
  if (group === "known" && (category === NA || !labels.includes(category))) {
    throw damaged("category", category, "one of the score columns, as a known picture's must be");
  }
  const image: LabelledImage = { path: picture, category, group };
  if (label !== labelOf(image)) throw damaged("label", label, `"${labelOf(image)}"`);
  const numbers = scores.map((cell, index) => {
    const score = cell.trim() === "" ? NaN : Number(cell);
    if (!isScore(score)) throw damaged(`the score of ${labels[index]}`, cell, "within 0 to 1");
    return score;
  });
  return { ...image, label, predicted, scores: numbers };
}

function requireDistinctPaths(path: string, rows: readonly CsvRow[]): void {
  const lineOf = new Map<string, number>();
  for (const { line, cells } of rows) {
    const picture = cells[0]!;
    const earlier = lineOf.get(picture);
    if (earlier !== undefined) {
      throw new Error(
        `${path}, line ${line}: ${picture} is already on line ${earlier}; ${WAY_OUT}`,
      );
    }
    lineOf.set(picture, line);
  }
}

function requireOwnAnswers(
  path: string,
  rows: readonly CsvRow[],
  { labels, predictions }: PredictionTable,
  experiment: Experiment,
): void {
  const scores = predictions.map((prediction) => prediction.scores);
  answers(labels, scores, experiment.decision).forEach((answer, index) => {
    const { predicted } = predictions[index]!;
    if (predicted !== answer) {
      throw new Error(
        `${path}, line ${rows[index]!.line}: predicted is "${predicted}", but the rule of ` +
          `${experiment.name} makes "${answer}" of the scores; ${WAY_OUT}`,
      );
    }
  });
}
