/**
 * What may be said of a difference.
 *
 * @module
 */
import type { Difference } from "../evaluation/differences.ts";

/** How a difference compares with chance; see {@linkcode verdictOn}. */
export type Verdict = "within chance" | "within the spread of the seeds" | "clear";

/**
 * A difference is within chance if its interval has 0 in it: other test pictures could turn it
 * round. It is within the spread of the seeds if other networks could: if it is not larger than its
 * own standard deviation over several seeds. Otherwise it is clear.
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
