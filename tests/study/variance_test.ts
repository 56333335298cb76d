import assert from "node:assert/strict";
import { pairedDifference } from "../../src/study/paired.ts";
import { varianceShares } from "../../src/study/variance.ts";

function grid(value: (row: number, column: number) => number) {
  return [0, 1].flatMap((row) =>
    [0, 1, 2].map((column) => ({
      value: value(row, column),
      levels: { row: `r${row}`, column: `c${column}` },
    }))
  );
}

Deno.test("a factor that is all there is has all of the variance", () => {
  const shares = varianceShares(grid((_, column) => column), ["row", "column"])!;
  assert.deepEqual([shares.row, shares.column, shares.rest], [0, 1, 0]);
});

Deno.test("what two factors only do together is the rest", () => {
  const shares = varianceShares(grid((row, column) => (2 * row - 1) * (column - 1)), [
    "row",
    "column",
  ])!;
  assert.deepEqual([shares.row, shares.column, shares.rest], [0, 0, 1]);
});

Deno.test("values that are all the same have no variance to share", () => {
  assert.equal(varianceShares(grid(() => 3), ["row", "column"]), undefined);
});

Deno.test("a combination that is missing or there twice is an error", () => {
  const all = grid((row) => row);
  assert.throws(() => varianceShares(all.slice(1), ["row", "column"]), /5 observations of 6/);
  assert.throws(() => varianceShares([...all.slice(1), all[1]!], ["row", "column"]), /each must/);
});

Deno.test("the interval of a difference is of its mean, and the same at every call", () => {
  const differences = [0.1, 0.3, 0.2, 0.4, 0, 0.2];
  const found = pairedDifference(differences);
  assert.equal(found.pairs, 6);
  assert.ok(Math.abs(found.mean - 0.2) < 1e-12);
  assert.ok(found.low > 0.05 && found.low < 0.15 && found.high > 0.25 && found.high < 0.35);
  assert.deepEqual(pairedDifference(differences), found);
  const single = pairedDifference([0.5]);
  assert.deepEqual([single.low, single.high, single.standardDeviation], [0.5, 0.5, null]);
  assert.throws(() => pairedDifference([]), /no values/);
});
