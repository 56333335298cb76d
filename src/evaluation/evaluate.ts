/**
 * From the predictions of one run to the figures of the report.
 *
 * @module
 */
import { type Group, GROUPS, NA } from "../data/categories.ts";
import { CONFUSION_THRESHOLD, type DecisionRule, METRIC_THRESHOLD } from "../experiments.ts";
import { type Calibration, calibration } from "./calibration.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { knownAnswersRight, type KnownScore, knownScoreOf } from "./known_score.ts";
import { auprIn, auprOut, auroc, fprAt95Tpr, type OscrCurve, oscrCurve } from "./open_set.ts";
import { answers, knownLabels, type Prediction, type PredictionTable } from "./predictions.ts";

/** The ways of deciding that every experiment is compared under. */
export const DECISION_NAMES = ["argmax", "threshold 0.4", "threshold 0.5"] as const;

/** One of {@linkcode DECISION_NAMES}. */
export type DecisionName = typeof DECISION_NAMES[number];

/**
 * The rule behind each name. A picture is rejected at a threshold if the highest of all its scores
 * is below it or belongs to `na`; by argmax, if the highest score belongs to `na`.
 */
export const DECISION_RULES: Readonly<Record<DecisionName, DecisionRule>> = {
  "argmax": { kind: "argmax" },
  "threshold 0.4": { kind: "threshold", threshold: METRIC_THRESHOLD },
  "threshold 0.5": { kind: "threshold", threshold: CONFUSION_THRESHOLD },
};

/** A group of pictures that should be rejected. */
export type RejectedGroup = Exclude<Group, "known">;

/** Numbers of pictures that are answered rightly. */
export interface RightCounts {
  /** Known pictures that got their own category. */
  readonly knownRight: number;
  /** Unknown pictures that got `na`. */
  readonly unknownRejected: number;
  /** Unseen pictures that got `na`. */
  readonly unseenRejected: number;
  /** The sum of the three. */
  readonly totalRight: number;
}

/** The fields of {@linkcode RightCounts}, in the order every table shows them. */
export const RIGHT_COUNTS = [
  "knownRight",
  "unknownRejected",
  "unseenRejected",
  "totalRight",
] as const;

/** The number of pictures that each of the right answers is counted among. */
export function imagesByRightCount(
  { known, unknown, unseen }: Readonly<Record<Group, number>>,
): Record<keyof RightCounts, number> {
  return {
    knownRight: known,
    unknownRejected: unknown,
    unseenRejected: unseen,
    totalRight: known + unknown + unseen,
  };
}

/** Numbers of pictures by right answer and given answer. */
export interface ConfusionCounts {
  /** The given answers (columns): the known categories in network order, then `na`. */
  readonly columns: readonly string[];
  /** One row per known category, in the order of the columns. */
  readonly known: readonly (readonly number[])[];
  /** One row for all unknown pictures together. */
  readonly unknown: readonly number[];
  /** One row for all unseen pictures together. */
  readonly unseen: readonly number[];
}

/** Figures over all thresholds on a {@linkcode KnownScore}, for known pictures against one group. */
export interface OpenSetFigures {
  readonly auroc: number;
  readonly auprIn: number;
  readonly auprOut: number;
  readonly fprAt95Tpr: number;
  readonly oscrArea: number;
}

/** How one category fares. */
export interface CategoryFigures {
  readonly category: string;
  readonly group: Group;
  /** Number of test pictures. */
  readonly images: number;
  /** Pictures answered rightly, by decision: with the category if it is known, else with `na`. */
  readonly right: Readonly<Record<DecisionName, number>>;
}

/** Right answers at one threshold. */
export interface SweepPoint extends RightCounts {
  readonly threshold: number;
}

/** Whether known pictures are as often right as their highest score says. */
export interface CalibrationFigures {
  /** Of the known labels alone: the highest known score against the rightness of its label. */
  readonly knownLabels: Calibration;
  /**
   * Of all outputs: the highest of all scores, where a known picture that is called `na` is wrong.
   * `null` if the network has no such output.
   */
  readonly allLabels: Calibration | null;
}

/** All figures of one run. Counts are numbers of test pictures. */
export interface RunFigures {
  /** Number of test pictures per group. */
  readonly images: Readonly<Record<Group, number>>;
  readonly decisions: Readonly<Record<DecisionName, RightCounts>>;
  readonly confusion: Readonly<Record<DecisionName, ConfusionCounts>>;
  /**
   * By the highest known score. `null` for a group without pictures, or if there are no known ones.
   */
  readonly openSet: Readonly<Record<RejectedGroup, OpenSetFigures | null>>;
  /** The same by the margin over `na`; `null` if the network has no such output. */
  readonly openSetWithNa: Readonly<Record<RejectedGroup, OpenSetFigures | null>> | null;
  /** How far scores are probabilities; `null` if there are no known pictures. */
  readonly calibration: CalibrationFigures | null;
  /** Known categories first, then unknown and unseen; sorted within a group. */
  readonly categories: readonly CategoryFigures[];
  readonly thresholdSweep: readonly SweepPoint[];
}

/**
 * The figures of one run.
 *
 * @throws {RangeError} if a score is NaN.
 */
export function evaluate(table: PredictionTable): RunFigures {
  const answersBy = byDecision((name) => answersOf(table, DECISION_RULES[name]));
  return {
    images: imagesPerGroup(table.predictions),
    decisions: byDecision((name) => countRight(table.predictions, answersBy[name])),
    confusion: byDecision((name) => countConfusions(table, answersBy[name])),
    openSet: {
      unknown: openSetFigures(table, "unknown", "highest known"),
      unseen: openSetFigures(table, "unseen", "highest known"),
    },
    openSetWithNa: table.labels.includes(NA)
      ? {
        unknown: openSetFigures(table, "unknown", "margin over na"),
        unseen: openSetFigures(table, "unseen", "margin over na"),
      }
      : null,
    calibration: calibrationFigures(table, answersBy.argmax),
    categories: categoryFigures(table.predictions, answersBy),
    thresholdSweep: SWEEP_THRESHOLDS.map((threshold) => ({
      threshold,
      ...countRight(table.predictions, answersOf(table, { kind: "threshold", threshold })),
    })),
  };
}

