import assert from "node:assert/strict";
import { auprIn, auprOut, auroc, fprAt95Tpr, oscrCurve } from "../../src/evaluation/open_set.ts";

Deno.test("the AUROC is the share of pairs in the right order, ties counting half", () => {
  assert.equal(auroc([0.9, 0.5], [0.5, 0.1]), 3.5 / 4);
  assert.equal(auroc([0.1], [0.9]), 0);
});

Deno.test("scores that are all the same separate nothing", () => {
  assert.equal(auroc([0.5, 0.5], [0.5]), 0.5);
  assert.equal(auprIn([0.5, 0.5], [0.5]), 2 / 3);
  assert.equal(auprOut([0.5, 0.5], [0.5]), 1 / 3);
  assert.equal(fprAt95Tpr([0.5, 0.5], [0.5]), 1);
});

Deno.test("one picture on each side in the right order gives perfect figures", () => {
  assert.equal(auroc([0.9], [0.1]), 1);
  assert.equal(auprIn([0.9], [0.1]), 1);
  assert.equal(auprOut([0.9], [0.1]), 1);
  assert.equal(fprAt95Tpr([0.9], [0.1]), 0);
  assert.equal(oscrCurve([0.9], [true], [0.1]).area, 1);
});

Deno.test("the false positive rate is taken where 95% of the known pictures are accepted", () => {
  const known = Array.from({ length: 20 }, (_, index) => (index + 1) / 100);
  // The threshold 0.02 accepts 19 of the 20 known scores, and 0.05 and 0.02 of the others.
  assert.equal(fprAt95Tpr(known, [0.05, 0.02, 0.01, 0.001]), 0.5);
});

Deno.test("the OSCR curve goes from (0, 0) to an FPR of 1 and counts right answers only", () => {
  const { fpr, ccr, area } = oscrCurve([0.9, 0.8], [true, false], [0.85, 0.1]);
  assert.deepEqual(fpr, [0, 0, 0.5, 0.5, 1, 1]);
  assert.deepEqual(ccr, [0, 0.5, 0.5, 0.5, 0.5, 0.5]);
  assert.equal(area, 0.5);
});

Deno.test("areas never exceed 1 by rounding", () => {
  const known = Array.from({ length: 7 }, (_, index) => 0.5 + index / 20);
  const unknown = Array.from({ length: 3 }, (_, index) => index / 20);
  assert.equal(oscrCurve(known, known.map(() => true), unknown).area, 1);
  assert.equal(auroc(known, unknown), 1);
});

Deno.test("a side without scores is an error, not NaN", () => {
  assert.throws(() => auroc([], [0.5]), /there are no known scores/);
  assert.throws(() => fprAt95Tpr([0.5], []), /there are no unknown scores/);
  assert.throws(() => oscrCurve([0.5], [true], []), /there are no unknown scores/);
});

Deno.test("a score that is not finite is an error that names its place", () => {
  assert.throws(() => auroc([0.5, NaN], [0.5]), /known score 1 is NaN/);
  assert.throws(() => auprOut([0.5], [Infinity]), /unknown score 0 is Infinity/);
});

Deno.test("every known score needs to be called right or wrong", () => {
  assert.throws(() => oscrCurve([0.5, 0.6], [true], [0.1]), /2 known scores with 1 entries/);
});
