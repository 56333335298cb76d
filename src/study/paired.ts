/**
 * Paired differences between methods, on the same splits and seeds. Pure.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { type Interval, percentileInterval } from "../evaluation/intervals.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import { randomStream } from "../random.ts";

/**
 * The first method's value minus the second's: mean, standard deviation over pairs, and interval.
 */
export interface PairedDifference extends Summary, Interval {
  /** Number of (split, seed) pairs. */
  readonly pairs: number;
}

const RESAMPLES = 10_000;

/**
 * The difference between two methods, with a 95% interval from resamples of the (split, seed)
 * pairs: its range for other splits and seeds of the same kind.
 *
 * Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
 *
 * @param differences one for each (split, seed) pair
 * @throws {RangeError} if there is none
 */
export function pairedDifference(differences: readonly number[]): PairedDifference {
  const summary = summarise(differences);
  const random = randomStream("resampled pairs of split and seed", differences.length);
  const resampled = Float64Array.from({ length: RESAMPLES }, () => {
    const drawn = differences.map(() => differences[Math.floor(random() * differences.length)]!);
    return mean(drawn);
  });
  return { pairs: differences.length, ...summary, ...percentileInterval(resampled) };
}
