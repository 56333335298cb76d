/**
 * Energy-regularised cross-entropy: `-log softmax(x)[label]` for known pictures, plus, for all
 * pictures, a penalty on an energy `E = -log(sum_c exp(x_c))` on the wrong side of a margin:
 * `weight * max(0, E - knownMargin)^2` for known pictures, whose energy should be low, and `weight
 * * max(0, unknownMargin - E)^2` for unknown ones; mean over the N pictures. The gradient by the
 * logits is `(softmax(x) - target) / N` for the first part, and `-softmax(x) dpenalty/dE / N` for
 * the second.
 *
 * Source: Liu, Wang, Owens and Li, "Energy-based Out-of-distribution Detection" (2020), section
 * 3.3. There, known and unknown pictures come in separate batches with separate means; here they
 * share a batch, and each picture counts the same.
 *
 * @module
 */
// tfjs differentiates the sum of both parts; under Deno, its core alone has no gradients.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { NO_OUTPUT } from "../data/labels.ts";
import { ofProject } from "../definition.ts";
import type { Loss } from "./loss.ts";
import { meanLoss } from "./mean_loss.ts";
import { oneHotTargets } from "./targets.ts";

/**
 * Cross-entropy of known pictures, with a penalty on energies beyond a margin.
 *
 * @param options.weight of the penalty; 0.1 in the paper
 * @param options.knownMargin energy above which known pictures are penalised; the right value
 *   depends on data and network, so choose it on validation pictures. -25 in the paper, for
 *   pretrained networks.
 * @param options.unknownMargin energy below which unknown pictures are penalised; -7 in the paper
 * @throws {RangeError} if the weight is negative, a number is not finite, or the margins are not in
 *   order
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { energyRegularised } from "unknown/losses/energy_regularised.ts";
 *
 * const loss = energyRegularised({ knownMargin: -5, unknownMargin: -1 });
 * // Two logits of 3 have the energy -3 - log 2.
 * const input = { logits: tf.tensor2d([[3, 3]]), features: tf.zeros<tf.Rank.R2>([1, 512]) };
 * const [value] = loss.value(input, [-1]).dataSync();
 * assert.ok(Math.abs(value! - 0.1 * (-1 + 3 + Math.log(2)) ** 2) < 1e-6);
 * ```
 */
export function energyRegularised(
  { weight = 0.1, knownMargin = -25, unknownMargin = -7 } = {},
): Loss {
  const options = { weight, knownMargin, unknownMargin };
  for (const [what, value] of Object.entries(options)) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(`${what} of the energy-regularised loss is ${value}; use a finite number`);
  }
  if (weight < 0) {
    throw new RangeError(
      `weight of the energy-regularised loss is ${weight}; use a number of at least 0`,
    );
  }
  if (knownMargin > unknownMargin) {
    throw new RangeError(
      `knownMargin ${knownMargin} of the energy-regularised loss is above unknownMargin ` +
        `${unknownMargin}; known pictures are to have the lower energy`,
    );
  }
  const targets: Loss["targets"] = (labels, outputs) =>
    oneHotTargets(labels, outputs, { label: NO_OUTPUT, target: 0 });
  return ofProject<Loss>({
    name: "energy-regularised",
    title: "Energy-regularised",
    options,
    activation: "softmax",
    naTarget: "none",
    targets,
    value: ({ logits }, labels) =>
      tf.tidy(() => {
        const wanted = targets(labels, logits.shape[1]);
        return tf.add(
          crossEntropyOfKnown(logits, labels, wanted),
          tf.mul(2 * weight, meanHalfPrice(logits, labels, knownMargin, unknownMargin)),
        );
      }),
  });
}

/** The sum over known pictures, divided by the number of all pictures. */
function crossEntropyOfKnown(
  logits: tf.Tensor2D,
  labels: ArrayLike<number>,
  targets: Float32Array,
): tf.Scalar {
  const count = logits.shape[0];
  if (labels.length !== count) {
    throw new Error(
      `${labels.length} labels for logits of ${count} pictures; give one for each`,
    );
  }
  return meanLoss(logits, count, (x) => {
    const wanted = tf.tensor2d(targets, x.shape);
    const logProbabilities = tf.logSoftmax(x);
    const isKnown = knownColumn(labels);
    return {
      losses: tf.neg(tf.mul(wanted, logProbabilities)),
      gradient: tf.sub(tf.mul(isKnown, tf.exp(logProbabilities)), wanted),
    };
  });
}

/** Half the mean of the squares: half, so that the gradients of huge energies do not overflow. */
function meanHalfPrice(
  logits: tf.Tensor2D,
  labels: ArrayLike<number>,
  knownMargin: number,
  unknownMargin: number,
): tf.Scalar {
  return meanLoss(logits, logits.shape[0], (x) => {
    const energies = tf.neg(tf.logSumExp(x, 1, true));
    const isKnown = knownColumn(labels);
    const tooHigh = tf.mul(isKnown, tf.relu(tf.sub(energies, knownMargin)));
    const tooLow = tf.mul(tf.sub(1, isKnown), tf.relu(tf.sub(unknownMargin, energies)));
    return {
      losses: tf.div(tf.add(tf.square(tooHigh), tf.square(tooLow)), 2),
      // The gradient of the energy by the logits is minus the softmax.
      gradient: tf.mul(tf.softmax(x), tf.sub(tooLow, tooHigh)),
    };
  });
}

/** [N, 1], 1 where a picture is known. */
function knownColumn(labels: ArrayLike<number>): tf.Tensor2D {
  const known = Array.from(labels, (label) => label === NO_OUTPUT ? 0 : 1);
  return tf.tensor2d(known, [known.length, 1], "float32");
}
