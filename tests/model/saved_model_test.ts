import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "node:path";
import { readableName } from "../../src/data/categories.ts";
import type { Network } from "../../src/model/network.ts";
import { loadLayersModel, loadNetwork, saveModel } from "../../src/model/saved_model.ts";
import type { ModelMetadata } from "../../src/model/saved_model.ts";
import { xresnet } from "../../src/model/xresnet.ts";
import { scoresOf } from "../../src/training/inference.ts";

await tf.setBackend("cpu");

const DEFINITION = xresnet("odd", {
  stem: [2, 2, 4],
  stages: [4, 6, 8],
  blocks: [1, 2, 2],
  hidden: 8,
});

const METADATA: ModelMetadata = {
  experiment: "bcena",
  labels: ["na", "golf ball", "French horn"],
  size: 20,
  activation: "sigmoid",
  decision: "threshold 0.4",
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** A network whose every part has an effect, running statistics included. */
function usedNetwork(size: number): Network {
  const network = DEFINITION.build(3, 1);
  tf.tidy(() => {
    for (const { name, variable } of network.parameters) {
      if (name.endsWith(".convpath.1.1.gamma")) variable.assign(tf.fill(variable.shape, 0.7));
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

async function saveNetwork(folder: string, metadata: ModelMetadata): Promise<Network> {
  const network = usedNetwork(metadata.size);
  await saveModel(folder, network, metadata);
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
        const { logits } = network.forward(images, { training: false });
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
    assert.deepEqual(metadata, { ...METADATA, network: network.architecture });
    assert.deepEqual(model.outputs[0]!.shape, [null, 3]);
    model.dispose();
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("a category called like what all objects have keeps its readable name in a saved model", () =>
  withFolder(async (folder) => {
    const categoryNames = JSON.parse('{ "__proto__": "prototype", "constructor": "builder" }');
    const labels = ["na", "__proto__", "constructor"];
    const saved = await saveNetwork(folder, { ...METADATA, labels, categoryNames });
    const { network, metadata } = await loadNetwork(folder);
    assert.deepEqual(
      labels.map((label) => readableName(metadata.categoryNames, label)),
      ["na", "prototype", "builder"],
    );
    saved.dispose();
    network.dispose();
  }));

Deno.test("loadNetwork() gives back the network with the same bits, and the metadata", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const saved = await saveNetwork(folder, METADATA);
    const { network, metadata } = await loadNetwork(folder);
    assert.deepEqual(metadata, { ...METADATA, network: saved.architecture });
    const bitsOf = (of: Network) =>
      [...of.namedVariables()].map(([name, variable]) => [name, variable.dataSync()]);
    assert.deepEqual((network as Network).architecture, saved.architecture);
    assert.deepEqual(bitsOf(network as Network), bitsOf(saved));
    saved.dispose();
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("saveModel() wants a label for each output", () =>
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

/** Changes a saved network's `model.json`. */
async function editModelJson(folder: string, edit: (json: Editable) => void): Promise<void> {
  const path = join(folder, "model.json");
  const json = JSON.parse(await Deno.readTextFile(path));
  edit(json);
  await Deno.writeTextFile(path, JSON.stringify(json));
}

/** Changes what a saved network says of itself. */
function editMetadata(folder: string, edit: (metadata: Editable) => void): Promise<void> {
  return editModelJson(folder, (json) => edit(json.userDefinedMetadata));
}

// deno-lint-ignore no-explicit-any
type Editable = any;

const OTHER_ARCHITECTURES: [string, (metadata: Editable) => void, RegExp][] = [
  [
    "without an architecture",
    (metadata) => delete metadata.network,
    /network: missing, as earlier versions left it out \(found nothing\)/,
  ],
  ["with half an architecture", ({ network }) => delete network.options, /network\.options/],
  [
    "with options that no network has",
    ({ network }) => network.options.stages = [4, 1e9, 8],
    /not a network of kind "xresnet" \(options of network "odd": .*<=4096/,
  ],
  [
    "of another width than its weights",
    ({ network }) => network.options.hidden = 6,
    /weights\.bin has l1 of shape \[16,8\], where "odd" has shape \[16,6\]/,
  ],
  [
    "of more blocks than its weights",
    ({ network }) => network.options.blocks = [1, 2, 3],
    /blocks\.5\.convpath\.0\.0: more than \d+ values in all; weights\.bin has no more/,
  ],
  [
    "of fewer blocks than its weights",
    ({ network }) => network.options.blocks = [1, 2, 1],
    /weights\.bin has \d+ tensors, where "odd" has \d+/,
  ],
  [
    "with other labels than its weights have outputs",
    (metadata) => metadata.labels.pop(),
    /weights\.bin has l2 of shape \[8,3\], where "odd" has shape \[8,2\]/,
  ],
];

for (const [what, edit, problem] of OTHER_ARCHITECTURES) {
  Deno.test(`a saved network ${what} is refused with its file, and leaves no tensors`, () =>
    withFolder(async (folder) => {
      const before = tf.memory().numTensors;
      (await saveNetwork(folder, METADATA)).dispose();
      await editMetadata(folder, edit);
      await assert.rejects(loadNetwork(folder), (error: Error) => {
        assert.ok(error.message.startsWith(`${join(folder, "model.json")}: `), error.message);
        assert.match(error.message, problem);
        assert.ok(error.message.endsWith("train it again with `deno task reproduce`"));
        return true;
      });
      assert.equal(tf.memory().numTensors, before);
    }));
}

/** Layers by their name in the saved topology. */
function layerOf(json: Editable, name: string): Editable {
  const { layers } = json.modelTopology.config;
  return layers.find((layer: Editable) => layer.name === name).config;
}

const ABSURD: [string, (json: Editable) => void, RegExp][] = [
  [
    "a shape with no values",
    ({ weightsManifest: [{ weights }] }) => weights[0].shape = [3, 3, 0, 10000000],
    /weightsManifest\.0\.weights\.0\.shape\.2: .*\(found 0\)/,
  ],
  [
    "a shape with more values than weights.bin",
    ({ weightsManifest: [{ weights }] }) => weights[0].shape = [3, 3, 3, 3],
    /weights\.bin: damaged, or not the weights that model\.json was saved with/,
  ],
  [
    "a shape for no machine",
    ({ weightsManifest: [{ weights }] }) => weights[0].shape = [3, 3, 3, 1e10],
    /weightsManifest: more than 268435456 values in all/,
  ],
  [
    "weights of bytes",
    ({ weightsManifest: [{ weights }] }) =>
      weights[0].quantization = { dtype: "uint8", min: 0, scale: 1 },
    /weights\.0\.quantization\.dtype: .*"float16" \(found "uint8"\)/,
  ],
  [
    "weights that are text",
    ({ weightsManifest: [{ weights }] }) => weights[0].dtype = "string",
    /weights\.0\.dtype: .*"float32" \(found "string"\)/,
  ],
  ["a manifest that is no list", (json) => json.weightsManifest = {}, /weightsManifest: /],
  [
    "no list of weights",
    ({ weightsManifest: [group] }) => group.weights = "all",
    /weightsManifest\.0\.weights: .*\(found "all"\)/,
  ],
  [
    "a label twice",
    ({ userDefinedMetadata: { labels } }) => labels[2] = labels[1],
    /labels: two labels are the same \(found \["na","golf ball","golf ball"\]\)/,
  ],
  [
    "pictures of 16,000 pixels",
    ({ userDefinedMetadata }) => userDefinedMetadata.size = 16000,
    /size: .*1024 \(found 16000\)/,
  ],
  [
    "another mean",
    ({ userDefinedMetadata: { mean } }) => mean[1] = 0.5,
    /mean: this program normalises pictures with 0\.485, 0\.456, 0\.406 \(found \[0\.485,0\.5/,
  ],
  [
    "another deviation",
    ({ userDefinedMetadata: { deviation } }) => deviation.push(1),
    /deviation: this program normalises/,
  ],
  [
    "an architecture far above its weights",
    ({ userDefinedMetadata: { network: { options } } }) => options.stages = [4, 6, 4096],
    /blocks\.3\..*: more than \d+ values in all; weights\.bin has no more/,
  ],
  [
    "options nested without an end",
    ({ userDefinedMetadata: { network } }) => {
      for (let depth = 0; depth < 20_000; depth++) network.options = { deeper: network.options };
    },
    /Maximum call stack/,
  ],
];

for (const [what, edit, problem] of ABSURD) {
  Deno.test(`a saved network with ${what} is refused in one line, and leaves no tensors`, () =>
    withFolder(async (folder) => {
      const before = tf.memory().numTensors;
      (await saveNetwork(folder, METADATA)).dispose();
      await editModelJson(folder, edit);
      await assert.rejects(loadNetwork(folder), (error: Error) => {
        assert.ok(error.message.startsWith(folder), error.message);
        assert.match(error.message, problem);
        assert.ok(!error.message.includes("\n"), error.message);
        return true;
      });
      assert.equal(tf.memory().numTensors, before);
    }));
}

const ABSURD_LAYERS: [string, (json: Editable) => void, RegExp][] = [
  [
    "a layer of a billion outputs",
    (json) => layerOf(json, "stem.1.0").filters = 1e9,
    /a layer's size of 1000000000, above the 4096 allowed/,
  ],
  [
    "pictures of another size",
    (json) => layerOf(json, json.modelTopology.config.layers[0].name).batch_input_shape[1] = 21,
    /its layers go from \[,21,20,3\] to \[,3\] instead of \[,20,20,3\] to \[,3\]/,
  ],
];

for (const [what, edit, problem] of ABSURD_LAYERS) {
  Deno.test(`stock layers with ${what} are refused, and leave no tensors`, () =>
    withFolder(async (folder) => {
      const before = tf.memory().numTensors;
      (await saveNetwork(folder, METADATA)).dispose();
      await editModelJson(folder, edit);
      await assert.rejects(loadLayersModel(folder), problem);
      assert.equal(tf.memory().numTensors, before);
    }));
}

Deno.test("files of a saved network that are no plain files, or far too long, are not read", () =>
  withFolder(async (folder) => {
    for (const name of ["model.json", "weights.bin"]) {
      const path = join(folder, name);
      (await saveNetwork(folder, METADATA)).dispose();
      await Deno.truncate(path, 3 * 2 ** 30);
      await assert.rejects(loadNetwork(folder), /3221225472 bytes, more than the \d+ that such/);
      await Deno.remove(path);
      await new Deno.Command("mkfifo", { args: [path] }).output();
      await assert.rejects(loadNetwork(folder), new RegExp(`${name}: .*not a plain file`));
      await Deno.remove(path);
    }
  }));

Deno.test("a saved network of a kind that nobody knows is opened as its stock layers", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const saved = await saveNetwork(folder, METADATA);
    await editMetadata(folder, ({ network }) => network.kind = "mine");
    const { network, metadata } = await loadNetwork(folder);
    assert.equal(metadata.network.kind, "mine");
    tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([40, 20, 20, 3], -2, 2, "float32", 7);
      const expected = saved.forward(images, { training: false });
      const actual = network.forward(images, { training: false });
      for (const key of ["logits", "features"] as const) {
        assert.deepEqual(actual[key].shape, expected[key].shape);
        const difference = tf.max(tf.abs(tf.sub(actual[key], expected[key]))).dataSync()[0]!;
        assert.ok(difference < 1e-5, `${key} differ by ${difference}`);
      }
    });
    saved.dispose();
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }));

Deno.test("a network of a kind of one's own is opened as what it was by who knows the kind", () =>
  withFolder(async (folder) => {
    const saved = await saveNetwork(folder, METADATA);
    await editMetadata(folder, ({ network }) => network.kind = "mine");
    const mine = { kind: "mine", networks: [], define: () => DEFINITION };
    const { network } = await loadNetwork(folder, new Map([["mine", mine]]));
    tf.tidy(() => {
      const images = tf.ones<tf.Rank.R4>([1, 20, 20, 3]);
      const logitsOf = (of: typeof network) => of.forward(images, { training: false }).logits;
      assert.deepEqual(logitsOf(network).dataSync(), logitsOf(saved).dataSync());
    });
    saved.dispose();
    network.dispose();
  }));
