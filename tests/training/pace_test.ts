import assert from "node:assert/strict";
import { Pace } from "../../src/training/pace.ts";

Deno.test("Pace gives pictures per second and the time left from what it has measured", () => {
  const pace = new Pace(48);
  pace.addStep(1);
  pace.addStep(3);
  assert.equal(pace.imagesPerSecond(), 24);
  assert.equal(pace.secondsLeft(10, 2), 20);
  pace.addValidation(5);
  assert.equal(pace.secondsLeft(10, 2), 30);
});

Deno.test("Pace knows nothing before the first step", () => {
  const pace = new Pace(48);
  assert.ok(Number.isNaN(pace.imagesPerSecond()));
  assert.ok(Number.isNaN(pace.secondsLeft(10, 2)));
});
