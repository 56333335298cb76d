/**
 * Comparing the code with reference values computed by PyTorch and Pillow.
 *
 * A vector file (`adam.json`, `losses.json`, ...) holds inputs and what the reference made of
 * them. One runner per file name feeds the inputs to this project's code and says how far the
 * results are from the reference.
 *
 * @module
 */

/** A tensor in a vector file: row-major values; layouts are NHWC, HWIO and [in, out]. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly data: number[];
}

/** How far one result is from its reference. */
export interface Comparison {
  /** What was compared, for example `case 2, gradient of bce`. */
  readonly name: string;
  /** The largest error found, in the measure of the tolerance. NaN counts as a failure. */
  readonly error: number;
  /** The largest error allowed. */
  readonly tolerance: number;
}

/** Runs one vector file's parsed content against the code. */
export type GoldenRunner = (content: unknown) => Promise<Comparison[]> | Comparison[];

/** A kind of vector file: its name, and what compares it with the code. */
export interface GoldenFile {
  readonly file: string;
  readonly run: GoldenRunner;
}

/** The largest errors allowed, for every kind of vector file. */
export const TOLERANCES = {
  /** Relative to the larger of 1e-3 and the reference's largest magnitude in that tensor. */
  losses: 1e-6,
  metrics: 1e-6,
  openSet: 1e-6,
  schedule: 1e-6,
  adam: 1e-6,
  layers: 1e-4,
  xresnetLogits: 1e-3,
  /** Relative to the reference norm. */
  xresnetGradientNorms: 1e-3,
  /** In steps of 255. */
  resizeMean: 1,
  resizeLargest: 6,
  augment: 1e-4,
} as const;

/**
 * The largest absolute difference between two lists, divided by the larger of `floor` and the
 * largest magnitude in `expected`. NaN if the lengths differ or a value is NaN.
 */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = 1e-3,
): number {
  let scale = floor;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  return absoluteError(actual, expected) / scale;
}

/** The largest absolute difference between two lists. NaN if lengths differ or a value is NaN. */
export function absoluteError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}
