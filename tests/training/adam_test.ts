import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { Adam, FASTAI_ADAM } from "../../src/training/adam.ts";

await tf.setBackend("cpu");

const START = [1, -2, 0.5];
const GRADIENTS = [[0.1, -0.2, 3], [0.5, 0.1, -1], [-2, 0.3, 0.01]];

function parameter(): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(START)));
}

function step(adam: Adam, variable: tf.Variable, gradient: number[], decays = true): void {
  tf.tidy(() => {
    const gradientTensor = tf.tensor(gradient);
    adam.step([{ name: "p", variable, gradient: gradientTensor, learningRate: 0.1, decays }], 0.9);
  });
}

Deno.test("the first step moves each value by the learning rate against its gradient's sign", () => {
  const adam = new Adam({ squaredMomentum: 0.99, epsilon: 0, weightDecay: 0 });
  const variable = parameter();
  step(adam, variable, GRADIENTS[0]!);
  const moved = [...variable.dataSync()].map((value, i) => value - START[i]!);
  [-0.1, 0.1, -0.1].forEach((expected, i) => assert.ok(Math.abs(moved[i]! - expected) < 1e-6));
  variable.dispose();
  adam.clear();
});

Deno.test("weight decay shrinks only the parameters that decay", () => {
  const adam = new Adam({ ...FASTAI_ADAM, weightDecay: 0.5 });
  for (const [decays, factor] of [[true, 0.95], [false, 1]] as const) {
    const variable = parameter();
    step(adam, variable, [0, 0, 0], decays);
    const expected = START.map((value) => Math.fround(value * factor));
    variable.dataSync().forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6));
    variable.dispose();
    adam.clear();
  }
});

Deno.test("a restored state goes on with the same bits", () => {
  const through = new Adam(FASTAI_ADAM);
  const variable = parameter();
  for (const gradient of GRADIENTS) step(through, variable, gradient);

  const first = new Adam(FASTAI_ADAM);
  const resumed = parameter();
  for (const gradient of GRADIENTS.slice(0, 2)) step(first, resumed, gradient);
  const second = new Adam(FASTAI_ADAM);
  const values = [...first.means].map(([name, mean]) =>
    [name, mean.dataSync<"float32">()] as const
  );
  second.restore(first.steps, new Map(values), new Map([["p", resumed]]));
  step(second, resumed, GRADIENTS[2]!);

  assert.deepEqual(resumed.dataSync(), variable.dataSync());
  for (const adam of [through, first, second]) adam.clear();
  tf.dispose([variable, resumed]);
});

Deno.test("a cleared state is as good as new", () => {
  const used = new Adam(FASTAI_ADAM);
  const other = parameter();
  step(used, other, GRADIENTS[0]!);
  used.clear();
  const fresh = new Adam(FASTAI_ADAM);
  const [a, b] = [parameter(), parameter()];
  step(used, a, GRADIENTS[1]!);
  step(fresh, b, GRADIENTS[1]!);
  assert.deepEqual(a.dataSync(), b.dataSync());
  used.clear();
  fresh.clear();
  tf.dispose([a, b, other]);
});

Deno.test("a state for a parameter that the network does not have is refused", () => {
  for (const name of ["adam mean/q", "adam squared mean/q"]) {
    const values = new Map([[name, new Float32Array(3)]]);
    assert.throws(
      () => new Adam(FASTAI_ADAM).restore(1, values, new Map()),
      /unknown parameter "q"/,
    );
  }
});

Deno.test("steps leave two tensors per parameter, which clear() frees", () => {
  const before = tf.memory().numTensors;
  const adam = new Adam(FASTAI_ADAM);
  const variable = parameter();
  for (let i = 0; i < 10; i++) {
    step(adam, variable, GRADIENTS[0]!);
    assert.equal(tf.memory().numTensors, before + 3);
  }
  adam.clear();
  variable.dispose();
  assert.equal(tf.memory().numTensors, before);
});
