import assert from "node:assert/strict";
import { meanOscrCurve, oscrCurve, rankScores } from "../../src/evaluation/open_set.ts";

Deno.test("the mean of curves lies between them, with the spread of their rates", () => {
  const straight = { fpr: [0, 1], ccr: [0, 1] };
  const half = { fpr: [0, 1], ccr: [0, 0.5] };
  const points = meanOscrCurve([straight, half], 4);
  assert.deepEqual(points.map(({ fpr }) => fpr), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(points.map(({ ccr }) => ccr.mean), [0, 0.1875, 0.375, 0.5625, 0.75]);
  assert.ok(Math.abs(points[4]!.ccr.standardDeviation! - 0.5 / Math.SQRT2) < 1e-12);
});

Deno.test("a single curve is its own mean and has no spread", () => {
  const [first, middle, last] = meanOscrCurve([{ fpr: [0, 0.5, 1], ccr: [0, 0.8, 0.9] }], 2);
  assert.deepEqual(first!.ccr, { mean: 0, standardDeviation: null });
  assert.deepEqual(middle!.ccr, { mean: 0.8, standardDeviation: null });
  assert.deepEqual(last!.ccr, { mean: 0.9, standardDeviation: null });
});

Deno.test("where a curve rises straight up, its highest point counts", () => {
  const curve = oscrCurve(rankScores([0.9, 0.8, 0.3], [0.5, 0.1], [true, true, true]));
  const [none, half, all] = meanOscrCurve([curve], 2);
  assert.ok(Math.abs(none!.ccr.mean - 2 / 3) < 1e-12);
  assert.equal(half!.ccr.mean, 1);
  assert.equal(all!.ccr.mean, 1);
});

Deno.test("there is no mean of no curves", () => {
  assert.throws(() => meanOscrCurve([], 2), RangeError);
});
