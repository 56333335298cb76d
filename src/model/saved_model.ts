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
import type { Activation } from "../losses/activation.ts";
import { stockWeightName } from "./layers.ts";
import { architectureSchema, STOCK_LAYERS } from "./network.ts";
import type { Architecture, Classifier, Network, NetworkKind, NetworkOutputs } from "./network.ts";
import { NETWORK_KINDS } from "./registry.ts";

const metadataSchema = z.object({
  network: architectureSchema,
  experiment: z.string(),
  labels: z.array(z.string()).min(1),
  categoryNames: z.record(z.string(), z.string()).optional(),
  size: z.int().min(1),
  activation: z.enum(["softmax", "sigmoid"]),
  decision: z.string(),
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
  readonly activation: Activation;
  /** The name of the decision that makes labels of scores. */
  readonly decision: string;
  /** Of red, green and blue in [0, 1]: subtracted from pixels ... */
  readonly mean: readonly number[];
  /** ... which are then divided by this. */
  readonly deviation: readonly number[];
}

/** What a saved network brings along. */
export interface SavedMetadata extends ModelMetadata {
  readonly network: Architecture;
}

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
  readonly metadata: SavedMetadata;
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
export async function saveModel(
  directory: string,
  network: Network,
  metadata: ModelMetadata,
): Promise<void> {
  if (metadata.labels.length !== network.outputs) {
    throw new Error(
      `${metadata.labels.length} labels (${metadata.labels.join(", ")}) for a network with ` +
        `${network.outputs} outputs; give one for each`,
    );
  }
  const { size, activation } = metadata;
  const model = network.layersModel(size, activation);
  try {
    await model.save(tf.io.withSaveHandler(async (artifacts) => {
      await writeArtifacts(directory, artifacts, { ...metadata, network: network.architecture });
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }));
  } finally {
    model.dispose();
  }
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
  return { network: kind ? rebuild(kind, files) : await stockClassifier(files), metadata };
}

interface SavedFiles {
  readonly modelPath: string;
  readonly modelJson: tf.io.ModelJSON;
  readonly metadata: SavedMetadata;
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

async function openStock(files: SavedFiles): Promise<LoadedModel> {
  const { modelPath, modelJson, metadata, specifications, weights } = files;
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

async function stockClassifier(files: SavedFiles): Promise<Classifier> {
  const { model } = await openStock(files);
  try {
    return new StockClassifier(model);
  } catch (error) {
    model.dispose();
    throw unusable(files.modelPath, `not saved by this program (${messageOf(error)})`);
  }
}

/** A network of stock layers from pictures to logits and features. */
class StockClassifier implements Classifier {
  readonly #saved: tf.LayersModel;
  readonly #model: tf.LayersModel;

  /** @throws {Error} if the model has no layers of the names that this program gives them */
  constructor(saved: tf.LayersModel) {
    this.#saved = saved;
    const logits = saved.getLayer(STOCK_LAYERS.scores).input as tf.SymbolicTensor;
    const features = saved.getLayer(STOCK_LAYERS.features).output as tf.SymbolicTensor;
    this.#model = tf.model({ inputs: saved.inputs, outputs: [logits, features] });
  }

  forward(images: tf.Tensor4D): NetworkOutputs {
    const [logits, features] = this.#model.predictOnBatch(images) as [tf.Tensor2D, tf.Tensor2D];
    return { logits, features };
  }

  dispose(): void {
    // Frees the layers, which the other model has from it.
    this.#saved.dispose();
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
  for (const [name, variable] of variables) {
    const value = values.get(stockWeightName(name));
    if (value === undefined || String(value.shape) !== String(variable.shape)) {
      const found = value ? `${name} of shape [${value.shape}]` : `no ${name}`;
      throw new Error(
        `${WEIGHTS_FILE} has ${found}, where "${network.architecture.name}" has shape ` +
          `[${variable.shape}]`,
      );
    }
    variable.assign(value);
  }
  if (values.size !== variables.size) {
    throw new Error(
      `${WEIGHTS_FILE} has ${values.size} tensors, where "${network.architecture.name}" has ` +
        variables.size,
    );
  }
}

async function writeArtifacts(
  directory: string,
  artifacts: tf.io.ModelArtifacts,
  metadata: SavedMetadata,
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
