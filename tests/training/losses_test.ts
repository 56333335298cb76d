import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { bce, bcena, crossEntropy, LOSSES, scoresOf } from "../../src/training/losses.ts";
import type { Loss } from "../../src/training/losses.ts";

await tf.setBackend("cpu");

function valueAndGradient(loss: Loss, logits: number[][], labels: number[]) {
  return tf.tidy(() => {
    const x = tf.tensor2d(logits);
    const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor2D, labels))(x);
    return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
  });
}

Deno.test("crossEntropy() of equal logits is the logarithm of the number of classes", () => {
  const { value, gradient } = valueAndGradient(crossEntropy, [[2, 2, 2, 2]], [1]);
  assertClose([value], [Math.log(4)]);
  assertClose(gradient, [0.25, -0.75, 0.25, 0.25]);
});

Deno.test("bce() of logits 0 is log 2, with gradients of half a picture's share", () => {
  const { value, gradient } = valueAndGradient(bce, [[0, 0], [0, 0]], [0, 1]);
  assertClose([value], [Math.log(2)]);
  assertClose(gradient, [-0.125, 0.125, 0.125, -0.125]);
});

Deno.test("bcena() asks every output to be low for na, its own too", () => {
  const { gradient } = valueAndGradient(bcena, [[0, 0], [0, 0]], [0, 1]);
  assertClose(gradient, [0.125, 0.125, 0.125, -0.125]);
});

Deno.test("bcena() is bce() where no picture is na", () => {
  const logits = [[0.3, -2, 1], [4, 0.1, -0.7]];
  assert.deepEqual(
    valueAndGradient(bcena, logits, [1, 2]),
    valueAndGradient(bce, logits, [1, 2]),
  );
});

for (const [name, loss] of Object.entries(LOSSES)) {
  Deno.test(`${name} is finite for logits of any size`, () => {
    for (const size of [60, 1000, 1e30]) {
      for (const labels of [[0, 0], [1, 2], [2, 1]]) {
        const logits = [[size, -size, size], [-size, -size, size]];
        const { value, gradient } = valueAndGradient(loss, logits, labels);
        assert.ok(Number.isFinite(value), `${value} for +-${size}`);
        assert.ok(gradient.every(Number.isFinite), `${gradient} for +-${size}`);
      }
    }
  });

  Deno.test(`${name} names a label that the network does not have`, () => {
    for (const label of [3, -1, 0.5, NaN]) {
      assert.throws(
        () => valueAndGradient(loss, [[1, 2, 3], [1, 2, 3]], [0, label]),
        new RegExp(`^Error: label ${label} of picture 1 in the batch: there are 3 outputs`),
      );
    }
  });

  Deno.test(`${name} wants one label per picture`, () => {
    assert.throws(
      () => valueAndGradient(loss, [[1, 2, 3]], [0, 1]),
      { message: "2 labels for logits of 1 pictures; give one for each" },
    );
  });

  Deno.test(`${name} passes NaN on instead of hiding it`, () => {
    assert.ok(Number.isNaN(valueAndGradient(loss, [[NaN, 0]], [1]).value));
  });

  Deno.test(`${name} keeps no tensors but its value`, () => {
    const logits = tf.tensor2d([[1, 2], [3, 4]]);
    const before = tf.memory().numTensors;
    const value = tf.tidy(() => loss(logits, [0, 1]));
    assert.equal(tf.memory().numTensors, before + 1);
    tf.dispose([logits, value]);
  });
}

Deno.test("scoresOf() makes shares of logits by softmax, and independent scores by sigmoid", () => {
  const [softmax, sigmoid] = tf.tidy(() => {
    const logits = tf.tensor2d([[0, Math.log(3)], [1000, 0]]);
    return (["softmax", "sigmoid"] as const).map((name) => [...scoresOf(logits, name).dataSync()]);
  });
  assertClose(softmax!, [0.25, 0.75, 1, 0]);
  assertClose(sigmoid!, [0.5, 0.75, 1, 0.5]);
});

function assertClose(actual: number[], expected: number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${actual}`));
}
