import assert from "node:assert/strict";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import { objectosphere } from "../../src/losses/objectosphere.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(objectosphere({ weight: 0.1, minimumNorm: 2 }), [-1, 2, 0]);

/** Equal logits, so that the entropic part is log 2 without a gradient. */
const EQUAL = { logits: [[0, 0]], features: [[3, 4]] };

testOnBackends("objectosphere wants features of unknown pictures to vanish", () => {
  const loss = objectosphere({ weight: 0.01 });
  const { value, gradient, featureGradient } = lossValue(loss, { ...EQUAL, labels: [-1] });
  assertClose([value], [Math.log(2) + 0.25]);
  assertClose(gradient, [0, 0]);
  assertClose(featureGradient!, [0.06, 0.08]);
});

testOnBackends("objectosphere wants features of known pictures to be of the minimum length", () => {
  const loss = objectosphere({ weight: 0.01, minimumNorm: 7 });
  const { value, gradient, featureGradient } = lossValue(loss, { ...EQUAL, labels: [0] });
  assertClose([value], [Math.log(2) + 0.01 * 2 ** 2]);
  assertClose(gradient, [-0.5, 0.5]);
  assertClose(featureGradient!, [-0.04 * 0.6, -0.04 * 0.8]);
});

testOnBackends("objectosphere leaves longer features of known pictures alone", () => {
  const known = { ...EQUAL, labels: [1] };
  assert.deepEqual(
    lossValue(objectosphere({ weight: 0.01, minimumNorm: 5 }), known),
    lossValue(entropicOpenSet, known),
  );
});

testOnBackends("the weight is 1e-4 and the length 50 unless others are given", () => {
  const pictures = { logits: [[0, 0], [0, 0]], features: [[3, 4], [3, 4]], labels: [-1, 0] };
  const { value } = lossValue(objectosphere(), pictures);
  assertClose([value], [Math.log(2) + 1e-4 * (5 ** 2 + 45 ** 2) / 2]);
});

testOnBackends("features of length 0 cost a known picture, but push it nowhere", () => {
  const pictures = { logits: [[0, 0]], features: [[0, 0]], labels: [0] };
  const { value, featureGradient } = lossValue(objectosphere({ weight: 0.01 }), pictures);
  assertClose([value], [Math.log(2) + 0.01 * 50 ** 2]);
  assert.equal(featureGradient, undefined);
});

Deno.test("targets of objectosphere are one-hot, or equal shares for unknown pictures", () => {
  assert.deepEqual([...objectosphere().targets([1, -1], 2)], [0, 1, 0.5, 0.5]);
});

Deno.test("a weight or length that is no size is an error that names it", () => {
  for (const value of [-1, NaN, Infinity]) {
    assert.throws(() => objectosphere({ weight: value }), {
      message: `weight of the objectosphere loss is ${value}; use a number of at least 0`,
    });
    assert.throws(() => objectosphere({ minimumNorm: value }), /^RangeError: minimumNorm of the/);
  }
});
