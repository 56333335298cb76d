import assert from "node:assert/strict";
import { NO_OUTPUT } from "../../src/data/labels.ts";
import { accuracy, accuracyWithNa, accuracyWithoutNa } from "../../src/evaluation/accuracy.ts";

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

Deno.test("below the threshold a picture of na is correct, with and without an output for it", () => {
  assert.equal(accuracyWithNa([[0.1, 0.3], [0.8, 0.3]], [-1, 1], 0.5, NO_OUTPUT), 0.5);
  assert.equal(accuracyWithNa([[0.1, 0.3], [0.1, 0.6]], [0, 1], 0.5, 0), 1);
});

Deno.test("a score that is NaN is an error that names its row", () => {
  assert.throws(() => accuracy([[NaN]], [0]), /row 0/);
});

Deno.test("more rows than labels is an error that names both numbers", () => {
  assert.throws(() => accuracy([[1], [1]], [0]), /2 rows of scores with 1 labels/);
  assert.throws(() => accuracyWithoutNa([[1], [1]], [0], 0), /2 rows of scores with 1 labels/);
});
