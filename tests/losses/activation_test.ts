import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { activated } from "../../src/losses/activation.ts";
import { scoresOf } from "../../src/training/inference.ts";
import { assertClose, testOnBackends } from "./loss_promises.ts";

const LOGITS = [[0, Math.log(3)], [1000, 0], [-2.5, 3.25], [-80, -81]];

testOnBackends("scoresOf() makes shares by softmax, and independent scores by sigmoid", () => {
  const [softmax, sigmoid] = tf.tidy(() => {
    const logits = tf.tensor2d(LOGITS.slice(0, 2));
    return (["softmax", "sigmoid"] as const).map((name) => [...scoresOf(logits, name).dataSync()]);
  });
  assertClose(softmax!, [0.25, 0.75, 1, 0]);
  assertClose(sigmoid!, [0.5, 0.75, 1, 0.5]);
});

testOnBackends("activated() gives the scores of scoresOf()", () => {
  for (const activation of ["softmax", "sigmoid"] as const) {
    const expected = tf.tidy(() => [...scoresOf(tf.tensor2d(LOGITS), activation).dataSync()]);
    assertClose(LOGITS.flatMap((row) => activated(row, activation)), expected);
  }
});

Deno.test("activated() has all digits of scores that are nearly 0", () => {
  const [score] = activated([-50], "sigmoid");
  assert.ok(Math.abs(score! / Math.exp(-50) - 1) < 1e-15);
  const [share] = activated(Float32Array.of(-600, 0), "softmax");
  assert.ok(Math.abs(share! / Math.exp(-600) - 1) < 1e-15);
});

Deno.test("activated() is finite for finite logits of any size, however many", () => {
  const huge = Number.MAX_VALUE;
  assert.deepEqual(activated([huge, -huge, huge], "softmax"), [0.5, 0, 0.5]);
  assert.deepEqual(activated([-huge, -huge], "softmax"), [0.5, 0.5]);
  assert.deepEqual(activated([huge, 0, -huge], "sigmoid"), [1, 0.5, 0]);
  assert.deepEqual(activated([7], "softmax"), [1]);
  assert.deepEqual(activated([], "softmax"), []);
});

Deno.test("activated() passes NaN on instead of hiding it", () => {
  assert.ok(activated([NaN, 0], "softmax").every(Number.isNaN));
  assert.deepEqual(activated([NaN, 0], "sigmoid"), [NaN, 0.5]);
});
