import assert from "node:assert/strict";
import { crossEntropy } from "../../src/losses/cross_entropy.ts";
import { energyRegularised } from "../../src/losses/energy_regularised.ts";
import { assertClose, lossValue, testOnBackends, testPromises } from "./loss_promises.ts";

testPromises(energyRegularised({ knownMargin: -2, unknownMargin: -0.5 }), [-1, 2, 0], 1e15);

testOnBackends("unknown pictures pay for energies below their margin, known ones above", () => {
  // Two logits of a have the energy -a - log 2.
  const loss = energyRegularised({ weight: 0.5, knownMargin: -4, unknownMargin: -1 });
  const pay = (logit: number, label: number) =>
    lossValue(loss, { logits: [[logit, logit]], labels: [label] });
  const unknown = pay(2, -1);
  const missing = 2 + Math.log(2) - 1;
  assertClose([unknown.value], [0.5 * missing ** 2]);
  assertClose(unknown.gradient, [0.5 * missing, 0.5 * missing]);
  const known = pay(2, 0);
  assertClose([known.value], [Math.log(2) + 0.5 * (4 - 2 - Math.log(2)) ** 2]);
});

testOnBackends("within its margin a picture pays nothing for its energy", () => {
  const loss = energyRegularised({ knownMargin: -1, unknownMargin: 0 });
  const known = { logits: [[5, 1]], labels: [0] };
  assertClose([lossValue(loss, known).value], [lossValue(crossEntropy, known).value]);
  assertClose(lossValue(loss, known).gradient, lossValue(crossEntropy, known).gradient);
  const unknown = lossValue(loss, { logits: [[-5, -1]], labels: [-1] });
  assert.deepEqual([unknown.value, ...unknown.gradient.map(Math.abs)], [0, 0, 0]);
});

Deno.test("no output is the target of a picture outside the known categories", () => {
  assert.deepEqual([...energyRegularised().targets([1, -1], 2)], [0, 1, 0, 0]);
});

Deno.test("weights and margins that cannot be are errors that name them", () => {
  assert.throws(() => energyRegularised({ weight: -1 }), /weight of .* is -1; use a number of at/);
  assert.throws(() => energyRegularised({ knownMargin: NaN }), /knownMargin of .* is NaN; use a/);
  assert.throws(
    () => energyRegularised({ knownMargin: 1, unknownMargin: 0 }),
    /knownMargin 1 of .* is above unknownMargin 0/,
  );
});
