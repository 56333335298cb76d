/**
 * Softmax cross-entropy with any targets that sum to 1, with its gradient in closed form.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { targetTensor } from "./targets.ts";

/**
 * `-sum_c t_c log softmax(x)_c`, mean over the N pictures. The gradient is
 * `(softmax(x) - t) / N`, finite for finite logits of any size.
 *
 * @param logits x, [N, C] float32
 * @param targets t, [N x C] row-major; each row sums to 1
 * @returns float32 scalar
 * @throws {Error} if there are not N rows of targets.
 */
export function softCrossEntropy(logits: tf.Tensor2D, targets: Float32Array): tf.Scalar {
  const lossOf = tf.customGrad((x, save) => {
    const wanted = targetTensor(targets, logits.shape);
    const logProbabilities = tf.logSoftmax(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([logProbabilities, wanted]);
    const count = Math.max(1, logits.shape[0]);
    const value = tf.div(tf.neg(tf.sum(tf.mul(wanted, logProbabilities))), count);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [logP, t]: tf.Tensor[]) =>
        tf.mul(tf.sub(tf.exp(logP!), t!), tf.div(dy, count)),
    };
  });
  return lossOf(logits) as tf.Scalar;
}
