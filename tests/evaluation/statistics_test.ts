import assert from "node:assert/strict";
import { summarise, summariseAll } from "../../src/evaluation/statistics.ts";

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

Deno.test("every number of structures of one form is summarised, texts and null stay", () => {
  const one = { name: "a", loss: 1, counts: [2, 4], inner: { none: null, some: null } };
  const two = { name: "a", loss: 3, counts: [2, 6], inner: { none: null, some: 5 } };
  const summary = summariseAll<typeof one | typeof two>([one, two]);
  assert.deepEqual(JSON.parse(JSON.stringify(summary)), {
    name: "a",
    loss: { mean: 2, standardDeviation: Math.SQRT2 },
    counts: [
      { mean: 2, standardDeviation: 0 },
      { mean: 5, standardDeviation: Math.SQRT2 },
    ],
    inner: { none: null, some: { mean: 5, standardDeviation: null } },
  });
});
