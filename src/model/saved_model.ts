/**
 * Trained networks as files that stock TensorFlow.js opens with `tf.loadLayersModel`: `model.json`
 * and `weights.bin`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { messageOf } from "../files/error_message.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { BATCH_NORM_EPSILON } from "./layers.ts";
import type { BatchNorm, ConvolutionBatchNorm, Linear } from "./layers.ts";
import { BLOCKS_PER_STAGE, XResNet } from "./xresnet.ts";
import type { NetworkWidths, ResidualBlock } from "./xresnet.ts";

const metadataSchema = z.object({
  experiment: z.string(),
  labels: z.array(z.string()).min(1),
  categoryNames: z.record(z.string(), z.string()).optional(),
  size: z.int().min(1),
  activation: z.enum(["softmax", "sigmoid"]),
  decision: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("argmax") }),
    z.object({ kind: z.literal("threshold"), threshold: z.number() }),
  ]),
  mean: z.array(z.number()).length(3),
  deviation: z.array(z.number()).length(3),
  weightsSha256: z.string(),
});

/** What is needed to use a saved network, stored with it as user-defined metadata. */
export interface ModelMetadata {
  /** Name of the experiment it was trained for. */
  readonly experiment: string;
  /** The labels of its outputs, in order. */
  readonly labels: readonly string[];
  /** Readable names of labels that are called otherwise. */
  readonly categoryNames?: Readonly<Record<string, string>> | undefined;
  /** Side of its input in pixels. */
  readonly size: number;
  /** What the last layer makes scores of logits with. */
  readonly activation: "softmax" | "sigmoid";
  /** How scores become a label. */
  readonly decision:
    | { readonly kind: "argmax" }
    | { readonly kind: "threshold"; readonly threshold: number };
  /** Of red, green and blue in [0, 1]: subtracted from pixels ... */
  readonly mean: readonly number[];
  /** ... which are then divided by this. */
  readonly deviation: readonly number[];
}

/** A saved network as a model of stock layers. */
export interface LoadedModel {
  /** From pictures [N, size, size, 3] to scores [N, labels]; the caller disposes it. */
  readonly model: tf.LayersModel;
  readonly metadata: ModelMetadata;
}

/** A saved network as it was trained. */
export interface LoadedNetwork {
  /** From pictures [N, size, size, 3] to logits [N, labels]; the caller disposes it. */
  readonly network: XResNet;
  readonly metadata: ModelMetadata;
}

/** The file of a saved network that names all others. */
export const MODEL_FILE = "model.json";
const WEIGHTS_FILE = "weights.bin";

/**
 * Saves the network with its final activation, for evaluation: batch norms use the running
 * statistics, and dropout is left out.
 *
 * `model.json` holds the checksum of its `weights.bin`, so that a pair from two different saves
 * does not pass for a network.
 *
 * @param directory made if it is missing
 * @throws {Error} if the labels are not as many as the network's outputs, or a file cannot be
 *   written.
 */
export async function saveLayersModel(
  directory: string,
  network: XResNet,
  metadata: ModelMetadata,
): Promise<void> {
  if (metadata.labels.length !== network.classes) {
    throw new Error(
      `${metadata.labels.length} labels (${metadata.labels.join(", ")}) for a network with ` +
        `${network.classes} outputs; give one for each`,
    );
  }
  const model = layersModelOf(network, metadata);
  try {
    await model.save(tf.io.withSaveHandler(async (artifacts) => {
      await writeArtifacts(directory, artifacts, metadata);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }));
  } finally {
    model.dispose();
  }
}

/**
 * Opens a network saved by {@linkcode saveLayersModel} as a model of stock layers.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the way out.
 */
export async function loadLayersModel(directory: string): Promise<LoadedModel> {
  const { modelPath, modelJson, metadata, specifications, weights } = await readFiles(directory);
  const artifacts = await tf.io.getModelArtifactsForJSON(
    modelJson,
    () => Promise.resolve([specifications, weights]),
  );
  try {
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    return { model, metadata };
  } catch (error) {
    throw unusable(modelPath, `not a network of tfjs layers (${messageOf(error)})`);
  }
}

/**
 * Opens a network saved by {@linkcode saveLayersModel} as what it was before. Stock layers give the
 * same scores up to rounding, but a hundred times slower on the backend `simd`, which has no
 * kernels for some of them.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the way out.
 */
