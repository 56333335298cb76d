import assert from "node:assert/strict";
import {
  by,
  countWithShare,
  decimal,
  decimalWithInterval,
  duration,
  listed,
  percent,
  percentInterval,
  percentWithInterval,
  points,
  pointsMore,
  shareOf,
} from "../../src/text/wording.ts";

const once = (mean: number) => ({ mean, standardDeviation: null });
const often = (mean: number, standardDeviation: number) => ({ mean, standardDeviation });

Deno.test("percentages have one decimal, and halves go up", () => {
  assert.equal(percent(603 / 1200), "50.3%");
  assert.equal(percent(1285 / 1539), "83.5%");
  assert.equal(percent(0), "0.0%");
  assert.equal(percent(1), "100.0%");
});

Deno.test("counts stand with their share, and with both spreads if there are several runs", () => {
  assert.equal(countWithShare(once(1285), 1539), "1,285 (83.5%)");
  assert.equal(countWithShare(often(1285.25, 12.1), 1539), "1,285.3 ± 12.1 (83.5 ± 0.8%)");
  assert.equal(shareOf(often(600, 12), 1200), "50.0 ± 1.0%");
});

Deno.test("a share of no pictures is a dash, not NaN", () => {
  assert.equal(countWithShare(once(0), 0), "–");
  assert.equal(shareOf(once(0), 0), "–");
  assert.equal(decimal(null), "–");
});

Deno.test("decimals have the digits asked for", () => {
  assert.equal(decimal(once(0.78749)), "0.787");
  assert.equal(decimal(often(0.5, 0.01), 2), "0.50 ± 0.01");
});

Deno.test("differences have a sign unless they round to nothing", () => {
  assert.deepEqual([0.112, -0.112, 0.0001, -0.0001, 0].map(points), [
    "+11.2 points",
    "-11.2 points",
    "0.0 points",
    "0.0 points",
    "0.0 points",
  ]);
});

Deno.test("times are in the two largest units", () => {
  assert.deepEqual([0, 0.4, 59.4, 59.7, 303, 725, 3599, 3600, 11_220].map(duration), [
    "0 s",
    "0 s",
    "59 s",
    "1 min 00 s",
    "5 min 03 s",
    "12 min 05 s",
    "59 min 59 s",
    "1 h 00 min",
    "3 h 07 min",
  ]);
});

Deno.test("words are listed with a last and", () => {
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed), [
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

Deno.test("intervals stand in brackets, with a sign where they are of differences", () => {
  assert.equal(percentInterval({ low: 0.6766, high: 0.7221 }), "[67.7, 72.2]");
  const difference = { ...often(0.0311, 0.0034), low: 0.0167, high: 0.045 };
  assert.equal(pointsMore(difference), "3.1 points more (95% interval 1.7 to 4.5)");
  assert.equal(percentWithInterval(difference), "+3.1 ± 0.3 [+1.7, +4.5]");
  assert.equal(decimalWithInterval(difference), "+0.031 ± 0.003 [+0.017, +0.045]");
  const single = { ...once(-0.1), low: -0.2, high: 0.0001 };
  assert.equal(pointsMore(single), "10.0 points fewer (95% interval 0.0 to 20.0)");
  assert.equal(decimalWithInterval(single), "-0.100 [-0.200, 0.000]");
});

Deno.test("decisions are told in words", () => {
  assert.equal(by("argmax"), "by argmax");
  assert.equal(by("threshold 0.4"), "at threshold 0.4");
  assert.equal(by("margin 0.2"), "by margin 0.2");
});
