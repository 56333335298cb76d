/**
 * Shared parts of scores that are fitted to features: known training pictures, and the spread of
 * their features. Pure.
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { NA } from "../data/labels.ts";
import type { TrainingOutputs } from "./score.ts";

/** The features of one picture: F numbers. */
export type Vector = ArrayLike<number>;

/**
 * The known pictures among training pictures.
 *
 * @throws {RangeError} if there is none
 */
export function knownPictures(training: readonly TrainingOutputs[]): TrainingOutputs[] {
  const known = training.filter(({ label }) => label !== NA);
  if (known.length === 0) throw new RangeError("no known picture to fit a score to");
  return known;
}

/**
 * The features of a picture.
 *
 * @throws {RangeError} if it has none
 */
export function featuresOf({ features }: { readonly features?: Vector | undefined }): Vector {
  if (features === undefined) throw new RangeError("a fitted score needs a picture's features");
  return features;
}

/** The mean of rows, column by column. */
export function meanVector(rows: readonly Vector[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows) {
    for (let column = 0; column < mean.length; column++) mean[column]! += row[column]!;
  }
  return mean.map((sum) => sum / rows.length);
}

/** The squared length of a vector. */
export function squaredLength(vector: Vector): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! ** 2;
  return sum;
}

/** The principal axes of a covariance, in order of falling variance. */
export interface PrincipalAxes {
  /** Variance along each axis, at least 0. */
  readonly variances: readonly number[];
  /** The axes, of length 1. */
  readonly axes: readonly Float64Array[];
}

/**
 * The principal axes of deviations: the eigenvectors of the mean of their outer products.
 *
 * @param deviations rows of F numbers, relative to any centre
 */
export function principalAxes(deviations: readonly Vector[]): PrincipalAxes {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    secondMoments(deviations),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, i) => i)
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    // Rounding makes some zeros negative.
    variances: order.map((i) => Math.max(0, realEigenvalues[i]!)),
    axes: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

/** The coordinates of a vector along some axes, each divided by its scale. */
export function coordinates(
  vector: Vector,
  axes: readonly Float64Array[],
  scales?: readonly number[],
): Float64Array {
  return Float64Array.from(axes, (axis, place) => {
    let sum = 0;
    for (let i = 0; i < axis.length; i++) sum += axis[i]! * vector[i]!;
    return scales === undefined ? sum : sum / scales[place]!;
  });
}

/** The difference of two vectors. */
export function minus(vector: Vector, other: Vector): Float64Array {
  const difference = new Float64Array(vector.length);
  for (let i = 0; i < difference.length; i++) difference[i] = vector[i]! - other[i]!;
  return difference;
}

/** A loop over one half: the library's product of thousands of rows takes ten times as long. */
function secondMoments(rows: readonly Vector[]): Matrix {
  const columns = rows[0]!.length;
  const sums = new Float64Array(columns * columns);
  for (const row of rows) {
    for (let i = 0; i < columns; i++) {
      const value = row[i]!;
      for (let j = i, place = i * columns + i; j < columns; j++, place++) {
        sums[place]! += value * row[j]!;
      }
    }
  }
  const moments = new Matrix(columns, columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      const moment = sums[i * columns + j]! / rows.length;
      moments.set(i, j, moment);
      moments.set(j, i, moment);
    }
  }
  return moments;
}
