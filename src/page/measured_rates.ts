/**
 * A run's rates of correct labels at any threshold, in the smallest form that allows it to move.
 * Pure.
 *
 * @module
 */
import { byGroup, type Group } from "../data/categories.ts";
import { NA, naOutputOf } from "../data/labels.ts";
import { argmax, decide } from "../evaluation/decisions.ts";
import type { PredictionTable } from "../evaluation/predictions.ts";

/** The test pictures of one group. */
export interface MeasuredGroup {
  /** Number of pictures. */
  readonly pictures: number;
  /**
   * Highest scores in ascending order, of the pictures whose count depends on the threshold: known
   * pictures whose own label has the highest score, other pictures whose highest score is at any
   * known label.
   */
  readonly scores: readonly number[];
}

/** The test pictures of a run. */
export type MeasuredRun = Readonly<Record<Group, MeasuredGroup>>;

/** The number of a group's test pictures labelled correctly at a threshold. */
export interface MeasuredCount {
  readonly group: Group;
  /** Number of known pictures with their own label, or of rejected pictures of the other groups. */
  readonly correct: number;
  readonly pictures: number;
}

/** The parts of a run's predictions that thresholds depend on. */
export function measuredRun({ labels, predictions }: PredictionTable): MeasuredRun {
  const highest = decide(predictions.map(({ scores }) => scores), argmax, naOutputOf(labels));
  return byGroup((group) => {
    const scores: number[] = [];
    let pictures = 0;
    predictions.forEach((prediction, index) => {
      if (prediction.group !== group) return;
      pictures++;
      const output = highest[index]!;
      const label = labels[output]!;
      const counts = group === "known" ? label === prediction.label : label !== NA;
      if (counts) scores.push(prediction.scores[output]!);
    });
    return { pictures, scores: scores.sort((a, b) => a - b) };
  });
}

/**
 * The counts of a run at a threshold: the same as by the decision `threshold(value)`, or by argmax
 * if it is 0. Groups without pictures are left out.
 */
export function countsAt(measured: MeasuredRun, threshold: number): MeasuredCount[] {
  return (Object.entries(measured) as [Group, MeasuredGroup][])
    .filter(([, { pictures }]) => pictures > 0)
    .map(([group, { pictures, scores }]) => {
      const accepted = scores.filter((score) => score >= threshold).length;
      return { group, pictures, correct: group === "known" ? accepted : pictures - accepted };
    });
}
