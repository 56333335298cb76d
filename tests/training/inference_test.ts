import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { Batch, EvaluationBatches } from "../../src/data/batch.ts";
import { bce, bcena, ce } from "../../src/article/experiments.ts";
import { outputRows, validate } from "../../src/training/inference.ts";
import { CLASSES, syntheticEvaluation, TINY_NETWORK } from "./synthetic_data.ts";

await tf.setBackend("cpu");

const NETWORK = TINY_NETWORK.build(CLASSES, 3);

async function collect(evaluation: EvaluationBatches): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of evaluation.batches()) batches.push(batch);
  return batches;
}

Deno.test("outputRows() gives a row of logits per picture, in order, and leaves no tensors", async () => {
  const evaluation = syntheticEvaluation(6);
  const before = tf.memory().numTensors;
  const { logits, features } = await outputRows(NETWORK, evaluation);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(logits.map(({ length }) => length), Array(6).fill(CLASSES));
  assert.deepEqual(features, []);
  const [, last] = await collect(evaluation);
  const alone = await outputRows(NETWORK, {
    count: 2,
    batches: async function* () {
      yield await Promise.resolve(last!);
    },
  });
  assert.deepEqual(logits.slice(4), alone.logits);
});

Deno.test("outputRows() takes pictures that have no label", async () => {
  const [batch] = await collect(syntheticEvaluation(2));
  const unlabelled = { ...batch!, labels: Int32Array.of(-1, -1) };
  const { logits } = await outputRows(NETWORK, {
    count: 2,
    batches: async function* () {
      yield await Promise.resolve(unlabelled);
    },
  });
  assert.equal(logits.length, 2);
});

Deno.test("outputRows() gives the features that the last layer makes the logits of", async () => {
  const { logits, features } = await outputRows(NETWORK, syntheticEvaluation(3), {
    features: true,
  });
  const weights = NETWORK.namedVariables().get("l2")!;
  const [inputs, outputs] = weights.shape as [number, number];
  const values = weights.dataSync();
  for (const [row, feature] of features.entries()) {
    assert.equal(feature.length, inputs);
    for (let output = 0; output < outputs; output++) {
      const sum = feature.reduce((sum, f, i) => sum + f * values[i * outputs + output]!, 0);
      assert.ok(Math.abs(sum - logits[row]![output]!) < 1e-5);
    }
  }
});

Deno.test("outputRows() of no pictures is no rows", async () => {
  const rows = await outputRows(NETWORK, syntheticEvaluation(0), { features: true });
  assert.deepEqual(rows, { logits: [], features: [] });
});

Deno.test("outputRows() stops at a signal", async () => {
  const signal = AbortSignal.abort(new Error("stopped"));
  await assert.rejects(outputRows(NETWORK, syntheticEvaluation(5), { signal }), {
    message: "stopped",
  });
});

Deno.test("validate() weights every picture alike, whatever batch it is in", async () => {
  const evaluation = syntheticEvaluation(5);
  const result = await validate(NETWORK, bce, evaluation);
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
  assert.equal(await validate(NETWORK, ce, evaluation, signal), undefined);
});

Deno.test("validate() says that there is nothing to validate with", async () => {
  await assert.rejects(validate(NETWORK, bcena, syntheticEvaluation(0)), {
    message: 'no validation pictures for experiment "bcena" (groups known, unknown); ' +
      "put some into the data set's val folder",
  });
});
