/**
 * The one-cycle schedule of learning rates and momentum. Pure arithmetic.
 *
 * Source: Smith, "A disciplined approach to neural network hyper-parameters" (2018), in fastai's
 * form with cosine annealing.
 *
 * @module
 */
import type { OneCycle } from "../profiles.ts";

/** The optimiser's settings for one batch. */
export interface ScheduledStep {
  /**
   * The learning rate of a parameter group.
   *
   * @throws {RangeError} if the cycle has no learning rate for it.
   */
  readonly learningRate: (group: string) => number;
  readonly momentum: number;
}

/** Momentum falls while learning rates rise, and rises while they fall. */
const MOMENTUM_AT_ENDS = 0.95;
const MOMENTUM_AT_PEAK = 0.85;

/**
 * The learning rates and momentum of a batch.
 *
 * @param position share of the cycle's batches done before this one, in [0, 1]
 * @throws {RangeError} if the position is outside that range.
 */
export function oneCycleStep(cycle: OneCycle, position: number): ScheduledStep {
  if (!(position >= 0 && position <= 1)) {
    throw new RangeError(`position ${position} of the one-cycle schedule: must be in [0, 1]`);
  }
  const { pctStart, div, finalDiv } = cycle;
  const rising = position < pctStart;
  const progress = rising ? position / pctStart : (position - pctStart) / (1 - pctStart);
  const anneal = (first: number, peak: number, last: number) =>
    rising ? cosine(first, peak, progress) : cosine(peak, last, progress);
  return {
    learningRate: (group) => {
      const max = maxLearningRate(cycle, group);
      if (max === undefined) throw new RangeError(`no learning rate for group "${group}"`);
      return anneal(max / div, max, max / finalDiv);
    },
    momentum: anneal(MOMENTUM_AT_ENDS, MOMENTUM_AT_PEAK, MOMENTUM_AT_ENDS),
  };
}

/** The highest learning rate of a parameter group; `undefined` if the cycle has none. */
export function maxLearningRate(
  { maxLearningRates: rates }: OneCycle,
  group: string,
): number | undefined {
  if (typeof rates === "number") return rates;
  return Object.hasOwn(rates, group) ? rates[group] : undefined;
}

/** From `start` to `end` along half a cosine, as `progress` goes from 0 to 1. */
function cosine(start: number, end: number, progress: number): number {
  return start + (1 + Math.cos(Math.PI * (1 - progress))) * (end - start) / 2;
}
