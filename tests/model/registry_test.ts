import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Network } from "../../src/model/network.ts";
import { NETWORK_KINDS, NETWORKS } from "../../src/model/registry.ts";
import { loadLayersModel, loadNetwork, saveModel } from "../../src/model/saved_model.ts";
import { PROFILES } from "../../src/catalogue.ts";
import { requireFittingGroups } from "../../src/training/parameter_groups.ts";
import { onSimd } from "../backend/on_backends.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

await tf.setBackend("cpu");

const SIZE = 32;

const METADATA = {
  experiment: "mine",
  labels: ["cat", "dog", "fish"],
  size: SIZE,
  activation: "sigmoid",
  decision: "argmax",
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
} as const;

function pictures(): tf.Tensor4D {
  return tf.randomUniform<tf.Rank.R4>([2, SIZE, SIZE, 3], -2, 2, "float32", 7);
}

/** Gives every part an effect: of residual blocks, some start with none. */
function wake(network: Network): void {
  for (const { name, variable } of network.parameters) {
    if (name.endsWith(".gamma")) tf.tidy(() => variable.assign(tf.fill(variable.shape, 0.7)));
  }
}

for (const [name, definition] of NETWORKS) {
  Deno.test(`${name} trains in all its parameters`, () =>
    onSimd(() => {
      const before = tf.memory().numTensors;
      const network = definition.build(3, 1);
      wake(network);
      tf.tidy(() => {
        const images = pictures();
        const variables = network.parameters.map(({ variable }) => variable);
        const { grads } = tf.variableGrads(() => {
          const { logits, features } = network.forward(images, { training: true });
          assert.deepEqual([logits.shape, features.shape[0]], [[2, 3], 2]);
          return tf.sum(tf.mul(logits, tf.tensor2d([[1, -2, 3], [2, 1, -1]]))) as tf.Scalar;
        }, variables);
        for (const { name, variable } of network.parameters) {
          const gradient = grads[variable.name]!.dataSync();
          assert.ok(gradient.every(Number.isFinite) && gradient.some((value) => value !== 0), name);
        }
        for (const { name, mean } of network.statistics) {
          assert.ok(mean.dataSync().some((value) => value !== 0), name);
        }
      });
      network.dispose();
      assert.equal(tf.memory().numTensors, before);
    }));

  Deno.test(`${name}, saved, is opened again with the same logits, and as stock layers and as a stranger with the same up to rounding`, () =>
    onSimd(() =>
      inTemporaryFolder(async (folder) => {
        const before = tf.memory().numTensors;
        const network = definition.build(3, 1);
        wake(network);
        const images = pictures();
        tf.dispose({ ...network.forward(images, { training: true }) });
        const expected = network.forward(images, { training: false });
        const directory = join(folder, "model");
        await saveModel(directory, network, METADATA);
        const loaded = await loadNetwork(directory);
        assert.deepEqual(loaded.metadata, {
          ...METADATA,
          network: JSON.parse(JSON.stringify(definition)),
        });
        const again = loaded.network.forward(images, { training: false });
        assert.deepEqual(again.logits.dataSync(), expected.logits.dataSync());
        assert.deepEqual(again.features.dataSync(), expected.features.dataSync());

        const { network: stranger } = await loadNetwork(directory, new Map());
        const foreign = stranger.forward(images, { training: false });
        assertClose(foreign.logits.dataSync(), expected.logits.dataSync());
        assertClose(foreign.features.dataSync(), expected.features.dataSync());
        const { model } = await loadLayersModel(directory);
        const scores = model.predict(images) as tf.Tensor;
        tf.tidy(() => assertClose(scores.dataSync(), tf.sigmoid(expected.logits).dataSync()));
        for (const each of [network, loaded.network, stranger, model]) each.dispose();
        tf.dispose([images, scores, { ...expected }, { ...again }, { ...foreign }]);
        assert.equal(tf.memory().numTensors, before);
      })
    ));

  Deno.test(`equal seeds give equal ${name}s, other seeds others`, () => {
    const networks = [1, 1, 2].map((seed) => definition.build(3, seed));
    const [a, b, c] = networks.map(({ parameters: [first] }) => first!.variable.dataSync());
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
    for (const network of networks) network.dispose();
  });

  Deno.test(`${name} fits every profile`, () => {
    const network = definition.build(1, 1);
    for (const profile of PROFILES) requireFittingGroups(profile, network);
    network.dispose();
  });
}

for (const [name, kind] of NETWORK_KINDS) {
  Deno.test(`networks of kind ${name} are again what they were after a trip through JSON`, () => {
    for (const network of kind.networks) {
      assert.equal(NETWORKS.get(network.name), network, "two networks of one name");
      const json = JSON.stringify(network);
      const { kind: saved, name: title, options } = JSON.parse(json);
      assert.equal(saved, name);
      assert.equal(JSON.stringify(kind.define(title, options)), json);
    }
  });

  Deno.test(`options that no network of kind ${name} has are refused`, () => {
    const [{ options }] = kind.networks as [typeof kind.networks[0]];
    for (const foreign of [null, {}, [], { ...options, [name]: 1 }]) {
      assert.throws(
        () => kind.define("foreign", foreign),
        /^Error: options of network "foreign": /,
      );
    }
  });
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  Array.from(actual).forEach((value, i) =>
    assert.ok(
      Math.abs(value - expected[i]!) < 1e-5 * scale,
      `${value} instead of ${expected[i]}`,
    )
  );
}
