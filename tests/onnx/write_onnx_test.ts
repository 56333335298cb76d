import "@tensorflow/tfjs-backend-cpu";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "@std/path";
import { bcena } from "../../src/article/experiments.ts";
import { loadImages } from "../../src/data/load_images.ts";
import { type Network, STOCK_LAYERS } from "../../src/model/network.ts";
import { NETWORKS } from "../../src/model/registry.ts";
import { loadNetwork, type ModelMetadata, saveModel } from "../../src/model/saved_model.ts";
import { xresnet } from "../../src/model/xresnet.ts";
import { writeOnnx } from "../../src/onnx/write_onnx.ts";
import { predictImages } from "../../src/predict.ts";
import { runExperiments } from "../../src/reproduce.ts";
import { scoresOf } from "../../src/training/inference.ts";
import { onSimd } from "../backend/on_backends.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";
import { runFolderOf, withReproduction } from "../tiny_reproduction.ts";
import { tiny } from "../training/synthetic_data.ts";
import { inOnnxRuntime } from "./in_onnxruntime.ts";

await tf.setBackend("cpu");

const METADATA: ModelMetadata = {
  experiment: "mine",
  labels: ["na", "cat", 'dog "<i>x'],
  size: 32,
  activation: "sigmoid",
  decision: "threshold 0.4",
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

const OUTPUTS = ["scores", "logits", "features"] as const;

/** Of scores in [0, 1], and of anything else in units of its largest value. */
const TOLERANCE = 1e-4;

for (const [name, definition] of NETWORKS) {
  Deno.test(`${name} gives the same scores, logits and features in ONNX Runtime`, () =>
    onSimd(() => agreesInOnnxRuntime(definition.build(3, 1), METADATA)));
}

const ODD = xresnet("odd", { stem: [2, 2, 4], stages: [4, 6, 8], blocks: [1, 2, 2], hidden: 8 });

for (const [size, activation] of [[20, "sigmoid"], [33, "softmax"], [35, "sigmoid"]] as const) {
  Deno.test(`a ${activation} network of ${size} px is the same in ONNX Runtime, in half precision, too`, () =>
    onSimd(async () => {
      await agreesInOnnxRuntime(ODD.build(3, 1), { ...METADATA, size, activation });
      await agreesInOnnxRuntime(ODD.build(3, 1), { ...METADATA, size, activation }, "half");
    }));
}

/** Disposes the network. */
function agreesInOnnxRuntime(
  network: Network,
  metadata: ModelMetadata,
  precision: "single" | "half" = "single",
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const images = picturesOf(metadata.size);
    use(network, images);
    await saveModel(folder, network, metadata, precision);
    network.dispose();
    const onnx = join(folder, "network.onnx");
    await writeOnnx({ model: folder, onnx });
    const found = await inOnnxRuntime(onnx, channelsFirst(images), OUTPUTS);
    const loaded = await loadNetwork(folder);
    const { logits, features } = loaded.network.forward(images, { training: false });
    const scores = scoresOf(logits, metadata.activation);
    assertClose(found.scores, scores.dataSync(), 1);
    assertClose(found.logits, logits.dataSync());
    assertClose(found.features, features.dataSync());
    assert.ok(new Set(found.scores).size > 3, "scores that do not depend on the picture");
    loaded.network.dispose();
    tf.dispose([images, logits, features, scores]);
  });
}

Deno.test("ONNX Runtime gives the scores of predict for the same picture files", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(bcena)], precision: "half" as const };
    await runExperiments(once);
    const model = runFolderOf(once);
    const onnx = join(model, "deep", "network.onnx");
    await writeOnnx({ model, onnx });
    assert.deepEqual(namesIn(join(model, "deep")), ["network.onnx"]);
    const { labels, predictions } = await predictImages({
      model,
      images: [join(once.dataset.root, "val")],
    });
    const paths = predictions.map(({ path }) => path);
    const { images, size } = await loadImages(paths, once.experiments[0]!.profile.size);
    const batch = tf.tensor4d(images, [paths.length, size, size, 3]);
    const { scores } = await inOnnxRuntime(onnx, channelsFirst(batch), ["scores"]);
    batch.dispose();
    const expected = predictions.flatMap(({ scores }) => labels.map((label) => scores[label]!));
    assertClose(scores, expected, 1);
  }));

