/**
 * What a network makes of many pictures: its scores, and how well they fit the labels.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, EvaluationBatches } from "../data/batch.ts";
import type { Experiment } from "../experiments.ts";
import { scoresOf } from "../losses/activation.ts";
import type { LossInput } from "../losses/loss.ts";
import type { XResNet } from "../model/xresnet.ts";

/**
 * The network's scores for every picture, in order: one row of C numbers in [0, 1] per picture.
 *
 * @param activation how the network's logits become scores
 * @throws the reason of the signal, if it is aborted.
 */
export async function predict(
  network: XResNet,
  activation: Experiment["activation"],
  evaluation: EvaluationBatches,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for await (const batch of evaluation.batches()) {
    const scores = tf.tidy(() => scoresOf(outputsOf(network, batch).logits, activation));
    rows.push(...await rowsOf(scores));
    scores.dispose();
    await serveSignals();
    signal?.throwIfAborted();
  }
  return rows;
}

/** What {@linkcode validate} finds. */
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
  network: XResNet,
  experiment: Experiment,
  evaluation: EvaluationBatches,
  signal?: AbortSignal,
): Promise<ValidationResult | undefined> {
  if (evaluation.count === 0) {
    throw new Error(
      `no validation pictures for experiment "${experiment.name}" (groups ` +
        `${experiment.trainingGroups.join(", ")}); put some into the data set's val folder`,
    );
  }
  const scores: Float32Array[] = [];
  const labels: number[] = [];
  let lossSum = 0;
  for await (const batch of evaluation.batches()) {
    const [loss, batchScores] = tf.tidy(() => {
      const outputs = outputsOf(network, batch);
      return [
        experiment.loss.value(outputs, batch.labels),
        scoresOf(outputs.logits, experiment.activation),
      ] as const;
    });
    lossSum += (await loss.data())[0]! * batch.count;
    scores.push(...await rowsOf(batchScores));
    labels.push(...batch.labels);
    tf.dispose([loss, batchScores]);
    await serveSignals();
    if (signal?.aborted) return undefined;
  }
  return { loss: lossSum / labels.length, scores, labels };
}

/** A backend on the CPU gives its results at once, without a turn of the event loop. */
async function serveSignals(): Promise<void> {
  await setImmediate();
}

function outputsOf(network: XResNet, { images, count, size }: Batch): LossInput {
  return network.outputs(tf.tensor4d(images, [count, size, size, 3]), { training: false });
}

async function rowsOf(scores: tf.Tensor2D): Promise<Float32Array[]> {
  const values = await scores.data<"float32">();
  const [count, columns] = scores.shape;
  return Array.from(
    { length: count },
    (_, row) => values.slice(row * columns, (row + 1) * columns),
  );
}
