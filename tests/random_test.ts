import assert from "node:assert/strict";
import { randomStream } from "../src/random.ts";

function firstValues(...key: (string | number)[]): number[] {
  const uniform = randomStream(...key);
  return Array.from({ length: 1000 }, uniform);
}

Deno.test("randomStream() repeats itself for the same key", () => {
  assert.deepEqual(firstValues("a", 1), firstValues("a", 1));
});

Deno.test("randomStream() differs for keys that are spelled alike", () => {
  const firsts = [["a", 1], ["a1"], ["a", "1"], ["a,1"]].map((key) => firstValues(...key)[0]);
  assert.equal(new Set(firsts).size, firsts.length);
});

Deno.test("randomStream() is uniform in [0, 1) within a stream and over the starts of streams", () => {
  const starts = Array.from({ length: 1000 }, (_, seed) => randomStream(seed)());
  for (const values of [firstValues(0), starts]) {
    assert.ok(values.every((value) => value >= 0 && value < 1));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
    const low = values.filter((value) => value < 0.25).length / values.length;
    assert.ok(Math.abs(low - 0.25) < 0.06, `${low} of the values are in the lowest quarter`);
  }
});
