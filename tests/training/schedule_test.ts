import assert from "node:assert/strict";
import { maxLearningRate, oneCycleStep } from "../../src/training/schedule.ts";
import type { OneCycle } from "../../src/profiles.ts";

const CYCLE: OneCycle = {
  maxLearningRates: { body: 1, head: 0.1 },
  pctStart: 0.25,
  div: 10,
  finalDiv: 100,
};

function rates(position: number): number[] {
  const { learningRate } = oneCycleStep(CYCLE, position);
  return ["body", "head"].map(learningRate);
}

Deno.test("oneCycleStep() starts at max / div, peaks at pctStart and ends at max / finalDiv", () => {
  assertClose(rates(0), [0.1, 0.01]);
  assertClose(rates(0.25), [1, 0.1]);
  assertClose(rates(1), [0.01, 0.001]);
});

Deno.test("oneCycleStep() is half way up a cosine at half of pctStart", () => {
  assertClose(rates(0.125), [0.55, 0.055]);
});

Deno.test("oneCycleStep() lowers momentum while learning rates rise", () => {
  const momenta = [0, 0.125, 0.25, 0.625, 1]
    .map((position) => oneCycleStep(CYCLE, position).momentum);
  assertClose(momenta, [0.95, 0.9, 0.85, 0.9, 0.95]);
});

Deno.test("one number is the highest learning rate of all groups", () => {
  const { learningRate } = oneCycleStep({ ...CYCLE, maxLearningRates: 0.1 }, 0.125);
  assertClose(["head", "anything"].map(learningRate), [0.055, 0.055]);
});

Deno.test("a group that the cycle has no learning rate for is named", () => {
  for (const group of ["stem", "toString"]) {
    assert.equal(maxLearningRate(CYCLE, group), undefined);
    assert.throws(() => oneCycleStep(CYCLE, 0).learningRate(group), {
      name: "RangeError",
      message: `no learning rate for group "${group}"`,
    });
  }
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
