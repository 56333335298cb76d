/**
 * The measures of a report, from the predictions of one run. Pure.
 *
 * @module
 */
import { type Group, GROUPS } from "../data/categories.ts";
import { knownLabels, NA } from "../data/labels.ts";
import { highestScore } from "../scores/highest_score.ts";
import type { Score } from "../scores/score.ts";
import { calibration } from "./calibration.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { argmax, decidedLabels, type Decision, threshold } from "./decisions.ts";
import {
  openSetMeasures,
  type OscrCurve,
  oscrCurve,
  type RankedPictures,
  rankPictures,
} from "./open_set.ts";
import {
  closedSetCorrect,
  imagesPerGroup,
  type Prediction,
  type PredictionTable,
} from "./predictions.ts";

/** A group of pictures that should be rejected. */
export type RejectedGroup = Exclude<Group, "known">;

/** The groups that should be rejected, in the order of every table. */
export const REJECTED_GROUPS: readonly RejectedGroup[] = ["unknown", "unseen"];

/**
 * The counts of correct labels, in the order of every table: known pictures with their own
 * category, unknown and unseen ones with `na`, and the sum of the three.
 */
export const CORRECT_COUNTS = [
  "knownCorrect",
  "unknownRejected",
  "unseenRejected",
  "totalCorrect",
] as const;

/** Numbers of pictures, see {@linkcode CORRECT_COUNTS}. */
export type CorrectCounts = Readonly<Record<typeof CORRECT_COUNTS[number], number>>;

/** The total number of pictures for each count, from the numbers by group. */
export function imagesByCount(
  { known, unknown, unseen }: Readonly<Record<Group, number>>,
): CorrectCounts {
  return {
    knownCorrect: known,
    unknownRejected: unknown,
    unseenRejected: unseen,
    totalCorrect: known + unknown + unseen,
  };
}

/** All measures of one run, see {@linkcode measure}. */
export type RunMeasures = ReturnType<typeof measure>;

/** The decisions and scores by which a run is measured. */
export interface Yardsticks {
  readonly decisions: readonly Decision[];
  readonly scores: readonly Score[];
  /** The known categories with rows and columns in confusion matrices; all by default. */
  readonly inConfusions?: readonly string[];
}

/** The most known categories in a readable confusion matrix. */
export const MOST_IN_CONFUSIONS = 30;

/**
 * The column for all known categories without a column of their own; no category's folder can have
 * this name.
 */
export const OTHER_CATEGORIES = "/other categories";

/**
 * The known categories to show in confusion matrices, in network order: all of them or, if a matrix
 * of all is unreadable, the ones with the most wrong pictures by argmax, counting both pictures of
 * the category and pictures labelled as it.
 */
export function mostConfused(tables: readonly PredictionTable[]): string[] {
  const known = knownLabels(tables[0]!.labels);
  if (known.length <= MOST_IN_CONFUSIONS) return known;
  const wrong = new Map(known.map((category) => [category, 0]));
  for (const table of tables) {
    decidedBy(table, argmax).forEach((given, index) => {
      const { label } = table.predictions[index]!;
      if (given === label) return;
      for (const category of [given, label]) {
        const count = wrong.get(category);
        if (count !== undefined) wrong.set(category, count + 1);
      }
    });
  }
  const shown = known.toSorted((a, b) => wrong.get(b)! - wrong.get(a)!).slice(
    0,
    MOST_IN_CONFUSIONS,
  );
  return known.filter((category) => shown.includes(category));
}

/**
 * The measures of one run, by the given decisions and its own; the schema of `results.json` defines
 * each of them. Counts are numbers of test pictures.
 *
 * @throws {RangeError} if a score is NaN.
 */
export function measure(table: PredictionTable, { decisions, scores, inConfusions }: Yardsticks) {
  const { predictions } = table;
  const shown = inConfusions ?? knownLabels(table.labels);
  const labels: Record<string, string[]> = {
    ...Object.fromEntries(decisions.map((decision) => [decision.name, decidedBy(table, decision)])),
    [table.decision]: predictions.map(({ predicted }) => predicted),
  };
  const applying = scores.filter((score) => isScoredBy(table, score));
  return {
    images: imagesPerGroup(predictions),
    decisions: mapValues(labels, (given) => countCorrect(predictions, given)),
    confusion: mapValues(labels, (given) => countConfusions(table, given, shown)),
    openSet: Object.fromEntries(applying.map((score) => [
      score.name,
      recordOf(REJECTED_GROUPS, (group) => {
        const ranked = rankAgainst(table, group, score);
        return ranked === null ? null : openSetMeasures(ranked);
      }),
    ])),
    calibration: calibrationMeasures(table),
    categories: categoryMeasures(predictions, labels),
    thresholdSweep: SWEEP_THRESHOLDS.map((value) => ({
      threshold: value,
      ...countCorrect(predictions, decidedBy(table, threshold(value))),
    })),
  };
}

/**
 * Whether a run's pictures have this score: it applies to the network and, if it is fitted to
 * training pictures, was saved with the run.
 */
export function isScoredBy(table: PredictionTable, score: Score): boolean {
  return score.appliesTo(table) && (score.of !== undefined ||
    table.predictions.some(({ fittedScores }) => fittedScores?.[score.name] !== undefined));
}

