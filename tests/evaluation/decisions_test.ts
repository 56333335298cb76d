import assert from "node:assert/strict";
import { NO_OUTPUT } from "../../src/data/labels.ts";
import {
  argmax,
  COMPARED_DECISIONS,
  decide,
  decidedLabels,
  type Decision,
  decisionNamed,
  threshold,
  thresholdOf,
} from "../../src/evaluation/decisions.ts";

Deno.test("a tie goes to the first of the highest scores", () => {
  assert.deepEqual(decide([[0.2, 0.7, 0.7], [0.5, 0.5, 0.5]], argmax, 0), [1, 0]);
});

Deno.test("a highest score equal to the threshold is accepted, one just below is na", () => {
  assert.deepEqual(decide([[0.1, 0.5], [0.1, 0.5 - 1e-9]], threshold(0.5), 0), [1, 0]);
});

Deno.test("a score of na above the threshold stays na", () => {
  assert.deepEqual(decide([[0.9, 0.1]], threshold(0.5), 0), [0]);
});

Deno.test("a network without an na output rejects with a label of its own", () => {
  assert.deepEqual(decide([[0.1, 0.3], [0.8, 0.3]], threshold(0.5), NO_OUTPUT), [-1, 0]);
});

Deno.test("rows may be typed arrays", () => {
  assert.deepEqual(decide([new Float32Array([0.1, 0.3])], argmax, 0), [1]);
});

Deno.test("a rejected picture is na with and without an output for it", () => {
  const rows = [[0.1, 0.2], [0.1, 0.6]];
  assert.deepEqual(decidedLabels(["na", "horn"], rows, threshold(0.5)), ["na", "horn"]);
  assert.deepEqual(decidedLabels(["ball", "horn"], rows, threshold(0.5)), ["na", "horn"]);
});

Deno.test("a decision of one's own decides as it says", () => {
  const second: Decision = { name: "second", phrase: "by the second", decide: () => 1 };
  assert.deepEqual(decidedLabels(["ball", "horn"], [[0.9, 0.1]], second), ["horn"]);
});

Deno.test("a decision is found by its name if it is of a form of the project", () => {
  for (const { name, phrase } of [...COMPARED_DECISIONS, threshold(1e-7), threshold(-2)]) {
    assert.equal(decisionNamed(name)!.phrase, phrase);
  }
  assert.equal(decisionNamed("threshold 0.25")!.decide([0.2], 7), 7);
  for (const name of ["margin 0.2", "threshold", "threshold x", "argmax 2", ""]) {
    assert.equal(decisionNamed(name), undefined);
    assert.equal(thresholdOf(name), undefined);
  }
  assert.equal(thresholdOf("threshold 0.4"), 0.4);
  assert.equal(thresholdOf(argmax.name), undefined);
});

Deno.test("a threshold that is not a number is an error", () => {
  assert.throws(() => threshold(NaN), /a threshold is a number, not NaN/);
});

Deno.test("a score that is NaN is an error that names its row and label", () => {
  assert.throws(() => decide([[0.1, 0.2], [0.3, NaN]], argmax, 0), /row 1 .* \(label 1\)/);
});

Deno.test("a row without scores is an error", () => {
  assert.throws(() => decide([[]], argmax, 0), /row 0 has no scores/);
});
