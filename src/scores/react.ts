/**
 * ReAct with energy: features are clipped at a percentile of the features of known training
 * pictures, and the score is the negative energy of the logits that the last layer then gives:
 * `log(sum(exp(W min(f, c) + b)))` over the known logits.
 *
 * Source: Sun, Guo and Li, "ReAct: Out-of-distribution Detection With Rectified Activations" (2021).
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import { energy } from "./energy.ts";
import type { Score } from "./score.ts";
import { featuresOf, knownPictures } from "./training_features.ts";

/**
 * ReAct with energy.
 *
 * @param options.percentile of all features of known training pictures, from 0 to 100; 90 in the
 *   paper
 */
export function react({ percentile = 90 } = {}): Score {
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new RangeError(`percentile ${percentile}; use a number from 0 to 100`);
  }
  return ofProject<Score>({
    name: "react",
    title: "ReAct with energy",
    options: { percentile },
    appliesTo: () => true,
    fit(network, training, { weights, bias }) {
      const energyOf = energy.of!(network);
      const limit = percentileOf(knownPictures(training).map(featuresOf), percentile);
      return (picture) => {
        const cut = Float64Array.from(featuresOf(picture), (value) => Math.min(value, limit));
        const logits = weights.map((row, output) => {
          let sum = bias[output]!;
          for (let i = 0; i < cut.length; i++) sum += row[i]! * cut[i]!;
          return sum;
        });
        return energyOf({ logits });
      };
    },
  });
}

/** The percentile of all numbers in some rows, with linear interpolation as in NumPy. */
function percentileOf(rows: readonly ArrayLike<number>[], percentile: number): number {
  const width = rows[0]!.length;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, index) => values.set(row, index * width));
  values.sort();
  const place = percentile / 100 * (values.length - 1);
  const [below, above] = [values[Math.floor(place)]!, values[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}
