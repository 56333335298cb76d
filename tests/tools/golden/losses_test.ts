import assert from "node:assert/strict";
import { run, runFeatureLosses } from "../../../src/tools/golden/losses.ts";
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

Deno.test("losses with pictures of no output, and their gradients, agree with PyTorch", () =>
  assertAgrees("feature_losses", runFeatureLosses));

Deno.test("the runner of feature losses reports references that are off by 1e-5", async () => {
  const [first] = await vectors("feature_losses") as [{
    entropicOpenSet: { loss: number };
    objectosphere: { gradFeatures: { data: number[] } };
  }];
  first.entropicOpenSet.loss *= 1.00001;
  const gradients = first.objectosphere.gradFeatures.data;
  first.objectosphere.gradFeatures.data = gradients.map((value) => value * 1.00001);
  const comparisons = await runFeatureLosses([first]);
  const failed = comparisons.filter(({ error, tolerance }) => !(error <= tolerance));
  assert.deepEqual(failed.map(({ name }) => name), [
    "mixed, entropic-open-set, loss",
    "mixed, objectosphere, gradient by features",
  ]);
});

Deno.test("the runner of feature losses wants both losses in a case", async () => {
  const [{ objectosphere: _, ...first }] = await vectors("feature_losses") as [
    { objectosphere: unknown },
  ];
  await assert.rejects(async () => await runFeatureLosses([first]), /objectosphere/);
});
