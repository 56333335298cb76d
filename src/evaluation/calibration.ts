/**
 * Calibration: whether a score can be read as a probability. Are 80% of the pictures with a score
 * of .8 correct?
 *
 * @module
 */

/** The pictures whose score is in one range. */
export interface CalibrationBin {
  readonly images: number;
  /** Number of correct pictures. */
  readonly correct: number;
  /** `null` if there are no pictures. */
  readonly meanScore: number | null;
}

/** Number of bins, as in the source of {@linkcode calibration}. */
export const CALIBRATION_BINS = 15;

/**
 * Reliability diagram and expected calibration error. Bin m of M holds the scores above (m - 1) / M
 * and up to m / M; the first one also holds 0.
 *
 * Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
 *
 * @param scores one per picture, in [0, 1]: the highest score of any label
 * @param correct per picture, whether the label with that score is correct
 * @returns the bins from the lowest scores to the highest; the expected calibration error is the
 *   distance between mean score and share of correct pictures in each bin, averaged over all pictures
 * @throws {RangeError} if there are no pictures, the lists differ in length, or a score is not within
 *   0 to 1.
 */
export function calibration(
  scores: ArrayLike<number>,
  correct: ArrayLike<boolean>,
  bins: number = CALIBRATION_BINS,
): { expectedError: number; bins: CalibrationBin[] } {
  const images = scores.length;
  if (images === 0) throw new RangeError("there are no scores to calibrate");
  if (correct.length !== images) {
    throw new RangeError(
      `${images} scores with ${correct.length} entries of "correct"; each needs one`,
    );
  }
  const counts = new Array<number>(bins).fill(0);
  const correctCounts = new Array<number>(bins).fill(0);
  const sums = new Array<number>(bins).fill(0);
  for (let picture = 0; picture < images; picture++) {
    const score = scores[picture]!;
    if (!(score >= 0 && score <= 1)) {
      throw new RangeError(`score ${picture} is ${score}; it must be within 0 to 1`);
    }
    const bin = Math.max(0, Math.ceil(score * bins) - 1);
    counts[bin]!++;
    sums[bin]! += score;
    if (correct[picture]) correctCounts[bin]!++;
  }
  const distances = counts.map((_, bin) => Math.abs(sums[bin]! - correctCounts[bin]!));
  return {
    expectedError: distances.reduce((sum, distance) => sum + distance, 0) / images,
    bins: counts.map((count, bin) => ({
      images: count,
      correct: correctCounts[bin]!,
      meanScore: count === 0 ? null : sums[bin]! / count,
    })),
  };
}
