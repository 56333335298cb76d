import assert from "node:assert/strict";
import { crossEntropy } from "../../src/losses/cross_entropy.ts";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(entropicOpenSet, [-1, 2, 0]);

testOnBackends("entropic open-set asks unknown pictures for equal scores", () => {
  const equal = lossValue(entropicOpenSet, { logits: [[5, 5, 5, 5]], labels: [-1] });
  assertClose([equal.value], [Math.log(4)]);
  assertClose(equal.gradient, [0, 0, 0, 0]);
  const sure = lossValue(entropicOpenSet, { logits: [[0, Math.log(3)]], labels: [-1] });
  assertClose([sure.value], [-(Math.log(0.25) + Math.log(0.75)) / 2]);
  assertClose(sure.gradient, [-0.25, 0.25]);
});

testOnBackends("entropic open-set is cross-entropy where every picture is known", () => {
  const pictures = { logits: [[0.3, -2, 1], [4, 0.1, -0.7]], labels: [1, 2] };
  assert.deepEqual(lossValue(entropicOpenSet, pictures), lossValue(crossEntropy, pictures));
});

Deno.test("targets of entropic open-set are one-hot, or equal shares for unknown pictures", () => {
  assert.deepEqual([...entropicOpenSet.targets([0, -1], 4)], [1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25]);
});

Deno.test("a wrong label of entropic open-set is told which there are, -1 too", () => {
  assert.throws(() => entropicOpenSet.targets([-2], 3), {
    message: "label -2 of picture 0 in the batch: there are 3 outputs, so labels are integers " +
      "from 0 to 2, or -1 for pictures of no output; check which groups the experiment trains on",
  });
});
