/**
 * Means over a batch, with their gradients in closed form.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/**
 * The sum of all losses, divided by a count.
 *
 * @param x [N, ...] float32, the tensor by which the loss is differentiated
 * @param count the divisor of the sum; 0 counts as 1
 * @param lossesOf returns losses of any shape, and the gradient of their sum in the shape of x
 * @returns float32 scalar
 */
export function meanLoss(
  x: tf.Tensor2D,
  count: number,
  lossesOf: (x: tf.Tensor2D) => { readonly losses: tf.Tensor; readonly gradient: tf.Tensor },
): tf.Scalar {
  const divisor = Math.max(1, count);
  const meanOf = tf.customGrad((x, save) => {
    const { losses, gradient } = lossesOf(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.div(tf.sum(losses), divisor),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(saved!, tf.div(dy, divisor)),
    };
  });
  return meanOf(x) as tf.Scalar;
}

/**
 * Softmax cross-entropy: `-sum_c t_c log softmax(x)_c`, mean over the N pictures. The gradient is
 * `(softmax(x) - t) / N`, finite for finite logits of any size.
 *
 * @param logits x, [N, C] float32
 * @param targets t, [N x C] row-major; each row sums to 1
 * @returns float32 scalar
 * @throws {Error} if there are not N rows of targets.
 */
export function softCrossEntropy(logits: tf.Tensor2D, targets: Float32Array): tf.Scalar {
  return meanLoss(logits, logits.shape[0], (x) => {
    const wanted = targetTensor(targets, x.shape);
    const logProbabilities = tf.logSoftmax(x);
    return {
      losses: tf.neg(tf.mul(wanted, logProbabilities)),
      gradient: tf.sub(tf.exp(logProbabilities), wanted),
    };
  });
}

/**
 * Binary cross-entropy of sigmoids: `max(x, 0) - x t + log(1 + exp(-|x|))`, mean over the N x C
 * values. The gradient is `(sigmoid(x) - t) / (N C)`, finite for finite logits of any size.
 *
 * @param logits x, [N, C] float32
 * @param targets t in [0, 1], [N x C] row-major
 * @returns float32 scalar
 * @throws {Error} if there are not N rows of targets.
 */
export function meanBinaryCrossEntropy(logits: tf.Tensor2D, targets: Float32Array): tf.Scalar {
  return meanLoss(logits, logits.size, (x) => {
    const wanted = targetTensor(targets, x.shape);
    const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(x))));
    return {
      losses: tf.add(tf.sub(tf.relu(x), tf.mul(x, wanted)), softplus),
      gradient: tf.sub(tf.sigmoid(x), wanted),
    };
  });
}

function targetTensor(targets: Float32Array, [count, outputs]: [number, number]): tf.Tensor2D {
  if (targets.length !== count * outputs) {
    throw new Error(
      `${targets.length / outputs} labels for logits of ${count} pictures; give one for each`,
    );
  }
  return tf.tensor2d(targets, [count, outputs]);
}
