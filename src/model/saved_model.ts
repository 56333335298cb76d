/**
 * Trained networks as files that stock TensorFlow.js opens with `tf.loadLayersModel`: `model.json`
 * and `weights.bin`.
 *
 * @module
 */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { sha256 } from "../files/digest.ts";
import { messageOf } from "../files/error_message.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { stockWeightName } from "./layers.ts";
import { architectureSchema, STOCK_LAYERS } from "./network.ts";
import type { Classifier, Network, NetworkKind } from "./network.ts";
import { NETWORK_KINDS } from "./registry.ts";

const metadataSchema = z.object({
  network: architectureSchema,
  /** Name of the experiment it was trained for. */
  experiment: z.string(),
  /** The labels of its outputs, in order. */
  labels: z.array(z.string()).min(1).readonly(),
  /** Readable names of labels that are called otherwise. */
  categoryNames: z.record(z.string(), z.string()).readonly().optional(),
  /** Side of its input in pixels. */
  size: z.int().min(1),
  /** What the last layer makes scores of logits with. */
  activation: z.enum(["softmax", "sigmoid"]),
  /** The name of the decision that makes labels of scores. */
  decision: z.string(),
  /** Of red, green and blue in [0, 1]: subtracted from pixels ... */
  mean: z.array(z.number()).length(3).readonly(),
  /** ... which are then divided by this. */
  deviation: z.array(z.number()).length(3).readonly(),
  weightsSha256: z.string(),
}).readonly();

/** What a saved network brings along, stored with it as user-defined metadata. */
export type SavedMetadata = Omit<z.infer<typeof metadataSchema>, "weightsSha256">;

/** What is needed to use a saved network, besides what it is. */
export type ModelMetadata = Omit<SavedMetadata, "network">;

/** A saved network as a model of stock layers. */
export interface LoadedModel {
  /** From pictures [N, size, size, 3] to scores [N, labels]; the caller disposes it. */
  readonly model: tf.LayersModel;
  readonly metadata: SavedMetadata;
}

/** A saved network that can be used. */
export interface LoadedNetwork {
  /** Takes pictures of the metadata's size; the caller disposes it. */
  readonly network: Classifier;
  /** Whether its kind is not known, so that it runs as stock layers. */
  readonly runsAsStock: boolean;
  readonly metadata: SavedMetadata;
}

/** The file of a saved network that names all others. */
export const MODEL_FILE = "model.json";
const WEIGHTS_FILE = "weights.bin";

/** How many bits a weight is saved with. */
export type SavedPrecision = "single" | "half";

/**
 * Saves the network with its final activation, for evaluation: batch norms use the running
 * statistics, and dropout is left out.
 *
 * `model.json` holds the checksum of its `weights.bin`, so that a pair from two different saves
 * does not pass for a network.
 *
 * @param directory made if it is missing
 * @param precision with `half`, filters and weights of linear layers are rounded to 16-bit floats,
 *   so that the file is half as large; batch norms keep all their bits
 * @throws {Error} if the labels are not as many as the network's outputs, or a file cannot be
 *   written.
 */
export async function saveModel(
  directory: string,
  network: Network,
  metadata: ModelMetadata,
  precision: SavedPrecision = "single",
): Promise<void> {
  if (metadata.labels.length !== network.outputs) {
    throw new Error(
      `${metadata.labels.length} labels (${metadata.labels.join(", ")}) for a network with ` +
        `${network.outputs} outputs; give one for each`,
    );
  }
  const { architecture } = network;
  const model = network.layersModel(metadata.size, metadata.activation);
  try {
    await model.save(tf.io.withSaveHandler(async (artifacts) => {
      const { format, generatedBy, convertedBy, modelTopology } = artifacts;
      const [weightSpecs, weights] = encoded(artifacts, precision);
      const modelJson = {
        format,
        generatedBy,
        convertedBy,
        modelTopology,
        weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
        userDefinedMetadata: { ...metadata, network: architecture, weightsSha256: sha256(weights) },
      };
      await writeWholeFile(join(directory, WEIGHTS_FILE), weights);
      await writeWholeFile(join(directory, MODEL_FILE), JSON.stringify(modelJson));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }));
  } finally {
    model.dispose();
  }
}