/**
 * The open-set classification rate curve of the known pictures against one other group, by the
 * highest known score; `null` if either has no pictures.
 */
export function oscrCurveAgainst(table: PredictionTable, group: RejectedGroup): OscrCurve | null {
  const { known, correct, others } = openSetScores(table, group, "highest known");
  return known.length > 0 && others.length > 0 ? oscrCurve(known, correct, others) : null;
}

/** From 0 to 1 in steps of one fiftieth, so that .4 and .5 are among them. */
const SWEEP_THRESHOLDS: readonly number[] = Array.from({ length: 51 }, (_, step) => step / 50);

function byDecision<T>(value: (name: DecisionName) => T): Record<DecisionName, T> {
  const entries = DECISION_NAMES.map((name) => [name, value(name)] as const);
  return Object.fromEntries(entries) as Record<DecisionName, T>;
}

function answersOf({ labels, predictions }: PredictionTable, rule: DecisionRule): string[] {
  return answers(labels, predictions.map((prediction) => prediction.scores), rule);
}

function imagesPerGroup(predictions: readonly Prediction[]): Record<Group, number> {
  const images = { known: 0, unknown: 0, unseen: 0 };
  for (const { group } of predictions) images[group]++;
  return images;
}

function countRight(
  predictions: readonly Prediction[],
  givenAnswers: readonly string[],
): RightCounts {
  const right = { known: 0, unknown: 0, unseen: 0 };
  predictions.forEach(({ group, label }, index) => {
    if (givenAnswers[index] === label) right[group]++;
  });
  return {
    knownRight: right.known,
    unknownRejected: right.unknown,
    unseenRejected: right.unseen,
    totalRight: right.known + right.unknown + right.unseen,
  };
}

function countConfusions(
  { labels, predictions }: PredictionTable,
  givenAnswers: readonly string[],
): ConfusionCounts {
  const known = knownLabels(labels);
  const columns = [...known, NA];
  const unknownRow = known.length;
  const unseenRow = known.length + 1;
  const rowOf = ({ group, label }: Prediction) =>
    group === "known" ? known.indexOf(label) : group === "unknown" ? unknownRow : unseenRow;
  const matrix = confusionMatrix(
    predictions.map(rowOf),
    givenAnswers.map((answer) => columns.indexOf(answer)),
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

interface OpenSetScores {
  readonly known: number[];
  /** Per known picture, whether the highest known score is at its category. */
  readonly correct: boolean[];
  readonly others: number[];
}

function openSetScores(
  table: PredictionTable,
  group: RejectedGroup,
  score: KnownScore,
): OpenSetScores {
  const scoreOf = knownScoreOf(table.labels, score);
  const right = knownAnswersRight(table);
  const ofGroup = <T>(wanted: Group, value: (prediction: Prediction, index: number) => T): T[] =>
    table.predictions.flatMap((prediction, index) =>
      prediction.group === wanted ? [value(prediction, index)] : []
    );
  return {
    known: ofGroup("known", scoreOf),
    correct: ofGroup("known", (_, index) => right[index]!),
    others: ofGroup(group, scoreOf),
  };
}

function openSetFigures(
  table: PredictionTable,
  group: RejectedGroup,
  score: KnownScore,
): OpenSetFigures | null {
  const { known, correct, others } = openSetScores(table, group, score);
  if (known.length === 0 || others.length === 0) return null;
  return {
    auroc: auroc(known, others),
    auprIn: auprIn(known, others),
    auprOut: auprOut(known, others),
    fprAt95Tpr: fprAt95Tpr(known, others),
    oscrArea: oscrCurve(known, correct, others).area,
  };
}

function calibrationFigures(
  table: PredictionTable,
  argmaxAnswers: readonly string[],
): CalibrationFigures | null {
  const known = table.predictions.flatMap((prediction, index) =>
    prediction.group === "known" ? [{ prediction, index }] : []
  );
  if (known.length === 0) return null;
  const right = knownAnswersRight(table);
  const scoreOf = knownScoreOf(table.labels, "highest known");
  return {
    knownLabels: calibration(
      known.map(({ prediction }) => scoreOf(prediction)),
      known.map(({ index }) => right[index]!),
    ),
    allLabels: table.labels.includes(NA)
      ? calibration(
        known.map(({ prediction }) => Math.max(...prediction.scores)),
        known.map(({ prediction, index }) => argmaxAnswers[index] === prediction.label),
      )
      : null,
  };
}

function categoryFigures(
  predictions: readonly Prediction[],
  answersBy: Readonly<Record<DecisionName, readonly string[]>>,
): CategoryFigures[] {
  return GROUPS.flatMap((group) => {
    const ofGroup = predictions.filter((prediction) => prediction.group === group);
    const categories = [...new Set(ofGroup.map((prediction) => prediction.category))].sort();
    return categories.map((category) => {
      const isOurs = (prediction: Prediction) =>
        prediction.group === group && prediction.category === category;
      return {
        category,
        group,
        images: predictions.filter(isOurs).length,
        right: byDecision((name) =>
          predictions.filter((prediction, index) =>
            isOurs(prediction) && answersBy[name][index] === prediction.label
          ).length
        ),
      };
    });
  });
}
