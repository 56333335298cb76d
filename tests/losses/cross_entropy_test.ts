import assert from "node:assert/strict";
import { crossEntropy } from "../../src/losses/cross_entropy.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(crossEntropy, [0, 2, 1]);

testOnBackends("cross-entropy of equal logits is the logarithm of the number of outputs", () => {
  const { value, gradient } = lossValue(crossEntropy, { logits: [[2, 2, 2, 2]], labels: [1] });
  assertClose([value], [Math.log(4)]);
  assertClose(gradient, [0.25, -0.75, 0.25, 0.25]);
});

Deno.test("targets of cross-entropy are one-hot, those of na too", () => {
  assert.deepEqual([...crossEntropy.targets([0, 2], 3)], [1, 0, 0, 0, 0, 1]);
});

Deno.test("cross-entropy has no target for pictures of no output", () => {
  assert.throws(() => crossEntropy.targets([1, -1], 3), {
    message: "label -1 of picture 1 in the batch: there are 3 outputs, so labels are integers " +
      "from 0 to 2; check which groups the experiment trains on",
  });
});
