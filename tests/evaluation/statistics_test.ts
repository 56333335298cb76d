import assert from "node:assert/strict";
import { summarise } from "../../src/evaluation/statistics.ts";

Deno.test("the standard deviation of a sample has n - 1 in the denominator", () => {
  assert.deepEqual(summarise([1, 3]), { mean: 2, standardDeviation: Math.SQRT2 });
});

Deno.test("a single run has no spread", () => {
  assert.deepEqual(summarise([5]), { mean: 5, standardDeviation: null });
});

Deno.test("no values, or one that is not finite, are an error", () => {
  assert.throws(() => summarise([]), /no values/);
  assert.throws(() => summarise([1, NaN]), /NaN among the values/);
});
