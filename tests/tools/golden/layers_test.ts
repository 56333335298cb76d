import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/layers.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("layers and their gradients agree with PyTorch's", () => assertAgrees("layers", run));

Deno.test("the layers runner reports another stride", async () => {
  const content = await vectors("layers") as { conv: { stride: number }[] };
  const [first, ...others] = content.conv;
  const wrong = { ...content, conv: [{ ...first!, stride: 1 }, ...others] };
  await assert.rejects(async () => {
    const comparisons = await run(wrong);
    assert.ok(comparisons.every(({ error, tolerance }) => error <= tolerance));
  });
});
