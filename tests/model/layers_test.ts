import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { BatchNorm, Dropout } from "../../src/model/layers.ts";
import { ParameterList } from "../../src/model/parameters.ts";

await tf.setBackend("cpu");

Deno.test("a batch norm's running variance takes a tenth of the unbiased variance of the batch", () => {
  tf.tidy(() => {
    const norm = new BatchNorm(new ParameterList(0), "n", "head", 2);
    norm.forward(tf.tensor2d([[1, 10], [3, 10], [5, 10]]), { training: true });
    assertClose(norm.statistics.mean, [0.3, 1]);
    assertClose(norm.statistics.variance, [0.9 + 0.1 * 4, 0.9]);
  });
});

Deno.test("a batch norm normalises with the batch in training and with the running statistics after", () => {
  tf.tidy(() => {
    const norm = new BatchNorm(new ParameterList(0), "n", "head", 1);
    const x = tf.tensor2d([[1], [3]]);
    assertClose(norm.forward(x, { training: true }), [-0.999, 1.001], 1e-4);
    norm.statistics.mean.assign(tf.tensor1d([1]));
    norm.statistics.variance.assign(tf.tensor1d([4]));
    assertClose(norm.forward(x, { training: false }), [0.001, 1.001], 1e-4);
    assertClose(norm.statistics.mean, [1]);
  });
});

Deno.test("a batch norm cannot train on one value per channel", () => {
  tf.tidy(() => {
    const norm = new BatchNorm(new ParameterList(0), "head.norm1", "head", 3);
    assert.throws(() => norm.forward(tf.ones([1, 3]), { training: true }), {
      message: "head.norm1: 1 value per channel has no variance to normalise with; " +
        "train with batches of 2 pictures or more",
    });
  });
});

Deno.test("Dropout zeroes about that share and scales the rest, so that the mean stays", () => {
  tf.tidy(() => {
    const mode = { training: true, dropout: { seed: 1, step: 0 } } as const;
    const values = new Dropout("d", 0.25).forward(tf.ones([100, 100]), mode).dataSync();
    const kept = values.filter((value) => value !== 0);
    assert.ok(Math.abs(kept.length / values.length - 0.75) < 0.02);
    assert.ok(kept.every((value) => Math.abs(value - 4 / 3) < 1e-6));
  });
});

Deno.test("Dropout depends on seed, step and layer alone", () => {
  tf.tidy(() => {
    const x = tf.ones([10, 10]);
    const masked = (
      seed: number,
      step: number,
      layer: string,
    ) => [
      ...new Dropout(layer, 0.5).forward(x, { training: true, dropout: { seed, step } }).dataSync(),
    ];
    assert.deepEqual(masked(1, 2, "d"), masked(1, 2, "d"));
    for (const other of [masked(2, 2, "d"), masked(1, 3, "d"), masked(1, 2, "e")]) {
      assert.notDeepEqual(other, masked(1, 2, "d"));
    }
  });
});

Deno.test("Dropout drops nothing in evaluation", () => {
  tf.tidy(() => {
    const x = tf.ones([10]);
    assert.equal(new Dropout("d", 0.5).forward(x, { training: false }), x);
  });
});

function assertClose(tensor: tf.Tensor, expected: number[], tolerance = 1e-6): void {
  const actual = [...tensor.dataSync()];
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < tolerance, `${actual} instead of ${expected}`)
  );
}
