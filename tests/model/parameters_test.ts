import assert from "node:assert/strict";
import { kaimingNormal } from "../../src/model/parameters.ts";

Deno.test("kaimingNormal() draws with mean 0 and variance 2 / fan in, in normal shape", () => {
  const shape = [3, 3, 16, 200];
  const deviation = Math.sqrt(2 / (3 * 3 * 16));
  const values = [...kaimingNormal(shape, 1, "a")].map((value) => value / deviation);
  assert.equal(values.length, 28800);
  const mean = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  assert.ok(Math.abs(mean(values)) < 0.02);
  assert.ok(Math.abs(mean(values.map((value) => value ** 2)) - 1) < 0.03);
  assert.ok(Math.abs(mean(values.map((value) => value ** 4)) - 3) < 0.2);
});

Deno.test("kaimingNormal() depends on seed and name alone", () => {
  const shape = [4, 5];
  const values = kaimingNormal(shape, 1, "a");
  assert.deepEqual(kaimingNormal(shape, 1, "a"), values);
  assert.notDeepEqual(kaimingNormal(shape, 2, "a"), values);
  assert.notDeepEqual(kaimingNormal(shape, 1, "b"), values);
});

Deno.test("kaimingNormal() fills shapes of odd size", () => {
  const values = kaimingNormal([3, 3, 1, 1], 1, "a");
  assert.equal(values.length, 9);
  assert.ok(values.every((value) => Number.isFinite(value) && value !== 0));
});
