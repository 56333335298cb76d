/**
 * Comparing the code with reference values computed by PyTorch, fastai and Pillow: a vector file
 * (`adam.json`, `losses.json`, ...) contains inputs and the reference's results for them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { mean } from "simple-statistics";
import { z } from "zod";

/** Schema of {@linkcode GoldenTensor}. */
export const goldenTensor = z.object({ shape: z.array(z.int()), data: z.array(z.number()) });

/** A tensor in a vector file: row-major values; layouts are NHWC, HWIO and [in, out]. */
export type GoldenTensor = z.infer<typeof goldenTensor>;

/** The error of one result compared with its reference. */
export type Comparison = {
  /** The name of the result, for example `case 2, gradient of bce`. */
  readonly name: string;
  /** The largest error found, in the same measure as the tolerance. NaN counts as a failure. */
  readonly error: number;
  /** The largest error allowed. */
  readonly tolerance: number;
};

/** Whether a result is within the tolerance of its reference; NaN never is. */
export function passes({ error, tolerance }: Comparison): boolean {
  return error <= tolerance;
}

/** Compares the code with a vector file's content; throws if the content has another form. */
export type GoldenRunner = (content: unknown) => Comparison[];

/** The results of the code and of the reference for the same input, as lists of numbers. */
export type Pair = readonly [actual: ArrayLike<number>, expected: ArrayLike<number>];

/** The measure of error for each kind of result, and the largest error allowed. */
const MEASURES = {
  losses: { errorOf: relativeError, tolerance: 1e-6 },
  metrics: { errorOf: absoluteError, tolerance: 1e-6 },
  openSet: { errorOf: absoluteError, tolerance: 1e-6 },
  exact: { errorOf: absoluteError, tolerance: 1e-9 },
  /** The precision of jStat's distributions. */
  rankTests: { errorOf: absoluteError, tolerance: 1e-6 },
  fittedScores: { errorOf: relativeError, tolerance: 1e-7 },
  fittedScoresIn32Bits: { errorOf: relativeError, tolerance: 1e-4 },
  /**
   * Relative errors one by one, so that the smallest learning rate counts as much as the largest.
   */
  schedule: { errorOf: errorOneByOne, tolerance: 1e-6 },
  adam: { errorOf: relativeError, tolerance: 1e-6 },
  layers: { errorOf: absoluteError, tolerance: 1e-4 },
  count: { errorOf: absoluteError, tolerance: 0 },
  networkOutputs: { errorOf: absoluteError, tolerance: 1e-3 },
  networkGradients: { errorOf: relativeError, tolerance: 1e-3 },
  /** In steps of 255. */
  resizeMean: { errorOf: (...pair: Pair) => mean(differences(...pair)), tolerance: 1 },
  resizeLargest: { errorOf: absoluteError, tolerance: 6 },
  augment: { errorOf: absoluteError, tolerance: 1e-4 },
} as const;

/** Compares results, by their names (`gradient`), for the input at a place (`case 2`). */
export function compare(
  place: string,
  results: Readonly<Record<string, Pair>>,
  kind: keyof typeof MEASURES,
): Comparison[] {
  const { errorOf, tolerance } = MEASURES[kind];
  return Object.entries(results).map(([what, [actual, expected]]) => ({
    name: `${place}, ${what}`,
    error: actual.length === expected.length ? errorOf(actual, expected) : NaN,
    tolerance,
  }));
}

/** Compares tensors with the reference's; the results are computed inside `tf.tidy`. */
export function compareTensors(
  place: string,
  kind: keyof typeof MEASURES,
  results: () => Readonly<Record<string, readonly [actual: tf.Tensor, expected: GoldenTensor]>>,
): Comparison[] {
  return tf.tidy(() => {
    const pairs = Object.entries(results())
      .map(([name, [actual, { data }]]) => [name, [actual.dataSync(), data]] as const);
    return compare(place, Object.fromEntries(pairs), kind);
  });
}

/** The largest absolute difference, NaN if there is any. */
function absoluteError(...pair: Pair): number {
  return differences(...pair).reduce((a, b) => Math.max(a, b), 0);
}

/** The largest difference, relative to the larger of 1e-3 and the largest magnitude expected. */
function relativeError(...[actual, expected]: Pair): number {
  const scale = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 1e-3);
  return absoluteError(actual, expected) / scale;
}

/** The largest difference, each relative to the value expected. */
function errorOneByOne(...[actual, expected]: Pair): number {
  const sizes = Array.from(expected, (value) => Math.max(Math.abs(value), Number.MIN_VALUE));
  return Math.max(0, ...differences(actual, expected).map((error, i) => error / sizes[i]!));
}

function differences(...[actual, expected]: Pair): number[] {
  return Array.from(expected, (value, index) => Math.abs(actual[index]! - value));
}

/** The tensor, in float32. */
export function tensorOf<R extends tf.Rank>({ shape, data }: GoldenTensor): tf.Tensor<R> {
  return tf.tensor(data, shape as tf.ShapeMap[R], "float32");
}
