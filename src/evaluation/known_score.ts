/**
 * How sure a network is that a picture is of a known category: one figure per picture, which a
 * threshold then judges.
 *
 * @module
 */
import { NA } from "../data/categories.ts";
import type { Experiment } from "../experiments.ts";
import { knownLabels, type Prediction, type PredictionTable } from "./predictions.ts";
import { decode, NO_NA_OUTPUT } from "./threshold_metrics.ts";

/**
 * The figure to judge by.
 *
 * - `highest known`: the highest score of a known label, softmax or sigmoid as the network was
 *   trained. What the `na` output says does not count.
 * - `margin over na`: that score minus the score of `na`; from 0 on, a known label scores at least
 *   as high as `na`, so that argmax is one of its thresholds.
 */
export type KnownScore = "highest known" | "margin over na";

/** Whether a network learns to answer `na` with an output of its own. */
export function learnsNaOutput({ naClass, loss }: Pick<Experiment, "naClass" | "loss">): boolean {
  return naClass && loss.naTarget === "output";
}

/**
 * A function that scores the pictures of a table.
 *
 * @throws {RangeError} if there is no known label, or no `na` to have a margin over.
 */
export function knownScoreOf(
  labels: readonly string[],
  score: KnownScore,
): (prediction: Prediction) => number {
  const columns = knownColumns(labels);
  if (columns.length === 0) throw new RangeError(`no known label among ${labels.join(", ")}`);
  const highest = ({ scores }: Prediction) => Math.max(...columns.map((column) => scores[column]!));
  if (score === "highest known") return highest;
  const naColumn = labels.indexOf(NA);
  if (naColumn < 0) throw new RangeError(`no label ${NA} among ${labels.join(", ")}`);
  return (prediction) => highest(prediction) - prediction.scores[naColumn]!;
}

/** Per picture of a table, whether its highest known score is at its own category. */
export function knownAnswersRight({ labels, predictions }: PredictionTable): boolean[] {
  const known = knownLabels(labels);
  const columns = knownColumns(labels);
  const rows = predictions.map(({ scores }) => columns.map((column) => scores[column]!));
  return decode(rows, { kind: "argmax" }, NO_NA_OUTPUT)
    .map((label, index) => known[label] === predictions[index]!.label);
}

function knownColumns(labels: readonly string[]): number[] {
  return knownLabels(labels).map((label) => labels.indexOf(label));
}
