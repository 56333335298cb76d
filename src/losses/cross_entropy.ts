/**
 * Cross-entropy: `-log softmax(x)[label]`, mean over the N pictures. The gradient is
 * `(softmax(x) - target) / N`, where the target is 1 at the label and 0 elsewhere.
 *
 * Source: the usual loss of classifiers; Goodfellow, Bengio and Courville, "Deep Learning" (2016),
 * section 6.2.2.3.
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import type { Loss } from "./loss.ts";
import { softCrossEntropy } from "./mean_loss.ts";
import { oneHotTargets } from "./targets.ts";

/**
 * Softmax cross-entropy with the one-hot label.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { crossEntropy } from "unknown/losses/cross_entropy.ts";
 *
 * const input = { logits: tf.tensor2d([[2, 2, 2, 2]]), features: tf.zeros<tf.Rank.R2>([1, 512]) };
 * const [value] = crossEntropy.value(input, [1]).dataSync();
 * assert.ok(Math.abs(value! - Math.log(4)) < 1e-6);
 * ```
 */
export const crossEntropy: Loss = ofProject({
  name: "cross-entropy",
  title: "Cross-entropy",
  activation: "softmax",
  naTarget: "output",
  targets: (labels, outputs) => oneHotTargets(labels, outputs),
  value: ({ logits }, labels) =>
    softCrossEntropy(logits, crossEntropy.targets(labels, logits.shape[1])),
});
