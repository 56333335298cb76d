/**
 * Summaries of one figure over several runs.
 *
 * @module
 */
import { mean, sampleStandardDeviation } from "simple-statistics";

/** A figure over several runs. */
export interface Summary {
  readonly mean: number;
  /** With n - 1 in the denominator; `null` for a single run, which has no spread. */
  readonly standardDeviation: number | null;
}

/**
 * Mean and standard deviation of a figure over runs.
 *
 * @throws {RangeError} if there are no values or one is not finite.
 */
export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("there are no values to summarise");
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`${bad} among the values to summarise`);
  const list = [...values];
  return {
    mean: mean(list),
    standardDeviation: list.length > 1 ? sampleStandardDeviation(list) : null,
  };
}
