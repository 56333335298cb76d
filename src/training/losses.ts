/**
 * The losses of the experiments, with gradients in closed form.
 *
 * A loss takes logits [N, C] and N labels, and gives the mean over the batch as a scalar. Logits
 * of any finite size give finite values and gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { LossName } from "../experiments.ts";

/**
 * A differentiable loss.
 *
 * @param logits [N, C] float32
 * @param labels N integers in [0, C)
 * @returns float32 scalar
 * @throws {Error} if a label is out of range or their number is not N.
 */
export type Loss = (logits: tf.Tensor2D, labels: ArrayLike<number>) => tf.Scalar;

/** The label of pictures that show none of the classes, in networks that have that output. */
export const NA_LABEL = 0;

/**
 * Softmax cross-entropy: `-log softmax(x)[label]`, mean over the N pictures. The gradient is
 * `(softmax(x) - target) / N`.
 */
export const crossEntropy: Loss = (logits, labels) => {
  const lossOf = tf.customGrad((x, save) => {
    const targets = oneHotTargets(labels, logits.shape);
    const logProbabilities = tf.logSoftmax(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([logProbabilities, targets]);
    const count = Math.max(1, labels.length);
    const value = tf.div(tf.neg(tf.sum(tf.mul(targets, logProbabilities))), count);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [logP, t]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.exp(logP!), t!), tf.div(dy, count)),
    };
  });
  return lossOf(logits) as tf.Scalar;
};

/**
 * Binary cross-entropy of the sigmoids with the one-hot label, mean over the N x C values:
 * `max(x, 0) - x t + log(1 + exp(-|x|))`, whose gradient is `(sigmoid(x) - t) / (N C)`.
 */
export const bce: Loss = (logits, labels) =>
  meanBinaryCrossEntropy(logits, () => oneHotTargets(labels, logits.shape));

/**
 * BCENa, the article's loss: {@linkcode bce} where the target of "na" (label 0) is all zeros, so
 * that such a picture teaches every output to stay low, its own too.
 *
 * Source: Dylski, "Classifying unknown gestures with modified loss function" (2020).
 */
export const bcena: Loss = (logits, labels) =>
  meanBinaryCrossEntropy(logits, () => oneHotTargets(labels, logits.shape, NA_LABEL));

/** The losses by the names used in experiments. */
export const LOSSES: Readonly<Record<LossName, Loss>> = {
  "cross-entropy": crossEntropy,
  bce,
  bcena,
};

/**
 * Logits as scores in [0, 1], of the same shape: softmax over the classes, or the sigmoid of each.
 */
export function scoresOf(
  logits: tf.Tensor2D,
  activation: "softmax" | "sigmoid",
): tf.Tensor2D {
  return activation === "softmax" ? tf.softmax(logits) : tf.sigmoid(logits);
}

function meanBinaryCrossEntropy(logits: tf.Tensor2D, targetsOf: () => tf.Tensor2D): tf.Scalar {
  const lossOf = tf.customGrad((x, save) => {
    const targets = targetsOf();
    (save as tf.GradSaveFunc)([x as tf.Tensor, targets]);
    const input = x as tf.Tensor;
    const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(input))));
    const losses = tf.add(tf.sub(tf.relu(input), tf.mul(input, targets)), softplus);
    const count = Math.max(1, input.size);
    return {
      value: tf.div(tf.sum(losses), count),
      gradFunc: (dy: tf.Tensor, [savedInput, t]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.sigmoid(savedInput!), t!), tf.div(dy, count)),
    };
  });
  return lossOf(logits) as tf.Scalar;
}

/** [N, C] float32: 1 at the label, else 0; all 0 where the label is `zeroLabel`. */
function oneHotTargets(
  labels: ArrayLike<number>,
  [count, classes]: readonly [number, number],
  zeroLabel?: number,
): tf.Tensor2D {
  if (labels.length !== count) {
    throw new Error(`${labels.length} labels for logits of ${count} pictures; give one for each`);
  }
  const targets = new Float32Array(count * classes);
  for (let row = 0; row < count; row++) {
    const label = labels[row]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new Error(
        `label ${label} of picture ${row} in the batch: there are ${classes} outputs, so labels ` +
          `are integers from 0 to ${classes - 1}; check which groups the experiment trains on`,
      );
    }
    if (label !== zeroLabel) targets[row * classes + label] = 1;
  }
  return tf.tensor2d(targets, [count, classes]);
}
