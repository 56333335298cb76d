/**
 * `predictions.csv`: every test picture with its logits. All measures of the report are computed
 * from this file, so anyone can recompute them.
 *
 * @module
 */
import { type Group, GROUPS, type LabelledImage } from "../data/categories.ts";
import { correctLabel, NA } from "../data/labels.ts";
import { decidedLabels, type Decision, decisionNamed } from "../evaluation/decisions.ts";
import type { Prediction, PredictionTable } from "../evaluation/predictions.ts";
import { type ExperimentDescription, hasNaOutput } from "../experiments.ts";
import { type CsvRow, csvText, readCsv } from "../files/csv_table.ts";
import { activated } from "../losses/activation.ts";
import { damagedLine, RUN_REMEDY } from "./run_remedy.ts";

/** The file's name inside a run's folder. */
export const PREDICTIONS_FILE = "predictions.csv";

const PICTURE_COLUMNS = ["path", "category", "group", "label", "predicted"] as const;

/** The prefix of a label in the title of its column of logits. */
const LOGIT = "logit:";

/** Enough digits to distinguish any two 32-bit floats. */
const SIGNIFICANT_DIGITS = 9;

/**
 * The content of `predictions.csv`: `path,category,group,label,predicted,logit:<label>,...`. The
 * experiment's decision computes `predicted` from the logits as written, so both always agree.
 *
 * @param path for messages
 * @param outputs labels of the network's outputs, images, and a row of logits per image
 * @throws {Error} if there are no pictures, not one row of logits per picture and one logit per
 *   label, or a logit that is not finite.
 */
export function predictionsText(
  path: string,
  { activation }: Pick<ExperimentDescription, "activation">,
  decision: Decision,
  outputs: {
    readonly labels: readonly string[];
    readonly images: readonly LabelledImage[];
    readonly logits: readonly ArrayLike<number>[];
  },
): string {
  const { labels, images, logits } = outputs;
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
  return csvText([...PICTURE_COLUMNS, ...labels.map((label) => LOGIT + label)], rows);
}

/**
 * Reads `predictions.csv` back and checks it.
 *
 * @throws {Error} that names file, line, column and value if the file is missing or damaged: wrong
 *   columns, an unknown group, a label that contradicts group and category, a logit that is not
 *   finite, a repeated picture, or a predicted label that contradicts the experiment's decision.
 */
export async function readPredictions(
  path: string,
  experiment: ExperimentDescription,
): Promise<PredictionTable> {
  const { columns, rows } = await readCsv(path, RUN_REMEDY);
  const labels = labelsIn(path, columns, experiment);
  if (rows.length === 0) throw new Error(`${path}: it has no pictures; ${RUN_REMEDY}`);
  const lineOf = new Map<string, number>();
  const predictions = rows.map((row) => {
    const prediction = readPrediction(path, row, labels, experiment);
    const earlier = lineOf.get(prediction.path);
    if (earlier !== undefined) {
      throw damagedLine(path, row.line, `${prediction.path} is already on line ${earlier}`);
    }
    lineOf.set(prediction.path, row.line);
    return prediction;
  });
  const { activation, naTarget, decision } = experiment;
  // A user's own decision cannot be repeated here; its labels are trusted.
  const repeated = decisionNamed(decision);
  if (repeated !== undefined) {
    const decided = decidedLabels(labels, predictions.map(({ scores }) => scores), repeated);
    const stray = predictions.findIndex(({ predicted }, index) => predicted !== decided[index]);
    if (stray >= 0) {
      throw damagedLine(
        path,
        rows[stray]!.line,
        `predicted is "${predictions[stray]!.predicted}", but the decision of ` +
          `${experiment.name} (${decision}) gives "${decided[stray]}" for these outputs`,
      );
    }
  }
  return { labels, activation, naTarget, decision, predictions };
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

/** The labels of the network's outputs, from the titles of their columns. */
function labelsIn(
  path: string,
  columns: readonly string[],
  experiment: ExperimentDescription,
): string[] {
  const stray = PICTURE_COLUMNS.findIndex((name, index) => columns[index] !== name);
  if (stray >= 0) {
    const found = columns[stray] ?? "nothing";
    const fault = `column ${stray + 1} is "${found}", not "${PICTURE_COLUMNS[stray]}"`;
    throw damagedLine(path, 1, fault);
  }
  const titles = columns.slice(PICTURE_COLUMNS.length);
  const other = titles.find((title) => !title.startsWith(LOGIT));
  if (other !== undefined) {
    throw damagedLine(path, 1, `a column is "${other}", not "${LOGIT}" and a label`);
  }
  const labels = titles.map((title) => title.slice(LOGIT.length));
  const withNa = hasNaOutput(experiment);
  const fits = labels.length > 0 && (labels[0] === NA) === withNa &&
    new Set(labels).size === labels.length;
  if (!fits) {
    const found = labels.join(", ") || "missing";
    const expected = `${withNa ? `"${NA}" and then ` : ""}the known categories, each once`;
    const fault = `the columns of the outputs are ${found}; those of ${experiment.name} are `;
    throw damagedLine(path, 1, fault + expected);
  }
  return labels;
}

function readPrediction(
  path: string,
  row: CsvRow,
  labels: readonly string[],
  { activation }: ExperimentDescription,
): Prediction {
  type Cells = [string, string, Group, string, string, ...string[]];
  const [picture, category, group, label, predicted, ...cells] = row.cells as Cells;
  const damaged = (column: string, value: string, expected: string) =>
    damagedLine(path, row.line, `${column} is "${value}", not ${expected}`);
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
  const logits = cells.map((cell, index) => {
    const value = cell.trim() === "" ? NaN : Number(cell);
    if (!Number.isFinite(value)) {
      throw damaged(`the logit of ${labels[index]}`, cell, "a finite number");
    }
    return value;
  });
  return { ...image, label, predicted, logits, scores: activated(logits, activation) };
}
