import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/xresnet.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("logits, gradients and parameter counts of the network agree with PyTorch", () =>
  assertAgrees("xresnet", run));

Deno.test("the network runner names what it does not understand of the input's description", async () => {
  const content = await vectors("xresnet") as object;
  await assert.rejects(async () => await run({ ...content, input: "random" }), {
    message: '"input" of the network\'s vector file: no shape [N,H,W,C] in "random"',
  });
});
