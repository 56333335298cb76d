import assert from "node:assert/strict";
import { oneCycleStep } from "../../src/training/schedule.ts";
import type { OneCycle } from "../../src/training/schedule.ts";

const CYCLE: OneCycle = { maxLearningRates: [1, 0.1], pctStart: 0.25, div: 10, finalDiv: 100 };

Deno.test("oneCycleStep() starts at max / div, peaks at pctStart and ends at max / finalDiv", () => {
  const rates = (position: number) => oneCycleStep(CYCLE, position).learningRates;
  assertClose(rates(0), [0.1, 0.01]);
  assertClose(rates(0.25), [1, 0.1]);
  assertClose(rates(1), [0.01, 0.001]);
});

Deno.test("oneCycleStep() is half way up a cosine at half of pctStart", () => {
  assertClose(oneCycleStep(CYCLE, 0.125).learningRates, [0.55, 0.055]);
});

Deno.test("oneCycleStep() lowers momentum while learning rates rise", () => {
  const momenta = [0, 0.125, 0.25, 0.625, 1]
    .map((position) => oneCycleStep(CYCLE, position).momentum);
  assertClose(momenta, [0.95, 0.9, 0.85, 0.9, 0.95]);
});

Deno.test("oneCycleStep() refuses positions outside the cycle", () => {
  for (const position of [-0.01, 1.01, NaN]) {
    assert.throws(() => oneCycleStep(CYCLE, position), {
      name: "RangeError",
      message: `position ${position} of the one-cycle schedule: must be in [0, 1]`,
    });
  }
});

function assertClose(actual: number[], expected: number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-12, `${actual}`));
}
