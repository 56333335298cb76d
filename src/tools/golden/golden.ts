/**
 * Comparing the code with reference values computed by PyTorch, fastai and Pillow: a vector file
 * (`adam.json`, `losses.json`, ...) holds inputs and what the reference made of them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { mean } from "simple-statistics";
import { z } from "zod";

/** {@linkcode GoldenTensor}'s form. */
export const goldenTensor = z.object({ shape: z.array(z.int()), data: z.array(z.number()) });

/** A tensor in a vector file: row-major values; layouts are NHWC, HWIO and [in, out]. */
export type GoldenTensor = z.infer<typeof goldenTensor>;

/** How far one result is from its reference. */
export type Comparison = {
  /** What was compared, for example `case 2, gradient of bce`. */
  readonly name: string;
  /** The largest error found, in the measure of the tolerance. NaN counts as a failure. */
  readonly error: number;
  /** The largest error allowed. */
  readonly tolerance: number;
};

/** Whether a result is as close to its reference as it must be; NaN never is. */
export function passes({ error, tolerance }: Comparison): boolean {
  return error <= tolerance;
}

/** Compares the code with a vector file's content; throws if that is not of the file's form. */
export type GoldenRunner = (content: unknown) => Comparison[];

/** What the code and the reference make of the same input, each as a list of numbers. */
export type Pair = readonly [actual: ArrayLike<number>, expected: ArrayLike<number>];

/** How results of a kind are measured, and the largest error that is allowed. */
const MEASURES = {
  losses: { errorOf: relativeError, tolerance: 1e-6 },
  metrics: { errorOf: absoluteError, tolerance: 1e-6 },
  openSet: { errorOf: absoluteError, tolerance: 1e-6 },
  exact: { errorOf: absoluteError, tolerance: 1e-9 },
  /** jStat's distributions. */
  rankTests: { errorOf: absoluteError, tolerance: 1e-6 },
  fittedScores: { errorOf: relativeError, tolerance: 1e-7 },
  fittedScoresIn32Bits: { errorOf: relativeError, tolerance: 1e-4 },
  /** So that the smallest learning rate counts as much as the largest. */
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

/** Compares results of the input at a place (`case 2`), by what they are (`gradient`). */
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

/** Compares tensors with those of the reference; the results are computed as in `tf.tidy`. */
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
