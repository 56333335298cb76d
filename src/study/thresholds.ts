/**
 * Choosing a threshold on validation pictures only. Pure.
 *
 * @module
 */

/**
 * The share of known validation pictures to accept if there are no others to choose a threshold
 * with.
 */
const ACCEPTED_KNOWN = 0.95;

/**
 * The threshold with the largest balanced accuracy: the mean of the share of known pictures with
 * scores at or above it and the share of others below it. Of several such thresholds, the lowest,
 * which accepts the most; it lies midway between two scores.
 *
 * @throws {RangeError} if there are no known or no other pictures
 */
export function balancedThreshold(known: readonly number[], others: readonly number[]): number {
  if (known.length === 0 || others.length === 0) {
    throw new RangeError(
      `${known.length} known and ${others.length} other validation pictures; a threshold needs both`,
    );
  }
  const scores = [
    ...known.map((score) => ({ score, gain: -1 / known.length })),
    ...others.map((score) => ({ score, gain: 1 / others.length })),
  ].sort((a, b) => a.score - b.score);
  // A threshold below all scores accepts everything.
  let threshold = scores[0]!.score;
  let [sum, best] = [0, 0];
  for (let place = 0; place < scores.length; place++) {
    sum += scores[place]!.gain;
    const [score, next] = [scores[place]!.score, scores[place + 1]?.score];
    // Equal sums of shares may differ by rounding.
    if (score === next || sum <= best + 1e-12) continue;
    best = sum;
    threshold = next === undefined ? justAbove(score) : between(score, next);
  }
  return threshold;
}

/**
 * The highest threshold that accepts at least 95% of known validation pictures: for trainings
 * without unknown pictures.
 *
 * @throws {RangeError} if there are none
 */
export function acceptingThreshold(known: readonly number[]): number {
  if (known.length === 0) {
    throw new RangeError("no known validation pictures; a threshold needs some");
  }
  const falling = [...known].sort((a, b) => b - a);
  return falling[Math.ceil(ACCEPTED_KNOWN * known.length) - 1]!;
}

/** The midpoint; greater than the lower number even if there is no number between them. */
function between(lower: number, higher: number): number {
  const middle = lower + (higher - lower) / 2;
  return middle > lower ? middle : higher;
}

function justAbove(score: number): number {
  return score + Math.max(Math.abs(score) * 1e-9, Number.MIN_VALUE);
}