Deno.test("the file has all that is known of the network as metadata, and the threshold", () =>
  inTemporaryFolder(async (folder) => {
    const categoryNames = { cat: "</script>", 'dog "<i>x': "żuk\n" };
    await saveTo(folder, ODD.build(3, 1), { ...METADATA, categoryNames });
    await writeOnnx({ model: folder, onnx: join(folder, "a.onnx") });
    const metadata = metadataIn(await Deno.readFile(join(folder, "a.onnx")));
    const { network, threshold, ...others } = Object.fromEntries(metadata);
    assert.deepEqual(JSON.parse(network!), JSON.parse(JSON.stringify(ODD)));
    assert.equal(threshold, "0.4");
    const texts = ["experiment", "activation", "decision"];
    const values = Object.entries(others)
      .map(([key, text]) => [key, texts.includes(key) ? text : JSON.parse(text!)]);
    assert.deepEqual(Object.fromEntries(values), { ...METADATA, categoryNames });

    await saveTo(folder, ODD.build(3, 1), { ...METADATA, decision: "argmax" });
    await writeOnnx({ model: folder, onnx: join(folder, "b.onnx") });
    assert.equal(metadataIn(await Deno.readFile(join(folder, "b.onnx"))).has("threshold"), false);
  }));

Deno.test("a network of one's own is the same in ONNX Runtime: biases, activations, padding of layers", () =>
  inTemporaryFolder(async (folder) => {
    await saveTo(folder, ownNetwork(), { ...METADATA, size: 15, activation: "softmax" });
    const onnx = join(folder, "network.onnx");
    await writeOnnx({ model: folder, onnx });
    const images = picturesOf(15);
    const found = await inOnnxRuntime(onnx, channelsFirst(images), ["scores"]);
    const { network } = await loadNetwork(folder);
    const { logits, features } = network.forward(images, { training: false });
    assertClose(found.scores, tf.tidy(() => tf.softmax(logits).dataSync()), 1);
    tf.dispose([images, logits, features]);
    network.dispose();
  }));

/** Of parts that the networks of this project do not have. */
function ownNetwork(
  pooled: tf.layers.Layer = tf.layers.globalMaxPooling2d({}),
  padded: tf.layers.Layer[] = [],
): Network {
  return {
    ...ODD.build(3, 1),
    architecture: { kind: "own", name: "own", options: {} },
    layersModel(size) {
      const inputs = tf.input({ shape: [size, size, 3] });
      const { layers } = tf;
      const convolution = { kernelSize: 3, biasInitializer: "randomNormal" } as const;
      const body = [
        layers.conv2d({ ...convolution, filters: 4, strides: 2, padding: "same" }),
        ...padded,
        // What is lowest may be negative.
        layers.maxPooling2d({ poolSize: [3, 2], strides: [1, 2], padding: "same" }),
        layers.zeroPadding2d({ padding: [[0, 1], [2, 0]] }),
        layers.conv2d({ ...convolution, filters: 5, dilationRate: 2, activation: "relu" }),
        layers.zeroPadding2d({ padding: [[1, 0], [0, 1]] }),
        layers.maxPooling2d({ poolSize: 2, strides: 1 }),
        layers.averagePooling2d({ poolSize: 2, strides: 1, padding: "same" }),
        pooled,
        layers.activation({ activation: "linear", name: STOCK_LAYERS.features }),
        layers.dense({ units: 3, activation: "sigmoid", biasInitializer: "randomNormal" }),
        layers.activation({ activation: "softmax", name: STOCK_LAYERS.scores }),
      ];
      const outputs = body.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, inputs);
      return tf.model({ inputs, outputs });
    },
  };
}

