/**
 * Intervals for the error of a share due to the limited number of test pictures. All are 95%
 * intervals.
 *
 * @module
 */
import { quantileSorted } from "simple-statistics";

/** The ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A count and its total. A mean of counts over several runs need not be whole. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/**
 * The score interval of a proportion: it stays within 0 to 1, even if nothing or everything
 * succeeds.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference"
 * (1927).
 *
 * @throws {RangeError} if there are no trials, or the successes are not from 0 to the trials.
 */
export function wilsonInterval({ successes, trials }: Proportion): Interval {
  if (!(trials > 0)) throw new RangeError(`${trials} trials; a proportion needs at least one`);
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} successes of ${trials} trials; it must be 0 to ${trials}`);
  }
  const share = successes / trials;
  const squared = NORMAL_QUANTILE ** 2;
  const centre = share + squared / (2 * trials);
  const reach = NORMAL_QUANTILE *
    Math.sqrt(share * (1 - share) / trials + squared / (4 * trials ** 2));
  const scale = 1 + squared / trials;
  // In these cases the exact ends are 0 and 1, which rounding would miss.
  return {
    low: successes === 0 ? 0 : (centre - reach) / scale,
    high: successes === trials ? 1 : (centre + reach) / scale,
  };
}

/**
 * The interval of the difference of two independent proportions, the first minus the second.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions"
 * (1998), method 10.
 *
 * @throws {RangeError} as {@linkcode wilsonInterval}.
 */
export function newcombeInterval(first: Proportion, second: Proportion): Interval {
  const own = wilsonInterval(first);
  const other = wilsonInterval(second);
  const share = first.successes / first.trials;
  const otherShare = second.successes / second.trials;
  const difference = share - otherShare;
  return {
    low: difference - Math.hypot(share - own.low, other.high - otherShare),
    high: difference + Math.hypot(own.high - share, otherShare - other.low),
  };
}

/**
 * The percentile interval of a number computed from many resamples.
 *
 * Source: B. Efron, "Better bootstrap confidence intervals" (1987), section 1.
 *
 * @throws {RangeError} if there are no values.
 */
export function percentileInterval(values: ArrayLike<number>): Interval {
  if (values.length === 0) throw new RangeError("there are no resampled values");
  const sorted = [...Float64Array.from(values).sort()];
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}

/** Quantile .975 of the standard normal distribution. */
const NORMAL_QUANTILE = 1.959963984540054;
