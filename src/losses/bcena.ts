/**
 * BCENa, the article's loss: binary cross-entropy of every output's sigmoid with the one-hot label
 * t, where all targets of na pictures are 0, so they teach every output, including that of na, to
 * stay low: `max(x, 0) - x t + log(1 + exp(-|x|))`, mean over the N x C values. The gradient is
 * `(sigmoid(x) - t) / (N C)`.
 *
 * Source: Dylski, "Classifying unknown gestures with modified loss function" (2020).
 *
 * @module
 */
import { NA_OUTPUT } from "../data/labels.ts";
import { ofProject } from "../definition.ts";
import type { Loss } from "./loss.ts";
import { meanBinaryCrossEntropy } from "./mean_loss.ts";
import { oneHotTargets } from "./targets.ts";

/**
 * Binary cross-entropy with the one-hot label, or with zeros for na.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { bcena } from "unknown/losses/bcena.ts";
 *
 * assert.deepEqual([...bcena.targets([0, 2], 3)], [0, 0, 0, 0, 0, 1]);
 * const input = { logits: tf.tensor2d([[-9, -9, -9]]), features: tf.zeros<tf.Rank.R2>([1, 512]) };
 * assert.ok(bcena.value(input, [0]).dataSync()[0]! < 0.001);
 * ```
 */
export const bcena: Loss = ofProject({
  name: "bcena",
  title: "BCENa",
  activation: "sigmoid",
  naTarget: "zeros",
  targets: (labels, outputs) => oneHotTargets(labels, outputs, { label: NA_OUTPUT, target: 0 }),
  value: ({ logits }, labels) =>
    meanBinaryCrossEntropy(logits, bcena.targets(labels, logits.shape[1])),
});
