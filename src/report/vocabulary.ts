/**
 * The vocabulary of a report: the names of things, which of them occur in some results, and the
 * verdict on a difference.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { readableName } from "../data/categories.ts";
import { thresholdOf } from "../evaluation/decisions.ts";
import type { Difference } from "../evaluation/differences.ts";
import {
  CORRECT_COUNTS,
  type CorrectCounts,
  imagesByCount,
  OTHER_CATEGORIES,
  REJECTED_GROUPS,
  type RejectedGroup,
} from "../evaluation/measures.ts";
import { withOwnDirection, withVisibleControls } from "../text/escaped_text.ts";
import type { ExperimentResults, Results } from "./results.ts";

/** Readable titles of the counts of correct pictures. */
export const COUNT_TITLES: Readonly<Record<keyof CorrectCounts, string>> = {
  knownCorrect: "known correct",
  unknownRejected: "unknown rejected",
  unseenRejected: "unseen rejected",
  totalCorrect: "total correct",
};

/** A category's readable name if it has one, else the name of its folder. */
export function categoryName({ dataset }: Results, category: string): string {
  if (category === OTHER_CATEGORIES) return "other categories";
  return withOwnDirection(withVisibleControls(readableName(dataset.categoryNames, category)));
}

/** The counts of correct pictures for which the data set has pictures. */
export function countedCorrect({ dataset }: Results): (keyof CorrectCounts)[] {
  const images = imagesByCount(dataset.counts.test);
  return CORRECT_COUNTS.filter((count) => images[count] > 0);
}

/** The groups to be rejected for which the data set has test pictures. */
export function rejectedGroups({ dataset }: Results): RejectedGroup[] {
  return REJECTED_GROUPS.filter((group) => dataset.counts.test[group] > 0);
}

/** The decisions of an experiment's rows: all compared ones, then its own if it is another one. */
export function decisionsOf({ decisions }: Results, { decision }: ExperimentResults): string[] {
  return [...new Set([...decisions, decision])];
}

/** The compared decision with the highest threshold, if any of them has one. */
export function strictestDecision({ decisions }: Results): string | undefined {
  const withThreshold = decisions.filter((decision) => thresholdOf(decision) !== undefined);
  return withThreshold.sort((a, b) => thresholdOf(a)! - thresholdOf(b)!).at(-1);
}

/** The experiment with this name, if it ran. */
export function experimentNamed(results: Results, name: string): ExperimentResults | undefined {
  return results.experiments.find((experiment) => experiment.name === name);
}

/** The title of an experiment that ran. */
export function titleOf(results: Results, name: string): string {
  return experimentNamed(results, name)!.title;
}

/** Whether an experiment starts as its profile says, not from a start of its own. */
export function hasStartOfProfile({ profile }: Results, { start }: ExperimentResults): boolean {
  return isDeepStrictEqual(start, profile.start ?? {});
}

/** Whether all weights of all experiments start at random. */
export function startsAtRandom({ experiments }: Results): boolean {
  return experiments.every(({ start }) =>
    Object.values(start).every((origin) => origin === "random")
  );
}

/** How a difference compares with chance; see {@linkcode verdictOn}. */
export type Verdict = "within chance" | "within the spread of the seeds" | "clear";

/**
 * A difference is within chance if its interval contains 0: other test pictures could reverse it.
 * It is within the spread of the seeds if it is not larger than its own standard deviation over
 * several seeds: other networks could reverse it. Otherwise it is clear.
 */
export function verdictOn({ mean, standardDeviation, low, high }: Difference): Verdict {
  if (low <= 0 && high >= 0) return "within chance";
  if (standardDeviation !== null && Math.abs(mean) <= standardDeviation) {
    return "within the spread of the seeds";
  }
  return "clear";
}

/** Whether the first experiment's measure is clearly higher. */
export function isClearlyHigher(difference: Difference): boolean {
  return difference.mean > 0 && verdictOn(difference) === "clear";
}
