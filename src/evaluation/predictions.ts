/**
 * What one trained network says about every test picture.
 *
 * @module
 */
import { type LabelledImage, NA } from "../data/categories.ts";
import type { DecisionRule } from "../experiments.ts";
import { decode, NO_NA_OUTPUT } from "./threshold_metrics.ts";

/** One test picture with what the network made of it. */
export interface Prediction extends LabelledImage {
  /** The right answer: the category of a known picture, {@linkcode NA} for any other. */
  readonly label: string;
  /** The answer by the experiment's decision rule: a network label or {@linkcode NA}. */
  readonly predicted: string;
  /** One score in [0, 1] per network label. */
  readonly scores: readonly number[];
}

/** The predictions of one run. */
export interface PredictionTable {
  /** The labels of the network's outputs, in order. */
  readonly labels: readonly string[];
  /** One entry per test picture. */
  readonly predictions: readonly Prediction[];
}

/** The right answer for a picture: its category if it is known, else {@linkcode NA}. */
export function labelOf(image: LabelledImage): string {
  return image.group === "known" ? image.category : NA;
}

/** The labels without {@linkcode NA}: the known categories in network order. */
export function knownLabels(labels: readonly string[]): string[] {
  return labels.filter((label) => label !== NA);
}

/**
 * The answer for every row of scores by a decision rule, as a network label or {@linkcode NA}.
 *
 * @throws {RangeError} if a row is empty or holds NaN.
 */
export function answers(
  labels: readonly string[],
  scores: readonly ArrayLike<number>[],
  rule: DecisionRule,
): string[] {
  const naIndex = labels.includes(NA) ? labels.indexOf(NA) : NO_NA_OUTPUT;
  return decode(scores, rule, naIndex).map((label) => labels[label] ?? NA);
}
