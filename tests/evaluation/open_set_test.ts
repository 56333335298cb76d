import assert from "node:assert/strict";
import {
  everyOne,
  openSetMeasures,
  oscrCurve,
  rankedMeasures,
  rankScores,
} from "../../src/evaluation/open_set.ts";

function measures(known: readonly number[], others: readonly number[], correct?: boolean[]) {
  return openSetMeasures(rankScores(known, others, correct));
}

Deno.test("the AUROC is the share of pairs in the right order, ties counting half", () => {
  assert.equal(measures([0.9, 0.5], [0.5, 0.1]).auroc, 3.5 / 4);
  assert.equal(measures([0.1], [0.9]).auroc, 0);
});

Deno.test("scores that are all the same separate nothing", () => {
  const { auroc, auprIn, auprOut, fprAt95Tpr } = measures([0.5, 0.5], [0.5]);
  assert.deepEqual([auroc, auprIn, auprOut, fprAt95Tpr], [0.5, 2 / 3, 1 / 3, 1]);
});

Deno.test("one picture on each side in the right order is separated perfectly", () => {
  assert.deepEqual(measures([0.9], [0.1], [true]), {
    auroc: 1,
    fprAt95Tpr: 0,
    oscrArea: 1,
    auprIn: 1,
    auprOut: 1,
  });
});

Deno.test("scores need not be shares", () => {
  assert.deepEqual(
    measures([90, -2], [-3, -40], [true, true]),
    measures([0.9, 0.5], [0.4, 0.1], [
      true,
      true,
    ]),
  );
});

Deno.test("the false positive rate is taken where 95% of the known pictures are accepted", () => {
  const known = Array.from({ length: 20 }, (_, index) => (index + 1) / 100);
  // The threshold 0.02 accepts 19 of the 20 known scores, and 0.05 and 0.02 of the others.
  assert.equal(measures(known, [0.05, 0.02, 0.01, 0.001]).fprAt95Tpr, 0.5);
});

Deno.test("the OSCR curve goes from (0, 0) to an FPR of 1 and counts correct pictures only", () => {
  const ranked = rankScores([0.9, 0.8], [0.85, 0.1], [true, false]);
  const { fpr, ccr } = oscrCurve(ranked);
  assert.deepEqual(fpr, [0, 0, 0.5, 0.5, 1, 1]);
  assert.deepEqual(ccr, [0, 0.5, 0.5, 0.5, 0.5, 0.5]);
  assert.equal(openSetMeasures(ranked).oscrArea, 0.5);
});

Deno.test("areas never exceed 1 by rounding", () => {
  const known = Array.from({ length: 7 }, (_, index) => 0.5 + index / 20);
  const others = Array.from({ length: 3 }, (_, index) => index / 20);
  const { auroc, oscrArea } = measures(known, others, known.map(() => true));
  assert.deepEqual([auroc, oscrArea], [1, 1]);
});

Deno.test("a picture that counts twice is measured as if it were there twice", () => {
  const ranked = rankScores([0.9, 0.4], [0.6, 0.1], [true, true]);
  // Places: known first, then the others.
  const { auroc, oscrArea } = rankedMeasures(ranked, Uint16Array.of(2, 1, 0, 1));
  const twice = measures([0.9, 0.9, 0.4], [0.1], [true, true, true]);
  assert.deepEqual({ auroc, oscrArea }, { auroc: twice.auroc, oscrArea: twice.oscrArea });
  const once = rankedMeasures(ranked, everyOne(ranked));
  assert.equal(once.auroc, openSetMeasures(ranked).auroc);
});

Deno.test("a side without pictures is an error, not NaN", () => {
  assert.throws(() => rankScores([], [0.5]), /0 known and 1 other pictures/);
  assert.throws(() => rankScores([0.5], []), /1 known and 0 other pictures/);
  const ranked = rankScores([0.5], [0.4]);
  assert.throws(() => rankedMeasures(ranked, Uint16Array.of(1, 0)), /1 known and 0 other/);
});

Deno.test("a score that is not finite is an error that names its place", () => {
  assert.throws(() => rankScores([0.5, NaN], [0.5]), /score of picture 1 is NaN/);
  assert.throws(() => rankScores([0.5], [Infinity]), /score of picture 1 is Infinity/);
});

Deno.test("every known score needs to be called correct or wrong", () => {
  assert.throws(() => rankScores([0.5, 0.6], [0.1], [true]), /2 known scores with 1 entries/);
});
