/**
 * Test sets drawn again and again from the pictures of one test set. Pure.
 *
 * A resample is written as one count per picture: how often it was drawn. So every measure of every
 * run is computed on the very same resamples, and scores are sorted once and not once per resample.
 *
 * Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 6 and 13.
 *
 * @module
 */
import type { DrawCounts } from "./open_set.ts";

/**
 * Resamples of a test set, drawn with replacement within each group, so that every group keeps its
 * size.
 *
 * @param groupSizes numbers of pictures; the pictures of a group are neighbours
 * @param random uniform numbers in [0, 1)
 */
export function resampleWithinGroups(
  groupSizes: readonly number[],
  resamples: number,
  random: () => number,
): DrawCounts[] {
  const images = groupSizes.reduce((sum, size) => sum + size, 0);
  return Array.from({ length: resamples }, () => {
    const counts = new Uint16Array(images);
    let start = 0;
    for (const size of groupSizes) {
      for (let draw = 0; draw < size; draw++) counts[start + Math.floor(size * random())]!++;
      start += size;
    }
    return counts;
  });
}
