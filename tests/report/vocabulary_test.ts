import assert from "node:assert/strict";
import { isClearlyHigher, verdictOn } from "../../src/report/vocabulary.ts";

const difference = (mean: number, standardDeviation: number | null, low: number, high: number) => ({
  mean,
  standardDeviation,
  low,
  high,
});

Deno.test("a difference whose interval has 0 in it, or at its end, is within chance", () => {
  assert.equal(verdictOn(difference(0.1, null, -0.1, 0.3)), "within chance");
  assert.equal(verdictOn(difference(0.1, 0.01, 0, 0.3)), "within chance");
  assert.equal(verdictOn(difference(0, null, 0, 0)), "within chance");
});

Deno.test("a difference no larger than its deviation over the seeds is within their spread", () => {
  assert.equal(verdictOn(difference(-0.1, 0.1, -0.2, -0.05)), "within the spread of the seeds");
  assert.equal(verdictOn(difference(-0.1, 0.09, -0.2, -0.05)), "clear");
});

Deno.test("one seed has no spread, so that the interval alone decides", () => {
  assert.equal(verdictOn(difference(0.1, null, 0.05, 0.2)), "clear");
});

Deno.test("only a clear difference upwards is clearly higher", () => {
  assert.equal(isClearlyHigher(difference(0.1, null, 0.05, 0.2)), true);
  assert.equal(isClearlyHigher(difference(-0.1, null, -0.2, -0.05)), false);
  assert.equal(isClearlyHigher(difference(0.1, null, -0.05, 0.2)), false);
});
