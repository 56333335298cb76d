/**
 * Binary cross-entropy of sigmoids with any targets, with its gradient in closed form.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { targetTensor } from "./targets.ts";

/**
 * `max(x, 0) - x t + log(1 + exp(-|x|))`, mean over the N x C values. The gradient is
 * `(sigmoid(x) - t) / (N C)`, finite for finite logits of any size.
 *
 * @param logits x, [N, C] float32
 * @param targets t in [0, 1], [N x C] row-major
 * @returns float32 scalar
 * @throws {Error} if there are not N rows of targets.
 */
export function meanBinaryCrossEntropy(logits: tf.Tensor2D, targets: Float32Array): tf.Scalar {
  const lossOf = tf.customGrad((x, save) => {
    const wanted = targetTensor(targets, logits.shape);
    (save as tf.GradSaveFunc)([x as tf.Tensor, wanted]);
    const input = x as tf.Tensor;
    const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(input))));
    const losses = tf.add(tf.sub(tf.relu(input), tf.mul(input, wanted)), softplus);
    const count = Math.max(1, input.size);
    return {
      value: tf.div(tf.sum(losses), count),
      gradFunc: (dy: tf.Tensor, [savedInput, t]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.sigmoid(savedInput!), t!), tf.div(dy, count)),
    };
  });
  return lossOf(logits) as tf.Scalar;
}
