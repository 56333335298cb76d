/**
 * Accuracies: shares of correct labels, as decided from scores. Pure.
 *
 * Labels are outputs of the network. `naOutput` is the label of pictures outside the known
 * categories: the output of `na`, or -1 for a network without one.
 *
 * @module
 */
import { NO_OUTPUT } from "../data/labels.ts";
import { argmax, decide, type ScoreRows, threshold } from "./decisions.ts";

/** The threshold of the metric `accuracy_with_na`. */
export const ACCURACY_THRESHOLD = 0.4;

/**
 * The share of rows whose highest score is at their label. `undefined` if there are no rows.
 *
 * @throws {RangeError} as {@linkcode decide}, or if there is not one label per row.
 */
export function accuracy(scores: ScoreRows, labels: ArrayLike<number>): number | undefined {
  return shareCorrect(decide(scores, argmax, NO_OUTPUT), labels);
}

/**
 * The share of rows that are correct when rows whose highest score is strictly below the threshold
 * count as `na`. `undefined` if there are no rows.
 *
 * @throws {RangeError} as {@linkcode accuracy}.
 */
export function accuracyWithNa(
  scores: ScoreRows,
  labels: ArrayLike<number>,
  naThreshold: number,
  naOutput: number,
): number | undefined {
  return shareCorrect(decide(scores, threshold(naThreshold), naOutput), labels);
}

/**
 * The {@linkcode accuracy} of the rows whose label is not `na`. `undefined` if every label is `na`
 * or there are no rows.
 *
 * @throws {RangeError} as {@linkcode accuracy}.
 */
export function accuracyWithoutNa(
  scores: ScoreRows,
  labels: ArrayLike<number>,
  naOutput: number,
): number | undefined {
  requireOneLabelPerRow(scores.length, labels);
  const others = scores.map((_, index) => index).filter((index) => labels[index] !== naOutput);
  return accuracy(others.map((index) => scores[index]!), others.map((index) => labels[index]!));
}

function shareCorrect(decided: readonly number[], labels: ArrayLike<number>): number | undefined {
  requireOneLabelPerRow(decided.length, labels);
  if (decided.length === 0) return undefined;
  return decided.filter((label, index) => label === labels[index]).length / decided.length;
}

function requireOneLabelPerRow(rows: number, labels: ArrayLike<number>): void {
  if (labels.length !== rows) {
    throw new RangeError(`${rows} rows of scores with ${labels.length} labels; each needs one`);
  }
}