Deno.test("a layer without an ONNX form is named, and nothing is written", () =>
  inTemporaryFolder(async (folder) => {
    const assertRefused = async (network: Network, message: RegExp) => {
      await saveTo(folder, network, METADATA);
      const before = namesIn(folder);
      await assert.rejects(writeOnnx({ model: folder, onnx: join(folder, "x.onnx") }), message);
      assert.deepEqual(namesIn(folder), before);
    };
    const { layers } = tf;
    await assertRefused(
      ownNetwork(layers.flatten()),
      /model\.json: the layer "flatten_\w+" of kind Flatten is not one of .*Conv2D.*; make /,
    );
    const zeros = layers.zeroPadding2d({ padding: 1 });
    // Runtimes leave the zeros out, though the pictures' values may be lower.
    const pool = layers.maxPooling2d({ poolSize: 2 });
    await assertRefused(ownNetwork(undefined, [zeros, pool]), /MaxPooling2D pools over zeros/);
    const again = layers.zeroPadding2d({ padding: 1 });
    const relu = layers.reLU({ maxValue: 6 });
    await assertRefused(ownNetwork(undefined, [again, relu]), /ReLU has a largest value, 6/);
  }));

Deno.test("a folder without a network, or with a damaged one, is named with the way out, and nothing is written", () =>
  inTemporaryFolder(async (folder) => {
    const onnx = join(folder, "network.onnx");
    const assertRefused = async (message: RegExp) => {
      await assert.rejects(writeOnnx({ model: folder, onnx }), message);
      assert.ok(!namesIn(folder).some((name) => name.includes(".onnx")));
    };
    await assertRefused(/no trained network there .*`deno task reproduce`/);
    await saveTo(folder, ODD.build(3, 1), METADATA);
    await edit(join(folder, "model.json"), '"size":32', '"size":0');
    await assertRefused(/model\.json: not saved by this program [^]*`deno task reproduce`/);
    await saveTo(folder, ODD.build(3, 1), METADATA);
    await edit(join(folder, "model.json"), '"class_name":"Conv2D"', '"class_name":"Conv9D"');
    await assertRefused(/model\.json: not a network of tfjs layers .*`deno task reproduce`/);
    await saveTo(folder, ODD.build(3, 1), METADATA);
    await Deno.truncate(join(folder, "weights.bin"), 100);
    await assertRefused(/weights\.bin: damaged.*`deno task reproduce`/);
  }));

async function saveTo(folder: string, network: Network, metadata: ModelMetadata): Promise<void> {
  await saveModel(folder, network, metadata);
  network.dispose();
}

function picturesOf(size: number): tf.Tensor4D {
  return tf.randomUniform([2, size, size, 3], -2, 2, "float32", 7);
}

/** Gives every part of a new network an effect: of residual blocks, some start with none. */
function use(network: Network, images: tf.Tensor4D): void {
  tf.tidy(() => {
    for (const { name, variable } of network.parameters) {
      if (name.endsWith(".gamma")) variable.assign(tf.fill(variable.shape, 0.7));
      if (name.endsWith(".beta")) variable.assign(tf.fill(variable.shape, 0.2));
    }
    network.forward(images, { training: true });
  });
}

function channelsFirst(images: tf.Tensor4D) {
  return tf.tidy(() => {
    const moved = tf.transpose(images, [0, 3, 1, 2]);
    return { values: moved.dataSync<"float32">().slice(), shape: moved.shape };
  });
}

/** The entries of field 14 of a model. */
function metadataIn(bytes: Uint8Array): Map<string, string> {
  const entries = new Map<string, string>();
  const model = new BinaryReader(bytes);
  while (model.pos < model.len) {
    const [field, type] = model.tag();
    if (field !== 14) {
      model.skip(type);
      continue;
    }
    const entry = new BinaryReader(model.bytes());
    const [key, value] = [[entry.tag(), entry.string()][1], [entry.tag(), entry.string()][1]];
    entries.set(String(key), String(value));
  }
  return entries;
}

function assertClose(
  found: readonly number[],
  expected: ArrayLike<number>,
  scale = Math.max(...Array.from(expected, Math.abs)),
): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(
      Math.abs(value - expected[i]!) <= TOLERANCE * scale,
      `${value} instead of ${expected[i]} at ${i}`,
    )
  );
}
