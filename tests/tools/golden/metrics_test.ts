import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/metrics.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("threshold metrics and confusion matrices agree with PyTorch", () =>
  assertAgrees("metrics", run));

Deno.test("the metrics runner reports a decoded label that is another one", async () => {
  const [, second] = await vectors("metrics") as {
    thresholds: Record<string, { decoded: number[] }>;
  }[];
  second!.thresholds["0.9"]!.decoded[0]! += 1;
  const failed = (await run([second])).filter(({ error, tolerance }) => !(error <= tolerance));
  assert.deepEqual(failed.map(({ name }) => name), ["case 0, threshold 0.9, decoded"]);
});
