import type * as tf from "@tensorflow/tfjs-core";
export function activated(logits: ArrayLike<number>, activation: "softmax" | "sigmoid"): number[] {
  const z = Array.from(logits);
  if (activation === "sigmoid") {
    return z.map((x) => x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  }
  const top = Math.max(...z);
  const e = z.map((x) => Math.exp(x - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}
export declare function scoresOf(
  logits: tf.Tensor2D,
  activation: "softmax" | "sigmoid",
): tf.Tensor2D;
