import assert from "node:assert/strict";
import {
  newcombeInterval,
  percentileInterval,
  wilsonInterval,
} from "../../src/evaluation/intervals.ts";

function assertInterval(actual: { low: number; high: number }, low: number, high: number) {
  assert.ok(Math.abs(actual.low - low) < 5e-5, `low is ${actual.low}, not ${low}`);
  assert.ok(Math.abs(actual.high - high) < 5e-5, `high is ${actual.high}, not ${high}`);
}

Deno.test("Wilson's intervals are those of Newcombe's comparison of methods (1998, table I)", () => {
  assertInterval(wilsonInterval({ successes: 81, trials: 263 }), 0.2553, 0.3662);
  assertInterval(wilsonInterval({ successes: 15, trials: 148 }), 0.0624, 0.1605);
  assertInterval(wilsonInterval({ successes: 0, trials: 20 }), 0, 0.1611);
  assertInterval(wilsonInterval({ successes: 1, trials: 29 }), 0.0061, 0.1718);
});

Deno.test("nothing and everything have an exact end", () => {
  assert.equal(wilsonInterval({ successes: 0, trials: 7 }).low, 0);
  assert.equal(wilsonInterval({ successes: 7, trials: 7 }).high, 1);
});

Deno.test("a mean count over runs may be a fraction", () => {
  const { low, high } = wilsonInterval({ successes: 10.5, trials: 20 });
  assert.ok(low < 0.525 && high > 0.525);
});

Deno.test("the intervals of a difference are those of Newcombe's method 10 (1998, table II)", () => {
  const of = (a: number, m: number, b: number, n: number) =>
    newcombeInterval({ successes: a, trials: m }, { successes: b, trials: n });
  assertInterval(of(56, 70, 48, 80), 0.0524, 0.3339);
  assertInterval(of(9, 10, 3, 10), 0.1705, 0.809);
  assertInterval(of(5, 56, 0, 29), -0.0381, 0.1926);
  assertInterval(of(0, 10, 0, 20), -0.1611, 0.2775);
  assertInterval(of(10, 10, 0, 20), 0.6791, 1);
});

Deno.test("the percentile interval leaves out 2.5% of the values on each side", () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => (index * 7) % 1000);
  const { low, high } = percentileInterval(values);
  assert.ok(low >= 24 && low <= 25);
  assert.ok(high >= 974 && high <= 975);
});

Deno.test("no trials, too many successes and no values are errors, not NaN", () => {
  assert.throws(() => wilsonInterval({ successes: 0, trials: 0 }), /0 trials/);
  assert.throws(() => wilsonInterval({ successes: 3, trials: 2 }), /3 successes of 2 trials/);
  assert.throws(() => wilsonInterval({ successes: NaN, trials: 2 }), /NaN successes/);
  assert.throws(() => percentileInterval([]), /no resampled values/);
});
