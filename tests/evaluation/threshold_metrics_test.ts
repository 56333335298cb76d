import assert from "node:assert/strict";
import {
  accuracy,
  accuracyWithNa,
  accuracyWithoutNa,
  decode,
  NO_NA_OUTPUT,
} from "../../src/evaluation/threshold_metrics.ts";

const ARGMAX = { kind: "argmax" } as const;
const at = (threshold: number) => ({ kind: "threshold", threshold }) as const;

Deno.test("a tie goes to the first of the highest scores", () => {
  assert.deepEqual(decode([[0.2, 0.7, 0.7], [0.5, 0.5, 0.5]], ARGMAX, 0), [1, 0]);
});

Deno.test("a highest score equal to the threshold is accepted, one just below is na", () => {
  assert.deepEqual(decode([[0.1, 0.5], [0.1, 0.5 - 1e-9]], at(0.5), 0), [1, 0]);
});

Deno.test("a score of na above the threshold stays na", () => {
  assert.deepEqual(decode([[0.9, 0.1]], at(0.5), 0), [0]);
});

Deno.test("a network without an na output rejects with a label of its own", () => {
  assert.deepEqual(decode([[0.1, 0.3], [0.8, 0.3]], at(0.5), NO_NA_OUTPUT), [-1, 0]);
  assert.equal(accuracyWithNa([[0.1, 0.3], [0.8, 0.3]], [-1, 1], 0.5, NO_NA_OUTPUT), 0.5);
});

Deno.test("rows may be typed arrays", () => {
  assert.deepEqual(decode([new Float32Array([0.1, 0.3])], ARGMAX, 0), [1]);
});

Deno.test("the accuracy without na leaves out the pictures whose label is na", () => {
  const scores = [[0.9, 0.1, 0], [0.2, 0.3, 0.1], [0.2, 0.3, 0.1]];
  assert.equal(accuracyWithoutNa(scores, [0, 1, 2], 0), 0.5);
  assert.equal(accuracy(scores, [0, 1, 2]), 2 / 3);
});

Deno.test("accuracies of nothing are undefined, not NaN", () => {
  assert.equal(accuracy([], []), undefined);
  assert.equal(accuracyWithNa([], [], 0.4, 0), undefined);
  assert.equal(accuracyWithoutNa([[0.9, 0.1]], [0], 0), undefined);
});

Deno.test("a score that is NaN is an error that names its row and label", () => {
  assert.throws(() => decode([[0.1, 0.2], [0.3, NaN]], ARGMAX, 0), /row 1 .* \(label 1\)/);
  assert.throws(() => accuracy([[NaN]], [0]), /row 0/);
});

Deno.test("a row without scores is an error", () => {
  assert.throws(() => decode([[]], ARGMAX, 0), /row 0 has no scores/);
});

Deno.test("more rows than labels is an error that names both numbers", () => {
  assert.throws(() => accuracy([[1], [1]], [0]), /2 rows of scores with 1 labels/);
  assert.throws(() => accuracyWithoutNa([[1], [1]], [0], 0), /2 rows of scores with 1 labels/);
});
