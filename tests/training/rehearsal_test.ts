import assert from "node:assert/strict";
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { bcena, ce } from "../../src/article/experiments.ts";
import type { Experiment } from "../../src/experiments.ts";
import { bcena as modifiedBce } from "../../src/losses/bcena.ts";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { objectosphere } from "../../src/losses/objectosphere.ts";
import { plainCnn } from "../../src/model/plain_cnn.ts";
import { rehearse } from "../../src/training/rehearsal.ts";
import { TINY_PROFILE } from "./synthetic_data.ts";

const LABELS = ["na", "a", "b"];
const NETWORK = plainCnn("small", { widths: [2], features: 4 });

/** The first line of what the rehearsal of an experiment throws; "" if it passes. */
async function faultOf(experiment: Experiment, labels = LABELS): Promise<string> {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const network = experiment.network.build(labels.length, 1);
  try {
    rehearse({ ...experiment, profile: TINY_PROFILE }, network, labels);
    return "";
  } catch (error) {
    return (error as Error).message;
  } finally {
    network.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors were left");
  }
}

function withLoss(loss: Partial<Loss>): Experiment {
  return { ...bcena, network: NETWORK, loss: { ...modifiedBce, name: "mine", ...loss } };
}

Deno.test("losses that keep their contract pass, of features and of labels without output too", async () => {
  assert.equal(await faultOf({ ...bcena, network: NETWORK }), "");
  for (const loss of [entropicOpenSet, objectosphere()]) {
    assert.equal(await faultOf({ ...bcena, network: NETWORK, loss }, ["a", "b"]), "");
  }
  assert.equal(await faultOf({ ...ce, network: NETWORK }, ["a", "b"]), "");
});

for (
  const [what, loss, complaint] of [
    [
      "a vector",
      { value: ({ logits }) => tf.mean(logits, 1) as tf.Scalar },
      /^experiment "bcena": loss "mine" returns a tensor of shape \[3\]; value\(input, labels\) returns a scalar tensor/,
    ],
    ["nothing", { value: () => undefined as unknown as tf.Scalar }, /returns undefined; value\(/],
    ["a number", { value: () => 1 as unknown as tf.Scalar }, /returns number; value\(/],
    [
      "NaN",
      { value: ({ logits }) => tf.mean(tf.log(tf.mul(0, logits))).mul(0) as tf.Scalar },
      /is NaN for logits of a network that has learnt nothing; it has to be a finite number/,
    ],
    ["no gradient", { value: () => tf.scalar(1) }, /has no gradient: nothing can be learnt/],
    [
      "too few targets",
      { targets: () => new Float32Array(3) },
      /gives 3 targets for 3 pictures and 3 outputs; targets\(labels, outputs\) returns/,
    ],
    [
      "an error for a label",
      {
        value: ({ logits }, labels) => {
          const stray = Array.from(labels).find((label) => label > 1);
          if (stray !== undefined) throw new RangeError(`no label ${stray}`);
          return tf.mean(logits);
        },
      },
      /throws for 3 pictures with the labels 0,1,2: no label 2$/,
    ],
  ] as readonly (readonly [string, Partial<Loss>, RegExp])[]
) {
  Deno.test(`a loss that gives ${what} is told in one line before it is trained`, async () => {
    const fault = await faultOf(withLoss(loss));
    assert.match(fault, complaint);
    assert.equal(fault.split("\n").length, 1);
  });
}

Deno.test("a network with another number of outputs is told with the labels it has to have", async () => {
  const build = (outputs: number, seed: number) => NETWORK.build(outputs + 1, seed);
  assert.match(
    await faultOf({ ...bcena, network: { ...NETWORK, name: "wide", build } }),
    /network "wide" makes logits of shape \[3,4\] from 3 pictures; .* with 3 outputs \(na,a,b\)$/,
  );
});
