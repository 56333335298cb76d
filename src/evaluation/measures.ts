/**
 * From the predictions of one run to the measures of the report. Pure.
 *
 * @module
 */
import { type Group, GROUPS } from "../data/categories.ts";
import { knownLabels, NA } from "../data/labels.ts";
import { highestScore } from "../scores/highest_score.ts";
import type { Score } from "../scores/score.ts";
import { type Calibration, calibration } from "./calibration.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { argmax, decidedLabels, type Decision, threshold } from "./decisions.ts";
import {
  type OpenSetMeasures,
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

/** The groups that should be rejected, in the order every table shows them. */
export const REJECTED_GROUPS: readonly RejectedGroup[] = ["unknown", "unseen"];

/** Numbers of pictures whose label is correct. */
export interface CorrectCounts {
  /** Known pictures that got their own category. */
  readonly knownCorrect: number;
  /** Unknown pictures that got `na`. */
  readonly unknownRejected: number;
  /** Unseen pictures that got `na`. */
  readonly unseenRejected: number;
  /** The sum of the three. */
  readonly totalCorrect: number;
}

/** The fields of {@linkcode CorrectCounts}, in the order every table shows them. */
export const CORRECT_COUNTS = [
  "knownCorrect",
  "unknownRejected",
  "unseenRejected",
  "totalCorrect",
] as const;

/** The number of pictures that each of the counts is a part of. */
export function imagesByCount(
  { known, unknown, unseen }: Readonly<Record<Group, number>>,
): Record<keyof CorrectCounts, number> {
  return {
    knownCorrect: known,
    unknownRejected: unknown,
    unseenRejected: unseen,
    totalCorrect: known + unknown + unseen,
  };
}

/** Numbers of pictures by correct label and given label. */
export interface ConfusionCounts {
  /** The given labels (columns): the known categories in network order, then `na`. */
  readonly columns: readonly string[];
  /** One row per known category, in the order of the columns. */
  readonly known: readonly (readonly number[])[];
  /** One row for all unknown pictures together. */
  readonly unknown: readonly number[];
  /** One row for all unseen pictures together. */
  readonly unseen: readonly number[];
}

/** How one category fares. */
export interface CategoryMeasures {
  readonly category: string;
  readonly group: Group;
  /** Number of test pictures. */
  readonly images: number;
  /** Correct pictures by decision: with the category if it is known, else with `na`. */
  readonly correct: Readonly<Record<string, number>>;
}

/** Correct pictures at one threshold. */
export interface SweepPoint extends CorrectCounts {
  readonly threshold: number;
}

/** Whether known pictures are as often correct as their highest score says. */
export interface CalibrationMeasures {
  /** Of the known labels alone: the highest known score against the correctness of its label. */
  readonly knownLabels: Calibration;
  /**
   * Of all outputs: the highest of all scores, where a known picture that is called `na` is wrong.
   * `null` if the network has no such output.
   */
  readonly allLabels: Calibration | null;
}

/** Measures over all thresholds, by group; `null` for a group without pictures. */
export type OpenSetByGroup = Readonly<Record<RejectedGroup, OpenSetMeasures | null>>;

/** All measures of one run. Counts are numbers of test pictures. */
export interface RunMeasures {
  /** Number of test pictures per group. */
  readonly images: Readonly<Record<Group, number>>;
  /** By the name of the decision. */
  readonly decisions: Readonly<Record<string, CorrectCounts>>;
  /** By the name of the decision. */
  readonly confusion: Readonly<Record<string, ConfusionCounts>>;
  /** By the name of the score; scores that do not apply are left out. */
  readonly openSet: Readonly<Record<string, OpenSetByGroup>>;
  /** How far scores are probabilities; `null` if there are no known pictures. */
  readonly calibration: CalibrationMeasures | null;
  /** Known categories first, then unknown and unseen; sorted within a group. */
  readonly categories: readonly CategoryMeasures[];
  readonly thresholdSweep: readonly SweepPoint[];
}

/** What a run is measured by. */
export interface Yardsticks {
  readonly decisions: readonly Decision[];
  readonly scores: readonly Score[];
}

/**
 * The measures of one run, by the decisions given and its own.
 *
 * @throws {RangeError} if a score is NaN.
 */
export function measure(table: PredictionTable, { decisions, scores }: Yardsticks): RunMeasures {
  const labels = labelsByDecision(table, decisions);
  const byDecision = <T>(of: (given: readonly string[]) => T) => mapValues(labels, of);
  return {
    images: imagesPerGroup(table.predictions),
    decisions: byDecision((given) => countCorrect(table.predictions, given)),
    confusion: byDecision((given) => countConfusions(table, given)),
    openSet: Object.fromEntries(
      scores.filter((score) => score.appliesTo(table)).map((score) => [
        score.name,
        {
          unknown: openSetAgainst(table, "unknown", score),
          unseen: openSetAgainst(table, "unseen", score),
        },
      ]),
    ),
    calibration: calibrationMeasures(table),
    categories: categoryMeasures(table.predictions, labels),
    thresholdSweep: SWEEP_THRESHOLDS.map((value) => ({
      threshold: value,
      ...countCorrect(table.predictions, decidedBy(table, threshold(value))),
    })),
  };
}

/**
 * Known pictures and those of one other group, ranked by a score; `null` if either has none.
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

/** Per picture, the label by one of a run's decisions: its own, or one of the form given. */
export function decidedBy(table: PredictionTable, decision: Decision): string[] {
  return decision.name === table.decision
    // Its own need not be known here: its labels are saved.
    ? table.predictions.map(({ predicted }) => predicted)
    : decidedLabels(table.labels, table.predictions.map(({ scores }) => scores), decision);
}

/** An object of the same keys. */
export function mapValues<T, U>(
  values: Readonly<Record<string, T>>,
  of: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, of(value, key)]));
}

