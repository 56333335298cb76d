import assert from "node:assert/strict";
import { bce } from "../../src/losses/bce.ts";
import { bcena } from "../../src/losses/bcena.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(bcena, [0, 2, 1]);

testOnBackends("BCENa asks every output to be low for na, its own too", () => {
  const { value, gradient } = lossValue(bcena, { logits: [[0, 0], [0, 0]], labels: [0, 1] });
  assertClose([value], [Math.log(2)]);
  assertClose(gradient, [0.125, 0.125, 0.125, -0.125]);
});

testOnBackends("BCENa is BCE where no picture is na", () => {
  const pictures = { logits: [[0.3, -2, 1], [4, 0.1, -0.7]], labels: [1, 2] };
  assert.deepEqual(lossValue(bcena, pictures), lossValue(bce, pictures));
});

Deno.test("targets of BCENa are one-hot, but all zeros for na", () => {
  assert.deepEqual([...bcena.targets([0, 2], 3)], [0, 0, 0, 0, 0, 1]);
});

Deno.test("BCENa has no target for pictures of no output", () => {
  assert.throws(() => bcena.targets([-1], 3), /^Error: label -1 of picture 0 in the batch/);
});
