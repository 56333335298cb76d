import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { globalMean, Linear, relu } from "../../src/model/layers.ts";
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

Deno.test("the last layer gives the logits of features, and leaves no tensors", () => {
  const network = linearNetwork([["a", "first"], ["b", "last"]]);
  const before = tf.memory().numTensors;
  const { weights, bias } = network.lastLayer(3);
  assert.equal(tf.memory().numTensors, before);
  tf.tidy(() => {
    const images = tf.randomUniform<tf.Rank.R4>([2, 4, 4, 3], 0, 1, "float32", 1);
    const { logits, features } = network.forward(images, { training: false });
    const rows = features.arraySync().map((row) =>
      weights.map((weight, output) =>
        row.reduce((sum, value, i) => sum + value * weight[i]!, bias[output]!)
      )
    );
    assertClose(logits, tf.tensor2d(rows));
  });
  network.dispose();
});

Deno.test("a classifier that is no affine map has no last layer, and says what to do", () => {
  const list = new ParameterList(1);
  const network = composeNetwork({
    architecture: { kind: "bent", name: "bent", options: {} },
    outputs: 3,
    groups: parameterGroups("last"),
    list,
    body: [globalMean],
    classifier: [new Linear(list, "a", "last", 3, 3), relu],
  });
  assert.throws(() => network.lastLayer(3), /network "bent": its classifier is not an affine map/);
  network.dispose();
});
