import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { globalMean, Linear } from "../../src/model/layers.ts";
import { composeNetwork, parameterGroups } from "../../src/model/network.ts";
import type { Network } from "../../src/model/network.ts";
import { ParameterList } from "../../src/model/parameters.ts";

await tf.setBackend("cpu");

/** A network of linear layers of these names and groups. */
function linearNetwork(layers: readonly (readonly [name: string, group: string])[]): Network {
  const list = new ParameterList(1);
  const linear = layers.map(([name, group]) => new Linear(list, name, group, 3, 3));
  return composeNetwork({
    architecture: { kind: "linear", name: "linear", options: { layers: layers.length } },
    outputs: 3,
    groups: parameterGroups("first", "last"),
    list,
    body: [globalMean, ...linear.slice(0, -1)],
    classifier: linear.slice(-1),
  });
}

Deno.test("a network is its layers one after another, with the features between body and classifier", () => {
  const network = linearNetwork([["a", "first"], ["b", "last"]]);
  tf.tidy(() => {
    const images = tf.randomUniform<tf.Rank.R4>([2, 4, 4, 3], 0, 1, "float32", 1);
    const { logits, features } = network.forward(images, { training: false });
    const [a, b] = network.parameters.map(({ variable }) => variable as tf.Tensor as tf.Tensor2D);
    const expected = tf.matMul(tf.mean(images, [1, 2]) as tf.Tensor2D, a!);
    assertClose(features, expected);
    assertClose(logits, tf.matMul(expected, b!));
  });
  assert.equal(network.parameterCount, 18);
  network.dispose();
});

Deno.test("a parameter of a group that the network does not have is named, and nothing is left", () => {
  const before = tf.memory().numTensors;
  assert.throws(() => linearNetwork([["a", "first"], ["b", "middle"]]), {
    message: 'b of network "linear" is of group "middle", which is not among its groups first, ' +
      "last; add it there",
  });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("two parameters of one name are refused, and nothing is left", () => {
  const before = tf.memory().numTensors;
  assert.throws(() => linearNetwork([["a", "first"], ["a", "last"]]), {
    message: "two parameters are called a; give each layer a name of its own",
  });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a network too large for any machine is refused before its values are made", () => {
  const before = tf.memory().numTensors;
  const list = new ParameterList(1);
  list.addVector("small", "first", 3, 1);
  assert.throws(() => list.addWeights<tf.Rank.R2>("large", "first", [2 ** 20, 2 ** 20]), {
    message: "large: more than 268435456 values in all; make the network smaller",
  });
  assert.equal(tf.memory().numTensors, before);
});

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  const differences = tf.sub(actual, expected).abs().max().dataSync();
  assert.ok(differences[0]! < 1e-6, `${actual} instead of ${expected}`);
}
