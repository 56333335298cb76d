/**
 * The predictions of one trained network for every test picture. Pure.
 *
 * @module
 */
import type { Group, LabelledImage } from "../data/categories.ts";
import { knownLabels, NO_OUTPUT } from "../data/labels.ts";
import type { ScoredNetwork } from "../scores/score.ts";
import { argmax, decide } from "./decisions.ts";

/** One test picture with the network's outputs for it. */
export interface Prediction extends LabelledImage {
  /** The correct label: the category of a known picture, `na` for any other. */
  readonly label: string;
  /** The label by the experiment's own decision: a network label or `na`. */
  readonly predicted: string;
  /** One per network label. */
  readonly logits: readonly number[];
  /** The logits as scores in [0, 1], by the network's activation. */
  readonly scores: readonly number[];
  /** The picture's scores that were fitted to training pictures, by the scores' names. */
  readonly fittedScores?: Readonly<Record<string, number>>;
}

/** The predictions of one run. */
export interface PredictionTable extends ScoredNetwork {
  /** The name of the decision behind `predicted`. */
  readonly decision: string;
  /** One entry per test picture. */
  readonly predictions: readonly Prediction[];
}

/** Per picture of a table, whether its highest known score is that of its own category. */
export function closedSetCorrect({ labels, predictions }: PredictionTable): boolean[] {
  const known = knownLabels(labels);
  const columns = known.map((label) => labels.indexOf(label));
  const rows = predictions.map(({ scores }) => columns.map((column) => scores[column]!));
  return decide(rows, argmax, NO_OUTPUT)
    .map((label, index) => known[label] === predictions[index]!.label);
}

/** Number of pictures per group. */
export function imagesPerGroup(
  predictions: readonly Pick<LabelledImage, "group">[],
): Record<Group, number> {
  const images = { known: 0, unknown: 0, unseen: 0 };
  for (const { group } of predictions) images[group]++;
  return images;
}
