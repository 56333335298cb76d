import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/losses.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("values and gradients of the losses agree with PyTorch", () =>
  assertAgrees("losses", run));

Deno.test("the losses runner reports a reference that is off by 1e-5", async () => {
  const [first] = await vectors("losses") as [{ bce: { loss: number } }];
  first.bce.loss *= 1.00001;
  const comparisons = await run([first]);
  const failed = comparisons.filter(({ error, tolerance }) => !(error <= tolerance));
  assert.deepEqual(failed.map(({ name }) => name), ["case 0, bce, loss"]);
});
