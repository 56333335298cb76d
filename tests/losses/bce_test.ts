import assert from "node:assert/strict";
import { bce } from "../../src/losses/bce.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(bce, [0, 2, 1]);

testOnBackends("BCE of logits 0 is log 2, with gradients of half a picture's share", () => {
  const { value, gradient } = lossValue(bce, { logits: [[0, 0], [0, 0]], labels: [0, 1] });
  assertClose([value], [Math.log(2)]);
  assertClose(gradient, [-0.125, 0.125, 0.125, -0.125]);
});

Deno.test("targets of BCE are one-hot, those of na too", () => {
  assert.deepEqual([...bce.targets([0, 2], 3)], [1, 0, 0, 0, 0, 1]);
});

Deno.test("BCE has no target for pictures of no output", () => {
  assert.throws(() => bce.targets([-1], 3), /^Error: label -1 of picture 0 in the batch/);
});
