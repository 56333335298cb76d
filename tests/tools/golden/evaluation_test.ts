import assert from "node:assert/strict";
import { runMetrics, runOpenSet } from "../../../src/tools/golden/evaluation.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("threshold metrics and confusion matrices agree with PyTorch", () =>
  assertAgrees("metrics", runMetrics));

Deno.test("the metrics runner reports a decoded label that is another one", async () => {
  const [, second] = await vectors("metrics") as {
    thresholds: Record<string, { decoded: number[] }>;
  }[];
  second!.thresholds["0.9"]!.decoded[0]! += 1;
  const failed = (await runMetrics([second])).filter(({ error, tolerance }) =>
    !(error <= tolerance)
  );
  assert.deepEqual(failed.map(({ name }) => name), ["case 0, threshold 0.9, decoded"]);
});

Deno.test("open-set figures agree with the reference", () => assertAgrees("open_set", runOpenSet));

Deno.test("the open-set runner reports a curve that lacks a point", async () => {
  const [first] = await vectors("open_set") as { oscr: { fpr: number[] } }[];
  first!.oscr.fpr.pop();
  const failed = (await runOpenSet([first])).filter(({ error, tolerance }) =>
    !(error <= tolerance)
  );
  assert.deepEqual(failed.map(({ name }) => name), ["case 0, oscr fpr"]);
});