/** From 0 to 1 in steps of one fiftieth, so that .4 and .5 are among them. */
const SWEEP_THRESHOLDS: readonly number[] = Array.from({ length: 51 }, (_, step) => step / 50);

function labelsByDecision(
  table: PredictionTable,
  decisions: readonly Decision[],
): Record<string, string[]> {
  const labels = Object.fromEntries(
    decisions.map((decision) => [decision.name, decidedBy(table, decision)]),
  );
  return table.decision in labels
    ? labels
    : { ...labels, [table.decision]: table.predictions.map(({ predicted }) => predicted) };
}

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

function countCorrect(
  predictions: readonly Prediction[],
  given: readonly string[],
): CorrectCounts {
  const correct = { known: 0, unknown: 0, unseen: 0 };
  predictions.forEach(({ group, label }, index) => {
    if (given[index] === label) correct[group]++;
  });
  return {
    knownCorrect: correct.known,
    unknownRejected: correct.unknown,
    unseenRejected: correct.unseen,
    totalCorrect: correct.known + correct.unknown + correct.unseen,
  };
}

function countConfusions(
  { labels, predictions }: PredictionTable,
  given: readonly string[],
): ConfusionCounts {
  const known = knownLabels(labels);
  const columns = [...known, NA];
  const unknownRow = known.length;
  const unseenRow = known.length + 1;
  const rowOf = ({ group, label }: Prediction) =>
    group === "known" ? known.indexOf(label) : group === "unknown" ? unknownRow : unseenRow;
  const matrix = confusionMatrix(
    predictions.map(rowOf),
    given.map((label) => columns.indexOf(label)),
    known.length + 2,
    columns.length,
  );
  return {
    columns,
    known: matrix.slice(0, known.length),
    unknown: matrix[unknownRow]!,
    unseen: matrix[unseenRow]!,
  };
}

function openSetAgainst(
  table: PredictionTable,
  group: RejectedGroup,
  score: Score,
): OpenSetMeasures | null {
  const ranked = rankAgainst(table, group, score);
  return ranked === null ? null : openSetMeasures(ranked);
}

function calibrationMeasures(table: PredictionTable): CalibrationMeasures | null {
  const known = table.predictions.flatMap((prediction, index) =>
    prediction.group === "known" ? [{ prediction, index }] : []
  );
  if (known.length === 0) return null;
  const correct = closedSetCorrect(table);
  const scoreOf = scoreFunction(table, highestScore);
  const given = decidedBy(table, argmax);
  return {
    knownLabels: calibration(
      known.map(({ prediction }) => scoreOf(prediction)),
      known.map(({ index }) => correct[index]!),
    ),
    allLabels: table.labels.includes(NA)
      ? calibration(
        known.map(({ prediction }) => Math.max(...prediction.scores)),
        known.map(({ prediction, index }) => given[index] === prediction.label),
      )
      : null,
  };
}

function categoryMeasures(
  predictions: readonly Prediction[],
  labels: Readonly<Record<string, readonly string[]>>,
): CategoryMeasures[] {
  const places = Map.groupBy(
    predictions.map((prediction, place) => ({ ...prediction, place })),
    ({ category }) => category,
  );
  return GROUPS.flatMap((group) =>
    [...places].filter(([, [first]]) => first!.group === group)
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([category, pictures]) => ({
        category,
        group,
        images: pictures.length,
        correct: mapValues(
          labels,
          (given) => pictures.filter(({ label, place }) => given[place] === label).length,
        ),
      }))
  );
}
