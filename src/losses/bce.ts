/**
 * BCE: binary cross-entropy of every output's sigmoid with the one-hot label t,
 * `max(x, 0) - x t + log(1 + exp(-|x|))`, mean over the N x C values. The gradient is
 * `(sigmoid(x) - t) / (N C)`.
 *
 * Source: PyTorch's `BCEWithLogitsLoss`, which the article's notebook trains with.
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import type { Loss } from "./loss.ts";
import { meanBinaryCrossEntropy } from "./mean_loss.ts";
import { oneHotTargets } from "./targets.ts";

/**
 * Binary cross-entropy with the one-hot label.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { bce } from "unknown/losses/bce.ts";
 *
 * const input = { logits: tf.tensor2d([[0, 0, 0]]), features: tf.zeros<tf.Rank.R2>([1, 512]) };
 * const [value] = bce.value(input, [0]).dataSync();
 * assert.ok(Math.abs(value! - Math.log(2)) < 1e-6);
 * assert.deepEqual([...bce.targets([0], 3)], [1, 0, 0]);
 * ```
 */
export const bce: Loss = ofProject({
  name: "bce",
  title: "Binary cross-entropy",
  activation: "sigmoid",
  naTarget: "output",
  targets: (labels, outputs) => oneHotTargets(labels, outputs),
  value: ({ logits }, labels) =>
    meanBinaryCrossEntropy(logits, bce.targets(labels, logits.shape[1])),
});
