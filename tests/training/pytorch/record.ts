/**
 * Writes down everything a training starts from and meets, so that another program can repeat it:
 * the initial values of the network, all batches and the masks of dropout.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { join } from "@std/path";
import type { Batch, EvaluationBatches } from "../../../src/data/batch.ts";
import { Dropout } from "../../../src/model/layers.ts";
import { totalEpochs } from "../../../src/profiles.ts";
import type { TrainingOptions } from "../../../src/training/trainer.ts";

/**
 * Fills a folder with `run.json` (setting, names and shapes), `values.bin` (the network's values),
 * `training.bin` (of every step images, labels and the two masks) and `validation.bin` (images and
 * labels), all little-endian float32 and int32.
 */
export async function recordTraining(
  folder: string,
  { network, experiment, seed, training, validation }: TrainingOptions,
): Promise<void> {
  const { profile } = experiment;
  const roles = new Map(
    network.parameters.map(({ name, group, kind }) => [name, { group, kind }]),
  );
  const variables = [...network.namedVariables()];
  const maskWidths = network.namedVariables().get("l1")!.shape;
  const { batchSize, batchesPerEpoch } = training;
  const run = {
    experiment: experiment.name,
    size: profile.size,
    batchSize,
    batchesPerEpoch,
    validationPictures: validation.count,
    validationBatchSize: (await firstOf(validation)).count,
    maskWidths,
    phases: profile.phases,
    variables: variables.map(([name, { shape }]) => ({
      name,
      shape,
      role: roles.get(name) ?? null,
    })),
  };
  await Deno.writeTextFile(join(folder, "run.json"), JSON.stringify(run));
  await write(folder, "values.bin", variables.map(([, variable]) => variable.dataSync()));
  await write(folder, "validation.bin", arraysOf(validation.batches()));
  await write(folder, "training.bin", trainingArrays());

  async function* trainingArrays() {
    for (let epoch = 0; epoch < totalEpochs(profile); epoch++) {
      let step = epoch * batchesPerEpoch;
      for await (const batch of training.epoch(epoch)) {
        yield batch.images;
        yield batch.labels;
        for (const [index, width] of maskWidths.entries()) yield mask(index, width, step);
        step++;
      }
    }
  }

  function mask(index: number, width: number, step: number): tf.TypedArray {
    return tf.tidy(() =>
      new Dropout(`head.dropout${index + 1}`, [0.25, 0.5][index]!)
        .forward(tf.ones([batchSize, width]), { training: true, dropout: { seed, step } })
        .dataSync()
    );
  }
}

async function firstOf(validation: EvaluationBatches): Promise<Batch> {
  for await (const batch of validation.batches()) return batch;
  throw new Error("no validation pictures");
}

async function* arraysOf(batches: AsyncIterable<Batch>) {
  for await (const { images, labels } of batches) {
    yield images;
    yield labels;
  }
}

async function write(
  folder: string,
  name: string,
  arrays: Iterable<tf.TypedArray> | AsyncIterable<tf.TypedArray>,
): Promise<void> {
  using file = await Deno.create(join(folder, name));
  for await (const { buffer, byteOffset, byteLength } of arrays) {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let written = 0; written < byteLength;) {
      written += await file.write(bytes.subarray(written));
    }
  }
}
