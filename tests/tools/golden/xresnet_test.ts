import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/xresnet.ts";
import { assertAgrees, vectors } from "./vectors.ts";

interface Reference {
  readonly input: string;
  readonly weights: string;
  readonly params: readonly {
    readonly name: string;
    readonly gradNorm: number;
    readonly gradFirst8: readonly number[];
  }[];
}

/** The errors of the comparisons with a vector file, in part with another content. */
async function errors(change: Partial<Reference> = {}): Promise<number[]> {
  const content = await vectors("xresnet") as Reference;
  return (await run({ ...content, ...change })).map(({ error }) => error);
}

Deno.test("logits, gradients and parameter counts of the network agree with PyTorch", async () => {
  await assertAgrees("xresnet", run);
  for (const error of await errors()) assert.ok(error <= 1e-3, `${error}`);
});

Deno.test("the network runner finds any gradient that is off by a fiftieth", async () => {
  const content = await vectors("xresnet") as Reference;
  const off = content.params.map((parameter) => ({
    ...parameter,
    gradNorm: 1.02 * parameter.gradNorm,
    gradFirst8: parameter.gradFirst8.map((value) => 1.02 * value),
  }));
  const failed = (await run({ ...content, params: off }))
    .filter(({ error, tolerance }) => error > tolerance).map(({ name }) => name);
  for (const { name } of content.params) {
    assert.ok(failed.some((comparison) => comparison.startsWith(`${name}, gradient norm`)), name);
  }
});

Deno.test("the network's input follows the file's formula, however it is written", async () => {
  const expected = await errors();
  for (
    const formula of ["cos(0.011 * j) + sin(0.371 * j)", "1*sin( j*0.371 + 0 )+cos(j/1e3*11.0)"]
  ) {
    const found = await errors({ input: `x[j] = ${formula}, j flat over [4, 48, 48, 3]` });
    found.forEach((error, i) => assert.ok(Math.abs(error - expected[i]!) < 1e-3, `${found}`));
  }
});

Deno.test("the network runner finds inputs and weights of other numbers to be others", async () => {
  const { input, weights } = await vectors("xresnet") as Reference;
  const others: Partial<Reference>[] = [
    { input: input.replace("0.371", "0.372") },
    { input: input.replace("cos(j*0.011)", "cos(j*0.012)") },
    { input: input.replace("sin(", "2 * sin(") },
    { weights: weights.replace("1.7*j", "1.6*j") },
    { weights: weights.replace("13*i", "12*i") },
    { weights: weights.replace("sqrt(2) *", "sqrt(3) *") },
    { weights: weights.replace("gamma 1", "gamma 1.2") },
    { weights: weights.replace("0.5", "0.6") },
    { weights: weights.replace("beta 0.001", "beta 0.1") },
  ];
  for (const other of others) {
    assert.ok(Math.max(...await errors(other)) > 0.01, JSON.stringify(other));
  }
});

Deno.test("the network runner names what it does not understand of the file, and leaves no tensors", async () => {
  const { input, weights } = await vectors("xresnet") as Reference;
  const refused: [Partial<Reference>, string][] = [
    [{ input: "random" }, '"input" of the network\'s vector file: not "x[j] = '],
    [{ input: input.replace("[4,48,48,3]", "[4,48]") }, '"input" of the network\'s vector file: '],
    [{ input: input.replace("sin", "tan") }, 'unreadable formula "tan(j*0.371) + cos(j*0.011)"'],
    [{ weights: weights.replace("beta 0.001", "beta small") }, '"weights" of the network\'s'],
    [{ weights: weights.replace("no dropout", "dropout 0.5") }, '"weights" of the network\'s'],
    [{ weights: weights.replace("13*i", "13*k") }, 'unreadable formula "sqrt(2/fanIn) * '],
  ];
  const before = tf.memory().numTensors;
  for (const [change, message] of refused) {
    await assert.rejects(errors(change), (error: Error) => {
      assert.ok(error.message.startsWith(message), error.message);
      return true;
    });
  }
  assert.equal(tf.memory().numTensors, before);
});
