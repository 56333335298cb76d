/**
 * What a threshold meant on the test pictures of a run, in as little room as moving it needs. Pure.
 *
 * @module
 */
import { byGroup, type Group } from "../data/categories.ts";
import { NA, naOutputOf } from "../data/labels.ts";
import { argmax, decide } from "../evaluation/decisions.ts";
import type { PredictionTable } from "../evaluation/predictions.ts";

/** The test pictures of one group. */
export interface MeasuredGroup {
  /** How many there are. */
  readonly pictures: number;
  /**
   * The highest scores of those that get a label if no threshold rejects them, rising: of known
   * pictures those that get their own label, of others all that get any known one.
   */
  readonly scores: readonly number[];
}

/** The test pictures of a run. */
export type MeasuredRun = Readonly<Record<Group, MeasuredGroup>>;

/** How many of a group's test pictures a threshold treats as they should be. */
export interface MeasuredCount {
  readonly group: Group;
  /** Known pictures with their own label, or others that are rejected. */
  readonly correct: number;
  readonly pictures: number;
}

/** The predictions of a run as far as thresholds go. */
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
 * The counts of a run at a threshold: as those of the decision `threshold(value)`, by argmax at 0.
 * Groups without pictures are left out.
 */
export function countsAt(measured: MeasuredRun, threshold: number): MeasuredCount[] {
  return (Object.entries(measured) as [Group, MeasuredGroup][])
    .filter(([, { pictures }]) => pictures > 0)
    .map(([group, { pictures, scores }]) => {
      const accepted = scores.filter((score) => score >= threshold).length;
      return { group, pictures, correct: group === "known" ? accepted : pictures - accepted };
    });
}