export async function loadNetwork(directory: string): Promise<LoadedNetwork> {
  const { modelPath, metadata, specifications, weights } = await readFiles(directory);
  let values: NamedValues = new Map();
  let network: XResNet | undefined;
  try {
    values = new Map(Object.entries(tf.io.decodeWeights(weights, specifications)));
    network = new XResNet(widthsOf(values), metadata.labels.length, 0);
    for (const [name, variable] of network.namedVariables()) {
      variable.assign(valueOf(values, layersWeight(name)));
    }
    return { network, metadata };
  } catch (error) {
    network?.dispose();
    throw unusable(modelPath, `not an xresnet of this program (${messageOf(error)})`);
  } finally {
    tf.dispose([...values.values()]);
  }
}

interface SavedFiles {
  readonly modelPath: string;
  readonly modelJson: tf.io.ModelJSON;
  readonly metadata: ModelMetadata;
  readonly specifications: tf.io.WeightsManifestEntry[];
  readonly weights: ArrayBuffer;
}

async function readFiles(directory: string): Promise<SavedFiles> {
  const modelPath = join(directory, MODEL_FILE);
  const weightsPath = join(directory, WEIGHTS_FILE);
  const modelJson = parseModelJson(new TextDecoder().decode(await read(modelPath)), modelPath);
  const { weightsSha256, ...metadata } = parseMetadata(modelJson, modelPath);
  const weights = await read(weightsPath);
  if (sha256(weights) !== weightsSha256) {
    throw unusable(weightsPath, `damaged, or not the weights that ${MODEL_FILE} was saved with`);
  }
  const specifications = (modelJson.weightsManifest ?? []).flatMap((group) => group.weights);
  return { modelPath, modelJson, metadata, specifications, weights: weights.buffer };
}

type NamedValues = ReadonlyMap<string, tf.Tensor>;

function widthsOf(values: NamedValues): NetworkWidths {
  const outputsOf = (layer: string) => valueOf(values, `${layer}/kernel`).shape.at(-1)!;
  const stages: number[] = [];
  for (let block = 0; values.has(`${firstLayerOf(block)}/kernel`); block += BLOCKS_PER_STAGE) {
    stages.push(outputsOf(firstLayerOf(block)));
  }
  return {
    stem: [outputsOf("stem.0.0"), outputsOf("stem.1.0"), outputsOf("stem.2.0")],
    stages,
    hidden: outputsOf("l1"),
  };
}

function firstLayerOf(block: number): string {
  return `blocks.${block}.convpath.0.0`;
}

/** What stock layers call a variable of the network. */
function layersWeight(name: string): string {
  const [, batchNorm, part] = /^(.*)\.(gamma|beta|mean|variance)$/.exec(name) ?? [];
  if (batchNorm === undefined) return `${name}/kernel`;
  return `${batchNorm}/${part === "mean" || part === "variance" ? `moving_${part}` : part}`;
}

function valueOf(values: NamedValues, name: string): tf.Tensor {
  const value = values.get(name);
  if (value === undefined) throw new Error(`it has no ${name}`);
  return value;
}

/** The same network made of stock layers, which are named like its parameters. */
function layersModelOf(
  network: XResNet,
  { size, activation }: ModelMetadata,
): tf.LayersModel {
  const input = tf.input({ shape: [size, size, 3] });
  let x = input;
  for (const layer of network.stem) {
    x = tf.layers.reLU().apply(convolutionBatchNorm(x, layer)) as tf.SymbolicTensor;
  }
  // Padding with zeros is padding with the smallest value there is after a ReLU.
  x = tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "valid" })
    .apply(zeroPadding(x, 1)) as tf.SymbolicTensor;
  for (const block of network.blocks) x = residualBlock(x, block);

  const { norm1, linear1, norm2, linear2 } = network.head;
  const maximum = tf.layers.globalMaxPooling2d({}).apply(x) as tf.SymbolicTensor;
  const mean = tf.layers.globalAveragePooling2d({}).apply(x) as tf.SymbolicTensor;
  x = tf.layers.concatenate().apply([maximum, mean]) as tf.SymbolicTensor;
  x = linear(batchNorm(x, norm1), linear1);
  x = tf.layers.reLU().apply(x) as tf.SymbolicTensor;
  x = linear(batchNorm(x, norm2), linear2);
  x = tf.layers.activation({ activation, name: "scores" }).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: x });
}