/** Specifications and bytes of weights, in the form that stock TensorFlow.js decodes. */
function encoded(
  { weightSpecs = [], weightData }: tf.io.ModelArtifacts,
  precision: SavedPrecision,
): [tf.io.WeightsManifestEntry[], Uint8Array<ArrayBuffer>] {
  const buffer = tf.io.CompositeArrayBuffer.join(weightData);
  if (precision === "single") return [weightSpecs, new Uint8Array(buffer)];
  let offset = 0;
  const parts = weightSpecs.map((specification) => {
    const length = tf.util.sizeFromShape(specification.shape);
    const values = new Float32Array(buffer, offset, length);
    offset += values.byteLength;
    return specification.shape.length < 2
      ? { specification, bytes: new Uint8Array(values.slice().buffer) }
      : {
        specification: { ...specification, quantization: { dtype: "float16" as const } },
        bytes: new Uint8Array(Float16Array.from(values).buffer),
      };
  });
  return [
    parts.map(({ specification }) => specification),
    new Uint8Array(tf.io.CompositeArrayBuffer.join(parts.map(({ bytes }) => bytes.buffer))),
  ];
}

/**
 * The values of a network saved by {@linkcode saveModel}, by what stock layers call them, see
 * `stockWeightName`; the caller disposes them.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the remedy.
 */
export async function readWeights(
  directory: string,
): Promise<{ metadata: SavedMetadata; weights: Map<string, tf.Tensor> }> {
  const { metadata, specifications, weights } = await readFiles(directory);
  return {
    metadata,
    weights: new Map(Object.entries(tf.io.decodeWeights(weights, specifications))),
  };
}

/**
 * A digest of a saved network's values, 16 hexadecimal digits.
 *
 * @throws {Error} if there is no network; the message has the path and the remedy.
 */
export async function weightsDigest(directory: string): Promise<string> {
  const path = join(directory, MODEL_FILE);
  const [, { weightsSha256 }] = parseModelJson(new TextDecoder().decode(await read(path)), path);
  return weightsSha256.slice(0, 16);
}

/**
 * Opens a network saved by {@linkcode saveModel} as a model of stock layers.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the remedy.
 */
export async function loadLayersModel(directory: string): Promise<LoadedModel> {
  return await openStock(await readFiles(directory));
}

/**
 * Opens a network saved by {@linkcode saveModel} as what it was before. One of a kind that is not
 * known is opened as its stock layers: those give the same logits up to rounding, but a hundred
 * times slower on the backend `simd`, which has no kernels for some of them.
 *
 * @param kinds the kinds of networks that are known, by name
 * @throws {Error} if a file is missing or damaged, or is not of the network it claims to be; the
 *   message has its path and the remedy.
 */
export async function loadNetwork(
  directory: string,
  kinds: ReadonlyMap<string, NetworkKind> = NETWORK_KINDS,
): Promise<LoadedNetwork> {
  const files = await readFiles(directory);
  const { metadata } = files;
  const kind = kinds.get(metadata.network.kind);
  return {
    network: kind ? rebuild(kind, files) : await stockClassifier(files),
    runsAsStock: kind === undefined,
    metadata,
  };
}

type SavedFiles = Awaited<ReturnType<typeof readFiles>>;

async function readFiles(directory: string) {
  const modelPath = join(directory, MODEL_FILE);
  const weightsPath = join(directory, WEIGHTS_FILE);
  const text = new TextDecoder().decode(await read(modelPath));
  const [modelJson, { weightsSha256, ...metadata }] = parseModelJson(text, modelPath);
  const weights = await read(weightsPath);
  if (sha256(weights) !== weightsSha256) {
    throw unusable(weightsPath, `damaged, or not the weights that ${MODEL_FILE} was saved with`);
  }
  const specifications = (modelJson.weightsManifest ?? []).flatMap((group) => group.weights);
  return { modelPath, modelJson, metadata, specifications, weights: weights.buffer };
}

