import assert from "node:assert/strict";
import { NO_LOSS, smoothedValue, withLoss } from "../../src/training/history.ts";

Deno.test("the smoothed loss of equal losses is that loss, from the first one on", () => {
  let smoothed = NO_LOSS;
  for (let count = 0; count < 100; count++) {
    smoothed = withLoss(smoothed, 0.7);
    assert.ok(Math.abs(smoothedValue(smoothed) - 0.7) < 1e-12);
  }
});

Deno.test("the smoothed loss weights a loss .98 times as much as the next one", () => {
  const smoothed = withLoss(withLoss(NO_LOSS, 1), 3);
  assert.ok(Math.abs(smoothedValue(smoothed) - (0.98 * 1 + 3) / 1.98) < 1e-12);
});

Deno.test("there is no smoothed loss before the first loss", () => {
  assert.ok(Number.isNaN(smoothedValue(NO_LOSS)));
});