function residualBlock(x: tf.SymbolicTensor, block: ResidualBlock): tf.SymbolicTensor {
  const { convolution1, convolution2, projection, stride } = block;
  const hidden = tf.layers.reLU().apply(convolutionBatchNorm(x, convolution1));
  const path = convolutionBatchNorm(hidden as tf.SymbolicTensor, convolution2);
  const pool = tf.layers.averagePooling2d({ poolSize: 2, strides: 2, padding: "same" });
  const pooled = stride === 1 ? x : pool.apply(x) as tf.SymbolicTensor;
  const identity = projection ? convolutionBatchNorm(pooled, projection) : pooled;
  const sum = tf.layers.add().apply([path, identity]);
  return tf.layers.reLU().apply(sum) as tf.SymbolicTensor;
}

function convolutionBatchNorm(
  x: tf.SymbolicTensor,
  { name, shape, filter, batchNorm: norm }: ConvolutionBatchNorm,
): tf.SymbolicTensor {
  const convolution = tf.layers.conv2d({
    name: `${name}.0`,
    filters: shape.outputs,
    kernelSize: shape.kernel,
    strides: shape.stride,
    padding: "valid",
    useBias: false,
    // Not drawn, because the weights are set at once.
    kernelInitializer: "zeros",
  });
  // "same" padding would pad only the far side at stride 2.
  const padded = zeroPadding(x, (shape.kernel - 1) / 2);
  const convolved = convolution.apply(padded) as tf.SymbolicTensor;
  convolution.setWeights([filter]);
  return batchNorm(convolved, norm);
}

function zeroPadding(x: tf.SymbolicTensor, padding: number): tf.SymbolicTensor {
  if (padding === 0) return x;
  return tf.layers.zeroPadding2d({ padding: [padding, padding] }).apply(x) as tf.SymbolicTensor;
}

function batchNorm(
  x: tf.SymbolicTensor,
  { gamma, beta, statistics }: BatchNorm,
): tf.SymbolicTensor {
  const layer = tf.layers.batchNormalization({
    name: statistics.name,
    epsilon: BATCH_NORM_EPSILON,
  });
  const normalised = layer.apply(x) as tf.SymbolicTensor;
  layer.setWeights([gamma, beta, statistics.mean, statistics.variance]);
  return normalised;
}

function linear(x: tf.SymbolicTensor, { name, weights }: Linear): tf.SymbolicTensor {
  const units = weights.shape[1];
  const layer = tf.layers.dense({ name, units, useBias: false, kernelInitializer: "zeros" });
  const product = layer.apply(x) as tf.SymbolicTensor;
  layer.setWeights([weights]);
  return product;
}

async function writeArtifacts(
  directory: string,
  artifacts: tf.io.ModelArtifacts,
  metadata: ModelMetadata,
): Promise<void> {
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const modelJson = {
    format: artifacts.format,
    generatedBy: artifacts.generatedBy,
    convertedBy: artifacts.convertedBy,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: artifacts.weightSpecs }],
    userDefinedMetadata: { ...metadata, weightsSha256: sha256(weights) },
  };
  await writeWholeFile(join(directory, WEIGHTS_FILE), weights);
  await writeWholeFile(join(directory, MODEL_FILE), JSON.stringify(modelJson));
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw unusable(path, `cannot be read (${messageOf(error)})`);
  }
}

function parseModelJson(text: string, path: string): tf.io.ModelJSON {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, `not JSON (${messageOf(error)})`);
  }
}

function parseMetadata(modelJson: tf.io.ModelJSON, path: string): z.infer<typeof metadataSchema> {
  const metadata = metadataSchema.safeParse(modelJson?.userDefinedMetadata);
  if (metadata.success) return metadata.data;
  throw unusable(path, `not saved by this program (${z.prettifyError(metadata.error)})`);
}

function unusable(path: string, problem: string): Error {
  return new Error(
    `${path}: ${problem}; give the folder of a trained model, or delete this one and train it ` +
      `again with \`deno task reproduce\``,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