/**
 * The known pictures and one other group's, ranked by a score; `null` if either has none.
 *
 * @throws {RangeError} if a score is not finite
 */
export function rankAgainst(
  table: PredictionTable,
  group: RejectedGroup,
  score: Score,
): RankedPictures | null {
  const correct = closedSetCorrect(table);
  const scoreOf = scoreFunction(table, score);
  const pictures = table.predictions.flatMap((prediction, place) =>
    prediction.group === "known" || prediction.group === group
      ? [{
        place,
        score: scoreOf(prediction),
        known: prediction.group === "known",
        correct: correct[place]!,
      }]
      : []
  );
  const known = pictures.filter((picture) => picture.known).length;
  return known === 0 || known === pictures.length ? null : rankPictures(pictures);
}

/**
 * The open-set classification rate curve of the known pictures against one other group, by the
 * highest known score; `null` if either has no pictures.
 */
export function oscrCurveAgainst(table: PredictionTable, group: RejectedGroup): OscrCurve | null {
  const ranked = rankAgainst(table, group, highestScore);
  return ranked === null ? null : oscrCurve(ranked);
}

/** Per picture, the label by a decision: the run's own, or a given one. */
export function decidedBy(table: PredictionTable, decision: Decision): string[] {
  return decision.name === table.decision
    // The run's own decision need not be available here: its labels are saved.
    ? table.predictions.map(({ predicted }) => predicted)
    : decidedLabels(table.labels, table.predictions.map(({ scores }) => scores), decision);
}

/** An object with a value for each key. */
export function recordOf<K extends string, T>(
  keys: readonly K[],
  of: (key: K) => T,
): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, T>;
}

/** An object with the same keys and new values. */
export function mapValues<K extends string, T, U>(
  values: Readonly<Record<K, T>>,
  of: (value: T, key: K) => U,
): Record<K, U> {
  return recordOf(Object.keys(values) as K[], (key) => of(values[key], key));
}

/** Thresholds from 0 to 1 in steps of .02, which include .4 and .5. */
const SWEEP_THRESHOLDS: readonly number[] = Array.from({ length: 51 }, (_, step) => step / 50);

function scoreFunction(table: PredictionTable, score: Score): (picture: Prediction) => number {
  if (score.of !== undefined) return score.of(table);
  return ({ path, fittedScores }) => {
    const value = fittedScores?.[score.name];
    if (value === undefined) {
      throw new RangeError(`${path} has no score "${score.name}", which is fitted in training`);
    }
    return value;
  };
}

function countCorrect(predictions: readonly Prediction[], given: readonly string[]): CorrectCounts {
  return imagesByCount(
    imagesPerGroup(predictions.filter(({ label }, index) => given[index] === label)),
  );
}

/**
 * A confusion matrix: one row per shown category in the order of the columns, one for all unknown,
 * one for all unseen.
 */
function countConfusions(
  { labels, predictions }: PredictionTable,
  given: readonly string[],
  shown: readonly string[],
) {
  const isWhole = shown.length === knownLabels(labels).length;
  const columns = [...shown, ...(isWhole ? [] : [OTHER_CATEGORIES]), NA];
  const places = new Map(columns.map((column, place) => [column, place]));
  const pictures = predictions.map(({ group, label }, index) => ({
    row: group === "known" ? shown.indexOf(label) : shown.length + REJECTED_GROUPS.indexOf(group),
    column: places.get(given[index]!) ?? shown.length,
  })).filter(({ row }) => row >= 0);
  const matrix = confusionMatrix(
    pictures.map(({ row }) => row),
    pictures.map(({ column }) => column),
    shown.length + REJECTED_GROUPS.length,
    columns.length,
  );
  const [unknown, unseen] = matrix.slice(shown.length);
  return { columns, known: matrix.slice(0, shown.length), unknown: unknown!, unseen: unseen! };
}

function calibrationMeasures(table: PredictionTable) {
  const predictions = table.predictions.filter(({ group }) => group === "known");
  if (predictions.length === 0) return null;
  const known = { ...table, predictions };
  const given = decidedBy(known, argmax);
  return {
    knownLabels: calibration(
      predictions.map(scoreFunction(known, highestScore)),
      closedSetCorrect(known),
    ),
    allLabels: table.labels.includes(NA)
      ? calibration(
        predictions.map(({ scores }) => Math.max(...scores)),
        predictions.map(({ label }, index) => given[index] === label),
      )
      : null,
  };
}

/**
 * The measures of each category: known ones first, then unknown and unseen; sorted within a group.
 */
function categoryMeasures(
  predictions: readonly Prediction[],
  labels: Readonly<Record<string, readonly string[]>>,
) {
  const placed = predictions.map((prediction, place) => ({ ...prediction, place }));
  return [...Map.groupBy(placed, ({ category }) => category)]
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([category, pictures]) => ({
      category,
      group: pictures[0]!.group,
      images: pictures.length,
      correct: mapValues(
        labels,
        (given) => pictures.filter(({ label, place }) => given[place] === label).length,
      ),
    }))
    .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}
