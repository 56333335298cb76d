/**
 * A network's outputs for many pictures, and its loss on their labels.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, EvaluationBatches } from "../data/batch.ts";
import type { Experiment } from "../experiments.ts";
import type { Activation } from "../losses/activation.ts";
import type { LossInput } from "../losses/loss.ts";
import type { Classifier } from "../model/network.ts";

/** A network's outputs for pictures, in their order: one row of numbers per picture. */
export interface OutputRows {
  /** One per label. */
  readonly logits: Float32Array[];
  /** The inputs of the last layer; empty if they were not requested. */
  readonly features: Float32Array[];
}

/**
 * The network's outputs for every picture, in order.
 *
 * @param options.features whether to keep the features as well
 * @throws the reason of the signal, if it is aborted.
 */
export async function outputRows(
  network: Classifier,
  evaluation: EvaluationBatches,
  options: { readonly features?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<OutputRows> {
  const rows: OutputRows = { logits: [], features: [] };
  for await (const batch of evaluation.batches()) {
    const { logits, features } = tf.tidy(() => ({ ...outputsOf(network, batch) }));
    try {
      rows.logits.push(...await rowsOf(logits));
      if (options.features) rows.features.push(...await rowsOf(features));
    } finally {
      tf.dispose([logits, features]);
    }
    // Lets signal handlers run: a backend on the CPU returns its results at once and never waits.
    await setImmediate();
    options.signal?.throwIfAborted();
  }
  return rows;
}

/** The result of {@linkcode validate}. */
export interface ValidationResult {
  /** Mean over the pictures. */
  readonly loss: number;
  /** One row of C numbers in [0, 1] per picture. */
  readonly scores: Float32Array[];
  readonly labels: number[];
}

/**
 * The experiment's loss and scores over labelled pictures; `undefined` if the signal stopped it.
 *
 * @throws {Error} if there are no pictures, or one has a label that the network does not have.
 */
export async function validate(
  network: Classifier,
  { name, loss, trainingGroups }: Experiment,
  evaluation: EvaluationBatches,
  signal?: AbortSignal,
): Promise<ValidationResult | undefined> {
  if (evaluation.count === 0) {
    throw new Error(
      `no validation pictures for experiment "${name}" (groups ${trainingGroups.join(", ")}); ` +
        "put some into the data set's val folder",
    );
  }
  const scores: Float32Array[] = [];
  const labels: number[] = [];
  let lossSum = 0;
  for await (const batch of evaluation.batches()) {
    const [value, batchScores] = tf.tidy(() => {
      const outputs = outputsOf(network, batch);
      const lossValue = loss.value(outputs, batch.labels);
      return [lossValue, scoresOf(outputs.logits, loss.activation)] as const;
    });
    lossSum += (await value.data())[0]! * batch.count;
    scores.push(...await rowsOf(batchScores));
    labels.push(...batch.labels);
    tf.dispose([value, batchScores]);
    // Lets signal handlers run: a backend on the CPU returns its results at once and never waits.
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  return { loss: lossSum / labels.length, scores, labels };
}

/** Logits [N, C] as scores in [0, 1], of the same shape. */
export function scoresOf(logits: tf.Tensor2D, activation: Activation): tf.Tensor2D {
  return activation === "softmax" ? tf.softmax(logits) : tf.sigmoid(logits);
}

function outputsOf(network: Classifier, { images, count, size }: Batch): LossInput {
  return network.forward(tf.tensor4d(images, [count, size, size, 3]), { training: false });
}

async function rowsOf(tensor: tf.Tensor2D): Promise<Float32Array[]> {
  const values = await tensor.data<"float32">();
  const [count, columns] = tensor.shape;
  const row = (_: unknown, i: number) => values.slice(i * columns, (i + 1) * columns);
  return Array.from({ length: count }, row);
}
