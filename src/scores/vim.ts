/**
 * Virtual-logit matching: the energy of the known logits, minus a virtual logit for the part of the
 * features outside the principal space of known training pictures: `log(sum(exp(z))) - alpha
 * ||P_perp (f - u)||`, where `u = -pinv(W) b` is the origin of the last layer `W f + b`, and alpha
 * makes the mean virtual logit of known training pictures equal to their mean highest known logit.
 *
 * Source: Wang, Li, Feng and Zhang, "ViM: Out-Of-Distribution with Virtual-logit Matching" (2022).
 * The paper's score is the softmax probability of the virtual class; `-log` of its odds, as here,
 * ranks the same.
 *
 * @module
 */
import { Matrix, pseudoInverse } from "ml-matrix";
import { mean } from "simple-statistics";
import { ofProject } from "../definition.ts";
import { energy } from "./energy.ts";
import { highestOf, knownColumns, type LastLayer, type Score } from "./score.ts";
import {
  coordinates,
  featuresOf,
  knownPictures,
  minus,
  principalAxes,
  squaredLength,
} from "./training_features.ts";

/**
 * Virtual-logit matching.
 *
 * @param options.explainedVariance in (0, 1): the principal space is the smallest with this part of
 *   the variance of known training pictures. The paper gives dimensions for far larger networks.
 */
export function virtualLogit({ explainedVariance = 0.9 } = {}): Score {
  if (!(explainedVariance > 0 && explainedVariance < 1)) {
    throw new RangeError(`explainedVariance is ${explainedVariance}; use a number between 0 and 1`);
  }
  return ofProject<Score>({
    name: "vim",
    title: "ViM",
    options: { explainedVariance },
    appliesTo: () => true,
    fit(network, training, lastLayer) {
      const known = knownPictures(training);
      const columns = knownColumns(network.labels);
      const energyOf = energy.of!(network);
      const origin = originOf(lastLayer, columns);
      const deviations = known.map((picture) => minus(featuresOf(picture), origin));
      const { variances, axes } = principalAxes(deviations);
      const residual = axes.slice(principalDimension(variances, explainedVariance));
      const lengthOutside = (deviation: Float64Array) =>
        Math.sqrt(squaredLength(coordinates(deviation, residual)));
      const highest = mean(known.map(({ logits }) => highestOf(logits, columns)));
      const outside = mean(deviations.map(lengthOutside));
      // If training pictures have no part outside, the virtual logit has no scale.
      const alpha = outside > 0 ? highest / outside : 0;
      return (picture) => {
        const deviation = minus(featuresOf(picture), origin);
        return energyOf(picture) - alpha * lengthOutside(deviation);
      };
    },
  });
}

/** `-pinv(W) b`, for the known outputs only. */
function originOf({ weights, bias }: LastLayer, columns: readonly number[]): Float64Array {
  const known = new Matrix(columns.map((column) => Array.from(weights[column]!)));
  const offsets = Matrix.columnVector(columns.map((column) => bias[column]!));
  return Float64Array.from(pseudoInverse(known).mmul(offsets).mul(-1).to1DArray());
}

/**
 * The number of leading variances that make up this part of the total; at least one is left
 * outside.
 */
function principalDimension(variances: readonly number[], part: number): number {
  const wanted = part * variances.reduce((sum, variance) => sum + variance, 0);
  let sum = 0;
  const last = variances.findIndex((variance) => (sum += variance) >= wanted);
  return Math.min(last + 1, variances.length - 1);
}
