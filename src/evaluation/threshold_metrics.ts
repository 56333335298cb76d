/**
 * From scores to labels, and how often the labels are right.
 *
 * Scores are rows of one number per network label. `naIndex` is the label that stands for "none of
 * these": 0 for a network with an `na` output, and {@linkcode NO_NA_OUTPUT} for one without, whose
 * unknown pictures carry that same number as their label.
 *
 * @module
 */
import type { DecisionRule } from "../experiments.ts";

/** The `naIndex` of a network without an `na` output. */
export const NO_NA_OUTPUT = -1;

/** One row per picture, one score per network label in it. */
export type ScoreRows = readonly ArrayLike<number>[];

/**
 * The label of every row: that of its highest score, the first one where several are equally high.
 * By a threshold rule, rows whose highest score is strictly below the threshold get `naIndex`.
 *
 * @throws {RangeError} if a row is empty or holds NaN; the message has the row.
 */
export function decode(scores: ScoreRows, rule: DecisionRule, naIndex: number): number[] {
  return scores.map((row, rowIndex) => {
    const label = indexOfHighest(row, rowIndex);
    const rejected = rule.kind === "threshold" && row[label]! < rule.threshold;
    return rejected ? naIndex : label;
  });
}

/**
 * The share of rows whose highest score is at their label. `undefined` if there are no rows.
 *
 * @throws {RangeError} as {@linkcode decode}, and if there is not one label per row.
 */
export function accuracy(scores: ScoreRows, labels: ArrayLike<number>): number | undefined {
  return shareRight(decode(scores, { kind: "argmax" }, NO_NA_OUTPUT), labels);
}

/**
 * The share of rows that are right when rows whose highest score is strictly below the threshold
 * count as `na`: the article's `accuracy_with_na`. `undefined` if there are no rows.
 *
 * @throws {RangeError} as {@linkcode accuracy}.
 */
export function accuracyWithNa(
  scores: ScoreRows,
  labels: ArrayLike<number>,
  threshold: number,
  naIndex: number,
): number | undefined {
  return shareRight(decode(scores, { kind: "threshold", threshold }, naIndex), labels);
}

/**
 * The {@linkcode accuracy} of the rows whose label is not `na`: the article's
 * `accuracy_without_na`. `undefined` if every label is `na` or there are no rows.
 *
 * @throws {RangeError} as {@linkcode accuracy}.
 */
export function accuracyWithoutNa(
  scores: ScoreRows,
  labels: ArrayLike<number>,
  naIndex: number,
): number | undefined {
  requireOneLabelPerRow(scores.length, labels);
  const others = scores.map((_, index) => index).filter((index) => labels[index] !== naIndex);
  return accuracy(others.map((index) => scores[index]!), others.map((index) => labels[index]!));
}

function shareRight(decoded: readonly number[], labels: ArrayLike<number>): number | undefined {
  requireOneLabelPerRow(decoded.length, labels);
  if (decoded.length === 0) return undefined;
  return decoded.filter((label, index) => label === labels[index]).length / decoded.length;
}

function requireOneLabelPerRow(rows: number, labels: ArrayLike<number>): void {
  if (labels.length !== rows) {
    throw new RangeError(`${rows} rows of scores with ${labels.length} labels; each needs one`);
  }
}

function indexOfHighest(row: ArrayLike<number>, rowIndex: number): number {
  if (row.length === 0) throw new RangeError(`row ${rowIndex} has no scores`);
  let highest = 0;
  for (let label = 0; label < row.length; label++) {
    if (Number.isNaN(row[label])) {
      throw new RangeError(`row ${rowIndex} has a score that is not a number (label ${label})`);
    }
    if (row[label]! > row[highest]!) highest = label;
  }
  return highest;
}
