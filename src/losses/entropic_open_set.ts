/**
 * Entropic open-set loss: cross-entropy, where pictures outside the known categories have the
 * target 1/C for each of the C outputs: `-log softmax(x)[label]` for known ones and `-(1/C) sum_c
 * log softmax(x)_c` for unknown ones, mean over the N pictures. The gradient is `(softmax(x) -
 * target) / N`. For unknown pictures it is lowest when all their scores are equal.
 *
 * Source: Dhamija, Günther and Boult, "Reducing Network Agnostophobia" (2018), section 3.1.
 *
 * @module
 */
import { NO_OUTPUT } from "../data/labels.ts";
import { ofProject } from "../definition.ts";
import type { Loss } from "./loss.ts";
import { softCrossEntropy } from "./mean_loss.ts";
import { oneHotTargets } from "./targets.ts";

/**
 * Softmax cross-entropy with the one-hot label, or with equal shares for pictures without an
 * output.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { entropicOpenSet } from "unknown/losses/entropic_open_set.ts";
 *
 * assert.deepEqual([...entropicOpenSet.targets([-1, 1], 2)], [0.5, 0.5, 0, 1]);
 * const input = { logits: tf.tensor2d([[3, 3]]), features: tf.zeros<tf.Rank.R2>([1, 512]) };
 * const [value] = entropicOpenSet.value(input, [-1]).dataSync();
 * assert.ok(Math.abs(value! - Math.log(2)) < 1e-6);
 * ```
 */
export const entropicOpenSet: Loss = ofProject({
  name: "entropic-open-set",
  title: "Entropic open-set",
  activation: "softmax",
  naTarget: "uniform",
  targets: (labels, outputs) =>
    oneHotTargets(labels, outputs, { label: NO_OUTPUT, target: 1 / outputs }),
  value: ({ logits }, labels) =>
    softCrossEntropy(logits, entropicOpenSet.targets(labels, logits.shape[1])),
});
