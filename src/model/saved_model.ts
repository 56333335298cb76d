/**
 * Trained networks as files that stock TensorFlow.js opens with `tf.loadLayersModel`: `model.json`
 * and `weights.bin`.
 *
 * @module
 */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../files/digest.ts";
import { messageOf } from "../files/error_message.ts";
import { readPlainFile } from "../files/plain_file.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import type { Network, NetworkKind } from "./network.ts";
import { NETWORK_KINDS } from "./registry.ts";
import {
  inHalfPrecision,
  type LoadedNetwork,
  type ModelJson,
  openNetwork,
  openStockModel,
  parseModelJson,
  type SavedMetadata,
  type SavedNetwork,
  type SavedPrecision,
  UnusableNetwork,
  WEIGHTS_FILE,
} from "./saved_network.ts";

/** The metadata for using a saved network, without its architecture. */
export type ModelMetadata = Omit<SavedMetadata, "network">;

/** A saved network as a model of stock layers. */
export interface LoadedModel {
  /** From pictures [N, size, size, 3] to scores [N, labels]; the caller disposes it. */
  readonly model: tf.LayersModel;
  readonly metadata: SavedMetadata;
}

/** The file of a saved network that names its other files. */
export const MODEL_FILE = "model.json";

/**
 * Saves the network with its final activation, for evaluation: batch norms use the running
 * statistics, and dropout is left out.
 *
 * `model.json` holds the checksum of its `weights.bin`, so that files from two different saves are
 * not mistaken for one network.
 *
 * @param directory made if it is missing
 * @param precision with `half`, filters and weights of linear layers are rounded to 16-bit floats,
 *   so that the file is half as large; batch norms keep all their bits
 * @throws {Error} if the number of labels is not the number of the network's outputs, or a file
 *   cannot be written.
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
      const { format, generatedBy, convertedBy, modelTopology, weightSpecs = [] } = artifacts;
      const buffer = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
      const single = { specifications: weightSpecs, weights: new Uint8Array(buffer) };
      const saved = precision === "half" ? inHalfPrecision(single) : single;
      const modelJson = {
        format,
        generatedBy,
        convertedBy,
        modelTopology,
        weightsManifest: [{ paths: [WEIGHTS_FILE], weights: saved.specifications }],
        userDefinedMetadata: {
          ...metadata,
          network: architecture,
          weightsSha256: sha256(saved.weights),
        },
      };
      await writeWholeFile(join(directory, WEIGHTS_FILE), saved.weights);
      await writeWholeFile(join(directory, MODEL_FILE), JSON.stringify(modelJson));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }));
  } finally {
    model.dispose();
  }
}

/**
 * The values of a network saved by {@linkcode saveModel}, by their names in stock layers, see
 * `stockWeightName`; the caller disposes them.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the remedy.
 */
export async function readWeights(
  directory: string,
): Promise<{ metadata: SavedMetadata; weights: Map<string, tf.Tensor> }> {
  const { metadata, specifications, weights } = await readSavedNetwork(directory);
  return {
    metadata,
    weights: new Map(Object.entries(tf.io.decodeWeights(weights.buffer, specifications))),
  };
}

/**
 * A digest of a saved network's values, 16 hexadecimal digits.
 *
 * @throws {Error} if there is no network; the message has the path and the remedy.
 */
export async function weightsDigest(directory: string): Promise<string> {
  const path = join(directory, MODEL_FILE);
  return (await readModelJson(path)).weightsSha256.slice(0, 16);
}

/**
 * Opens a network saved by {@linkcode saveModel} as a model of stock layers.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the remedy.
 */
export async function loadLayersModel(directory: string): Promise<LoadedModel> {
  const saved = await readSavedNetwork(directory);
  return { model: await openStockModel(saved), metadata: saved.metadata };
}

/**
 * Opens a network saved by {@linkcode saveModel} in its original form. A network of an unknown kind
 * is opened as its stock layers: these give the same logits up to rounding, but are a hundred times
 * slower on the backend `simd`, which has no kernels for some of them.
 *
 * @param kinds the known kinds of networks, by name
 * @throws {Error} if a file is missing or damaged, or does not fit the architecture it names; the
 *   message has its path and the remedy.
 */
export async function loadNetwork(
  directory: string,
  kinds: ReadonlyMap<string, NetworkKind> = NETWORK_KINDS,
): Promise<LoadedNetwork> {
  return await openNetwork(await readSavedNetwork(directory), kinds);
}

/**
 * Reads the files of a network saved by {@linkcode saveModel} without opening the network.
 *
 * @throws {Error} if a file is missing or damaged; the message has its path and the remedy.
 */
export async function readSavedNetwork(directory: string): Promise<SavedNetwork> {
  const origin = join(directory, MODEL_FILE);
  const weightsPath = join(directory, WEIGHTS_FILE);
  const { bytes, weightsSha256, ...saved } = await readModelJson(origin);
  const weights = await read(weightsPath, bytes);
  if (weights.length !== bytes || sha256(weights) !== weightsSha256) {
    const problem = `damaged, or not the weights that ${MODEL_FILE} was saved with`;
    throw new UnusableNetwork(weightsPath, problem);
  }
  return { origin, weights, ...saved };
}

/** In bytes; far more than a network of a thousand layers needs. */
const LONGEST_MODEL_JSON = 2e7;

async function readModelJson(path: string): Promise<ModelJson> {
  return parseModelJson(new TextDecoder().decode(await read(path, LONGEST_MODEL_JSON)), path);
}

/** @param most the largest allowed size in bytes */
async function read(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPlainFile(path, most);
  } catch (error) {
    throw new UnusableNetwork(path, `cannot be read (${messageOf(error)})`);
  }
}
