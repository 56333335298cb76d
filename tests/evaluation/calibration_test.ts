import assert from "node:assert/strict";
import { calibration } from "../../src/evaluation/calibration.ts";

Deno.test("the expected error is the distance of score and accuracy, weighed by pictures", () => {
  const scores = [0.9, 0.9, 0.9, 0.9, 0.3];
  const { expectedError } = calibration(scores, [true, true, true, false, false], 10);
  assert.ok(Math.abs(expectedError - (4 * Math.abs(0.9 - 0.75) + 0.3) / 5) < 1e-12);
});

Deno.test("scores that are as often correct as they say have no error", () => {
  assert.equal(calibration([0.5, 0.5, 1], [true, false, true]).expectedError, 0);
});

Deno.test("too high and too low scores in one bin make up for each other", () => {
  assert.ok(calibration([0.62, 0.64, 0.66], [true, true, false], 5).expectedError < 0.03);
});

Deno.test("a bin has its upper edge and not its lower one, and the first one has 0 too", () => {
  const { bins } = calibration([0, 0.2, 0.2 + 1e-9, 1], [true, true, true, true], 5);
  assert.deepEqual(bins.map(({ images }) => images), [2, 1, 0, 0, 1]);
  assert.equal(bins[0]!.meanScore, 0.1);
  assert.equal(bins[2]!.meanScore, null);
});

Deno.test("there are 15 bins unless said otherwise", () => {
  assert.equal(calibration([0.5], [true]).bins.length, 15);
});

Deno.test("no scores, scores outside 0 to 1 and missing entries are errors", () => {
  assert.throws(() => calibration([], []), /no scores/);
  assert.throws(() => calibration([0.5, NaN], [true, true]), /score 1 is NaN/);
  assert.throws(() => calibration([1.5], [true]), /score 0 is 1.5/);
  assert.throws(() => calibration([0.5], []), /1 scores with 0 entries/);
});
