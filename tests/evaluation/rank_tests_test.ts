import assert from "node:assert/strict";
import { friedmanTest, holm, rankedPairs } from "../../src/evaluation/rank_tests.ts";

// Numbers of random blocks are compared with SciPy's: rank_tests.json.

Deno.test("a method that is always best has the mean rank 1", () => {
  const { meanRanks, p } = friedmanTest([[3, 2, 1], [9, 8, 7], [5, 1, 0], [4, 3, 2]]);
  assert.deepEqual(meanRanks, [1, 2, 3]);
  assert.ok(p < 0.05);
});

Deno.test("methods that are all tied differ in nothing", () => {
  const { meanRanks, statistic, p } = friedmanTest([[1, 1], [2, 2]]);
  assert.deepEqual([meanRanks, statistic, p], [[1.5, 1.5], 0, 1]);
  assert.ok(rankedPairs(meanRanks, 2).every(({ p, corrected }) => p === 1 && corrected === 1));
});

Deno.test("Holm's correction is Holm's example, and never above 1", () => {
  assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
  assert.deepEqual(holm([0.6, 0.9]), [1, 1]);
});

Deno.test("blocks that cannot be ranked are errors", () => {
  assert.throws(() => friedmanTest([]), /0 blocks of 0 methods/);
  assert.throws(() => friedmanTest([[1]]), /1 blocks of 1 methods/);
  assert.throws(() => friedmanTest([[1, 2], [1]]), /a block with the values 1; each needs 2/);
  assert.throws(() => friedmanTest([[1, NaN]]), /values 1, NaN/);
});
