import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadLayersModel, loadNetwork, saveLayersModel } from "../../src/model/saved_model.ts";
import type { ModelMetadata } from "../../src/model/saved_model.ts";
import { XResNet } from "../../src/model/xresnet.ts";
import type { NetworkWidths } from "../../src/model/xresnet.ts";
import { scoresOf } from "../../src/losses/activation.ts";

await tf.setBackend("cpu");

const WIDTHS: NetworkWidths = { stem: [2, 2, 4], stages: [4, 6, 8], hidden: 8 };

const METADATA: ModelMetadata = {
  experiment: "bcena",
  labels: ["na", "golf ball", "French horn"],
  size: 20,
  activation: "sigmoid",
  decision: { kind: "threshold", threshold: 0.4 },
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** A network whose every part has an effect, running statistics included. */
function usedNetwork(size: number): XResNet {
  const network = new XResNet(WIDTHS, 3, 1);
  tf.tidy(() => {
    for (const { convolution2 } of network.blocks) {
      const { gamma } = convolution2.batchNorm;
      gamma.assign(tf.fill(gamma.shape, 0.7));
    }
    for (let pass = 0; pass < 3; pass++) {
      network.forward(tf.randomUniform([4, size, size, 3], -2, 2, "float32", pass), {
        training: true,
      });
    }
  });
  return network;
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "model"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function saveNetwork(folder: string, metadata: ModelMetadata): Promise<XResNet> {
  const network = usedNetwork(metadata.size);
  await saveLayersModel(folder, network, metadata);
  return network;
}

/** Reads the files as any program would that knows the format and nothing of this project. */
function stockHandler(folder: string): tf.io.IOHandler {
  return {
    load: async () => {
      const json = JSON.parse(await Deno.readTextFile(join(folder, "model.json")));
      return await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const files = manifest.flatMap(({ paths }) => paths);
        assert.deepEqual(files, ["weights.bin"]);
        const bytes = await Deno.readFile(join(folder, "weights.bin"));
        return [manifest.flatMap(({ weights }) => weights), bytes.buffer];
      });
    },
  };
}

for (const [size, activation] of [[20, "sigmoid"], [33, "softmax"], [35, "sigmoid"]] as const) {
  Deno.test(`stock TensorFlow.js opens a saved ${size} px ${activation} network with the same scores`, () =>
    withFolder(async (folder) => {
      const network = await saveNetwork(folder, { ...METADATA, size, activation });
      const stock = await tf.loadLayersModel(stockHandler(folder));
      tf.tidy(() => {
        const images = tf.randomUniform<tf.Rank.R4>([3, size, size, 3], -2, 2, "float32", 7);
        const logits = network.forward(images, { training: false });
        const expected = [...scoresOf(logits, activation).dataSync()];
        const actual = [...(stock.predict(images) as tf.Tensor).dataSync()];
        const differences = actual.map((score, i) => Math.abs(score - expected[i]!));
        assert.equal(actual.length, 9);
        assert.ok(Math.max(...differences) < 1e-5, `${actual} instead of ${expected}`);
        assert.ok(new Set(actual).size > 3, "scores that do not depend on the picture");
      });
      stock.dispose();
      network.dispose();
    }));
}

Deno.test("loadLayersModel() gives back the metadata, and the model leaves no tensors", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const network = await saveNetwork(folder, METADATA);
    const { model, metadata } = await loadLayersModel(folder);
    assert.deepEqual(metadata, METADATA);
    assert.deepEqual(model.outputs[0]!.shape, [null, 3]);
    model.dispose();
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("loadNetwork() gives back the network with the same bits, and the metadata", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const saved = await saveNetwork(folder, METADATA);
    const { network, metadata } = await loadNetwork(folder);
    assert.deepEqual(metadata, METADATA);
    assert.deepEqual(network.widths, WIDTHS);
    const bitsOf = (of: XResNet) =>
      [...of.namedVariables()].map(([name, variable]) => [name, variable.dataSync()]);
    assert.deepEqual(bitsOf(network), bitsOf(saved));
    saved.dispose();
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("saveLayersModel() wants a label for each output", () =>
  withFolder(async (folder) => {
    await assert.rejects(saveNetwork(folder, { ...METADATA, labels: ["na", "golf ball"] }), {
      message: "2 labels (na, golf ball) for a network with 3 outputs; give one for each",
    });
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
  }));

Deno.test("a file that is missing or damaged is named, together with the way out", () =>
  withFolder(async (folder) => {
    const json = join(folder, "model.json");
    const weights = join(folder, "weights.bin");
    const network = await saveNetwork(folder, METADATA);
    network.dispose();
    const goodJson = await Deno.readTextFile(json);
    const goodWeights = await Deno.readFile(weights);

    const assertBlames = async (path: string, loaders = [loadLayersModel, loadNetwork]) => {
      for (const load of loaders) {
        await assert.rejects(load(folder), (error: Error) => {
          assert.ok(error.message.startsWith(`${path}: `), error.message);
          assert.ok(error.message.endsWith("train it again with `deno task reproduce`"));
          return true;
        });
      }
    };

    const flipped = goodWeights.slice();
    flipped[100]! ^= 1;
    for (const damaged of [flipped, goodWeights.slice(4), new Uint8Array()]) {
      await Deno.writeFile(weights, damaged);
      await assertBlames(weights);
    }
    await Deno.remove(weights);
    await assertBlames(weights);

    await Deno.writeFile(weights, goodWeights);
    const changed = (change: object) => JSON.stringify({ ...JSON.parse(goodJson), ...change });
    const withoutWeights = changed({ weightsManifest: [] });
    for (const damaged of ["", "null", "{}", goodJson.slice(0, 1000), withoutWeights]) {
      await Deno.writeTextFile(json, damaged);
      await assertBlames(json);
    }
    await Deno.writeTextFile(json, changed({ modelTopology: {} }));
    await assertBlames(json, [loadLayersModel]);
    await Deno.remove(json);
    await assertBlames(json);
  }));
