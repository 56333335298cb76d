import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { Batch, EvaluationBatches } from "../../src/data/batch.ts";
import { experimentNamed } from "../../src/experiments.ts";
import { predict, validate } from "../../src/training/inference.ts";
import { CLASSES, syntheticEvaluation, TINY_NETWORK } from "./synthetic_data.ts";

await tf.setBackend("cpu");

const NETWORK = TINY_NETWORK.build(CLASSES, 3);

async function collect(evaluation: EvaluationBatches): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of evaluation.batches()) batches.push(batch);
  return batches;
}

Deno.test("predict() gives a row of scores per picture, in order, and leaves no tensors", async () => {
  const evaluation = syntheticEvaluation(6);
  const before = tf.memory().numTensors;
  const rows = await predict(NETWORK, "softmax", evaluation);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(rows.map(({ length }) => length), Array(6).fill(CLASSES));
  for (const row of rows) {
    assert.ok(Math.abs(row.reduce((sum, score) => sum + score, 0) - 1) < 1e-6);
  }
  const [, last] = await collect(evaluation);
  const alone = await predict(NETWORK, "softmax", {
    count: 2,
    batches: async function* () {
      yield await Promise.resolve(last!);
    },
  });
  assert.deepEqual(rows.slice(4), alone);
});

Deno.test("predict() scores pictures that have no label", async () => {
  const [batch] = await collect(syntheticEvaluation(2));
  const unlabelled = { ...batch!, labels: Int32Array.of(-1, -1) };
  const rows = await predict(NETWORK, "sigmoid", {
    count: 2,
    batches: async function* () {
      yield await Promise.resolve(unlabelled);
    },
  });
  assert.equal(rows.length, 2);
});

Deno.test("predict() of no pictures is no rows", async () => {
  assert.deepEqual(await predict(NETWORK, "sigmoid", syntheticEvaluation(0)), []);
});

Deno.test("predict() stops at a signal", async () => {
  const signal = AbortSignal.abort(new Error("stopped"));
  await assert.rejects(predict(NETWORK, "sigmoid", syntheticEvaluation(5), signal), {
    message: "stopped",
  });
});

Deno.test("validate() weights every picture alike, whatever batch it is in", async () => {
  const evaluation = syntheticEvaluation(5);
  const result = await validate(NETWORK, experimentNamed("bce"), evaluation);
  const losses = result!.scores.map((row, i) =>
    [...row].reduce((sum, score, label) => {
      const right = label === result!.labels[i] ? score : 1 - score;
      return sum - Math.log(right) / CLASSES;
    }, 0)
  );
  assert.equal(losses.length, 5);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / 5;
  assert.ok(Math.abs(result!.loss - mean) < 1e-5, `${result!.loss} instead of ${mean}`);
});

Deno.test("validate() stops at a signal", async () => {
  const signal = AbortSignal.abort();
  const evaluation = syntheticEvaluation(5);
  assert.equal(await validate(NETWORK, experimentNamed("ce"), evaluation, signal), undefined);
});

Deno.test("validate() says that there is nothing to validate with", async () => {
  await assert.rejects(validate(NETWORK, experimentNamed("bcena"), syntheticEvaluation(0)), {
    message: 'no validation pictures for experiment "bcena" (groups known, unknown); ' +
      "put some into the data set's val folder",
  });
});