async function openStock(files: SavedFiles): Promise<LoadedModel> {
  const { modelPath, modelJson, metadata, specifications, weights } = files;
  const readWeights = () =>
    Promise.resolve<[typeof specifications, ArrayBuffer]>([specifications, weights]);
  const load = () => tf.io.getModelArtifactsForJSON(modelJson, readWeights);
  try {
    return { model: await tf.loadLayersModel({ load }), metadata };
  } catch (error) {
    throw unusable(modelPath, `not a network of tfjs layers (${messageOf(error)})`);
  }
}

async function stockClassifier(files: SavedFiles): Promise<Classifier> {
  const { model: saved } = await openStock(files);
  try {
    const { input } = saved.getLayer(STOCK_LAYERS.scores);
    const { output } = saved.getLayer(STOCK_LAYERS.features);
    const outputs = [input, output] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: saved.inputs, outputs });
    return {
      forward(images) {
        const [logits, features] = model.predictOnBatch(images) as [tf.Tensor2D, tf.Tensor2D];
        return { logits, features };
      },
      // Frees the layers, which the other model has from it.
      dispose: () => void saved.dispose(),
    };
  } catch (error) {
    saved.dispose();
    throw unusable(files.modelPath, `not saved by this program (${messageOf(error)})`);
  }
}

function rebuild(kind: NetworkKind, files: SavedFiles): Network {
  const { modelPath, metadata, specifications, weights } = files;
  const { name, options } = metadata.network;
  let values: Record<string, tf.Tensor> = {};
  let network: Network | undefined;
  try {
    network = kind.define(name, options).build(metadata.labels.length, 0);
    values = tf.io.decodeWeights(weights, specifications);
    assignValues(network, new Map(Object.entries(values)));
    return network;
  } catch (error) {
    network?.dispose();
    throw unusable(modelPath, `not a network of kind "${kind.kind}" (${messageOf(error)})`);
  } finally {
    tf.dispose(values);
  }
}

/** @throws {Error} if the values are not those of the network */
function assignValues(network: Network, values: ReadonlyMap<string, tf.Tensor>): void {
  const variables = network.namedVariables();
  const wanted = `where "${network.architecture.name}" has`;
  for (const [name, variable] of variables) {
    const value = values.get(stockWeightName(name));
    if (value === undefined || String(value.shape) !== String(variable.shape)) {
      const found = value ? `${name} of shape [${value.shape}]` : `no ${name}`;
      throw new Error(`${WEIGHTS_FILE} has ${found}, ${wanted} shape [${variable.shape}]`);
    }
    variable.assign(value);
  }
  if (values.size !== variables.size) {
    throw new Error(`${WEIGHTS_FILE} has ${values.size} tensors, ${wanted} ${variables.size}`);
  }
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw unusable(path, `cannot be read (${messageOf(error)})`);
  }
}

/** The file as it is, and the metadata in it. */
function parseModelJson(
  text: string,
  path: string,
): [tf.io.ModelJSON, z.infer<typeof metadataSchema>] {
  let modelJson: tf.io.ModelJSON;
  try {
    modelJson = JSON.parse(text);
  } catch (error) {
    throw unusable(path, `not JSON (${messageOf(error)})`);
  }
  const metadata = metadataSchema.safeParse(modelJson?.userDefinedMetadata);
  if (metadata.success) return [modelJson, metadata.data];
  throw unusable(path, `not saved by this program (${z.prettifyError(metadata.error)})`);
}

function unusable(path: string, problem: string): Error {
  return new Error(
    `${path}: ${problem}; give the folder of a trained model, or delete this one and train it ` +
      `again with \`deno task reproduce\``,
  );
}
