/**
 * OpenMax: a low score where an extra class "unknown" takes a large part of the known logits. For
 * each known category, a Weibull distribution is fitted to the largest distances of its correctly
 * classified training pictures from their mean logits. The alpha highest logits `v_i` of a picture,
 * from the highest down, give the part `w_i (alpha - i) / alpha` (i from 0) of their value to the
 * unknown class, where `w_i` is the probability that a picture of the category is nearer than this
 * one. The score is the log odds of the known classes against the unknown one in the softmax of the
 * result, which ranks like `1 - P(unknown)` and does not round to 1.
 *
 * Source: Bendale and Boult, "Towards Open Set Deep Networks" (2016), algorithms 1 and 2; distances
 * are Euclidean, and shifted as in its library libMR.
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import { highestOf, knownColumns, type Score } from "./score.ts";
import {
  knownPictures,
  meanVector,
  minus,
  squaredLength,
  type Vector,
} from "./training_features.ts";

/**
 * OpenMax, for networks with a softmax. An output for `na` is left out.
 *
 * @param options.tail number of the largest distances that count; 20 in the paper
 * @param options.alpha number of the highest logits that are revised, at most all; 3 by default
 */
export function openMax({ tail = 20, alpha = 3 } = {}): Score {
  for (const [what, value] of Object.entries({ tail, alpha })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`${what} of OpenMax is ${value}; use a whole number from 1`);
  }
  return ofProject<Score>({
    name: "openmax",
    title: "OpenMax",
    options: { tail, alpha },
    appliesTo: ({ activation }) => activation === "softmax",
    fit({ labels }, training) {
      const columns = knownColumns(labels);
      const logitsOf = ({ logits }: { readonly logits: Vector }) =>
        Float64Array.from(columns, (column) => logits[column]!);
      const known = knownPictures(training);
      const categories = columns.map((column) => {
        const correct = known.filter(({ label, logits }) =>
          label === labels[column] && logits[column] === highestOf(logits, columns)
        ).map(logitsOf);
        if (correct.length === 0) return undefined;
        const centre = meanVector(correct);
        const distances = correct.map((row) => distance(row, centre));
        return { centre, tail: tailDistribution(distances, tail) };
      });
      const revised = Math.min(alpha, columns.length);
      return (picture) => {
        const logits = logitsOf(picture);
        const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
        const left = Float64Array.from(logits);
        let unknown = 0;
        order.slice(0, revised).forEach((place, rank) => {
          const category = categories[place];
          // Nothing is known about a category without correct pictures: its whole part is given up.
          const outside = category === undefined
            ? 1
            : category.tail(distance(logits, category.centre));
          const given = logits[place]! * outside * (revised - rank) / revised;
          unknown += given;
          left[place]! -= given;
        });
        return logSumExp(left) - unknown;
      };
    },
  });
}

function distance(a: Vector, b: Vector): number {
  return Math.sqrt(squaredLength(minus(a, b)));
}

function logSumExp(values: Float64Array): number {
  const highest = values.reduce((a, b) => Math.max(a, b));
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}

/** libMR's addend to distances, so that none is 0. */
const TRANSLATION = 10_000;

/**
 * The probability of a smaller distance, by a Weibull distribution fitted to the largest distances
 * by maximum likelihood.
 */
function tailDistribution(
  distances: readonly number[],
  tail: number,
): (distance: number) => number {
  const largest = [...distances].sort((a, b) => b - a).slice(0, tail);
  const smallest = largest.at(-1)!;
  const translated = (distance: number) => distance - smallest + TRANSLATION;
  const logs = largest.map((distance) => Math.log(translated(distance)));
  // All distances are equal: a step function.
  if (largest[0] === smallest) return (distance) => distance > smallest ? 1 : 0;
  const shape = weibullShape(logs);
  const highest = Math.max(...logs);
  const power = logs.reduce((sum, log) => sum + Math.exp(shape * (log - highest)), 0);
  const logScale = highest + Math.log(power / logs.length) / shape;
  return (distance) => {
    const value = translated(distance);
    return value <= 0 ? 0 : -Math.expm1(-Math.exp(shape * (Math.log(value) - logScale)));
  };
}

/**
 * The shape k of a Weibull distribution by maximum likelihood: the solution of `sum(x^k log x) /
 * sum(x^k) - 1/k = mean(log x)`, whose left side rises with k.
 *
 * @param logs of the values, not all the same
 */
function weibullShape(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  const meanLog = logs.reduce((sum, log) => sum + log - highest, 0) / logs.length;
  const excess = (shape: number) => {
    let [powers, weighted] = [0, 0];
    for (const log of logs) {
      const power = Math.exp(shape * (log - highest));
      powers += power;
      weighted += power * (log - highest);
    }
    return weighted / powers - 1 / shape - meanLog;
  };
  let [low, high] = [1, 2];
  while (excess(low) > 0) low /= 2;
  while (excess(high) < 0) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
