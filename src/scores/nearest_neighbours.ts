/**
 * The negative distance to the K-th nearest known training picture: `-||f - f_(K)||`, between
 * features scaled to unit length.
 *
 * Source: Sun, Ming, Zhu and Li, "Out-of-Distribution Detection with Deep Nearest Neighbors" (2022).
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import type { Score } from "./score.ts";
import { featuresOf, knownPictures, squaredLength, type Vector } from "./training_features.ts";

/**
 * The negative distance to the K-th nearest known training picture.
 *
 * @param options.neighbours K; 50 in the paper for CIFAR-10. With fewer known training pictures,
 *   the farthest one counts.
 */
export function nearestNeighbours({ neighbours = 50 } = {}): Score {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RangeError(`${neighbours} neighbours; use a whole number from 1`);
  }
  return ofProject<Score>({
    name: "nearest-neighbours",
    title: `distance to neighbour ${neighbours}`,
    options: { neighbours },
    appliesTo: () => true,
    fit(_network, training) {
      const known = knownPictures(training).map((picture) => unit(featuresOf(picture)));
      const nearest = new Float64Array(Math.min(neighbours, known.length));
      return (picture) => {
        const own = unit(featuresOf(picture));
        nearest.fill(Infinity);
        for (const other of known) keepNearest(nearest, squaredDistance(own, other));
        return -Math.sqrt(nearest.at(-1)!);
      };
    },
  });
}

/** In 32 bits, like the features: thousands of them fit the processor's cache. */
function unit(vector: Vector): Float32Array {
  const length = Math.max(Math.sqrt(squaredLength(vector)), 1e-12);
  return Float32Array.from(vector, (value) => value / length);
}

/** Four sums at once, so that no addition waits for the one before. */
function squaredDistance(a: Float32Array, b: Float32Array): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const whole = a.length - a.length % 4;
  for (let i = 0; i < whole; i += 4) {
    const [d0, d1] = [a[i]! - b[i]!, a[i + 1]! - b[i + 1]!];
    const [d2, d3] = [a[i + 2]! - b[i + 2]!, a[i + 3]! - b[i + 3]!];
    sum0 += d0 * d0;
    sum1 += d1 * d1;
    sum2 += d2 * d2;
    sum3 += d3 * d3;
  }
  for (let i = whole; i < a.length; i++) sum0 += (a[i]! - b[i]!) ** 2;
  return sum0 + sum1 + sum2 + sum3;
}

/** Inserts a distance into the nearest ones, sorted in rising order, if it is one of them. */
function keepNearest(nearest: Float64Array, distance: number): void {
  let place = nearest.length - 1;
  if (distance >= nearest[place]!) return;
  for (; place > 0 && nearest[place - 1]! > distance; place--) nearest[place] = nearest[place - 1]!;
  nearest[place] = distance;
}
