/**
 * The open-set classification rate curves of several runs as one.
 *
 * @module
 */
import type { OscrCurve } from "./open_set.ts";
import { summarise, type Summary } from "./statistics.ts";

/** A point of the mean of several curves. */
export interface MeanOscrPoint {
  /** Share of the other pictures that are accepted. */
  readonly fpr: number;
  /** Share of the known pictures that are accepted and correct, over the curves. */
  readonly ccr: Summary;
}

/**
 * The mean of curves at equal false positive rates, between their points by straight lines as in
 * their areas. Where a curve rises straight up, its highest point counts.
 *
 * Source: vertical averaging of Fawcett, "An introduction to ROC analysis" (2006), section 8.
 *
 * @param steps the rates are 0, 1 / steps, ..., 1
 * @throws {RangeError} if there is no curve.
 */
export function meanOscrCurve(
  curves: readonly OscrCurve[],
  steps: number,
): MeanOscrPoint[] {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const fpr = step / steps;
    return { fpr, ccr: summarise(curves.map((curve) => ccrAt(curve, fpr))) };
  });
}

function ccrAt({ fpr, ccr }: OscrCurve, rate: number): number {
  const after = fpr.findIndex((value) => value > rate);
  if (after < 0) return ccr.at(-1)!;
  const before = after - 1;
  const part = (rate - fpr[before]!) / (fpr[after]! - fpr[before]!);
  return ccr[before]! + part * (ccr[after]! - ccr[before]!);
}
