/**
 * A saved network, wherever its bytes come from: the content of `model.json`, weights in single or
 * half precision, and the network built from both. Knows neither files nor Deno, so it also runs in
 * a web page.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { categoryNamesSchema } from "../data/category_names.ts";
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from "../data/network_input.ts";
import { messageOf } from "../files/error_message.ts";
import { checked } from "../files/misfit.ts";
import { stockWeightName } from "./layers.ts";
import { architectureSchema, MOST_WIDTH, pictureSize, STOCK_LAYERS } from "./network.ts";
import type { Classifier, Network, NetworkKind } from "./network.ts";
import { MOST_VALUES, withinValues } from "./parameters.ts";

const metadataSchema = z.object({
  network: architectureSchema,
  /** Name of the experiment it was trained for. */
  experiment: z.string(),
  /** The labels of its outputs, in order. */
  labels: z.array(z.string()).min(1).readonly()
    .refine((labels) => new Set(labels).size === labels.length, "two labels are the same"),
  /** Readable names of labels, where they differ. */
  categoryNames: categoryNamesSchema.optional(),
  /** Side of its input in pixels. */
  size: pictureSize,
  /** Whether pictures are cropped to squares instead of padded. */
  crop: z.boolean().optional(),
  /** The activation of the last layer, from logits to scores. */
  activation: z.enum(["softmax", "sigmoid"]),
  /** The name of the decision, from scores to labels. */
  decision: z.string(),
  /** Mean of red, green and blue in [0, 1], subtracted from pixels. */
  mean: theseOnly(IMAGENET_MEAN),
  /** Standard deviation, by which pixels are then divided. */
  deviation: theseOnly(IMAGENET_DEVIATION),
});

/** Metadata stored with a saved network, as user-defined metadata of its `model.json`. */
export type SavedMetadata = Readonly<z.infer<typeof metadataSchema>>;

/** Schema of a constant: this project prepares pictures in one way only. */
function theseOnly(values: readonly number[]) {
  return z.array(z.number()).readonly().refine(
    (found) => String(found) === String(values),
    `this program normalises pictures with ${values.join(", ")}`,
  );
}

/** The name of the weights file in `model.json`. */
export const WEIGHTS_FILE = "weights.bin";

const specificationSchema = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().min(1)).min(1).max(6),
  dtype: z.literal("float32"),
  quantization: z.object({ dtype: z.literal("float16") }).exactOptional(),
});

const modelJsonSchema = z.looseObject({
  weightsManifest: z.tuple([z.object({ weights: z.array(specificationSchema) })]).refine(
    ([{ weights }]) => valuesOf(weights) <= MOST_VALUES,
    `more than ${MOST_VALUES} values in all`,
  ),
  userDefinedMetadata: metadataSchema.extend({ weightsSha256: z.string() }),
});

function valuesOf(specifications: readonly tf.io.WeightsManifestEntry[]): number {
  return specifications.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0);
}

/** The precision of saved weights: 32 or 16 bits. */
export type SavedPrecision = "single" | "half";

/** Specifications and bytes of weights, in the form that stock TensorFlow.js decodes. */
export interface SavedWeights {
  readonly specifications: tf.io.WeightsManifestEntry[];
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** A saved network before it is opened. */
export interface SavedNetwork extends SavedWeights {
  /** Its path or address, for messages. */
  readonly origin: string;
  /** Format, topology and names of weights, as stock TensorFlow.js saves them. */
  readonly modelJson: tf.io.ModelJSON;
  readonly metadata: SavedMetadata;
}

/** A saved network that can be used. */
export interface LoadedNetwork {
  /** Takes pictures of the metadata's size; the caller disposes it. */
  readonly network: Classifier;
  /** Whether its kind is unknown, so that it runs as stock layers. */
  readonly runsAsStock: boolean;
  readonly metadata: SavedMetadata;
}

/** The saved files do not make a network; the message names the origin and the way out. */
export class UnusableNetwork extends Error {
  override name = "UnusableNetwork";

  /** @param origin where it was read from */
  constructor(origin: string, problem: string) {
    super(
      `${origin}: ${problem}; give the folder of a trained model, or delete this one and train it ` +
        `again with \`deno task reproduce\``,
    );
  }
}

/** The content of a `model.json`. */
export interface ModelJson extends Omit<SavedNetwork, "origin" | "weights"> {
  /** The length of the weights. */
  readonly bytes: number;
  /** The digest of the weights. */
  readonly weightsSha256: string;
}

/**
 * Parses a `model.json`.
 *
 * @throws {UnusableNetwork} if this program did not save it, or it asks for absurd sizes
 */
export function parseModelJson(text: string, origin: string): ModelJson {
  const { modelJson, content } = checkedContent(text, origin);
  const { weightsManifest: [group], userDefinedMetadata } = content;
  const { weightsSha256, ...metadata } = userDefinedMetadata;
  const bytes = group.weights.reduce(
    (sum, { shape, quantization }) => sum + tf.util.sizeFromShape(shape) * (quantization ? 2 : 4),
    0,
  );
  return { modelJson, metadata, specifications: group.weights, bytes, weightsSha256 };
}

function checkedContent(text: string, origin: string) {
  try {
    const modelJson: tf.io.ModelJSON = JSON.parse(text);
    const result = checked(modelJsonSchema, modelJson);
    if (result.misfit === undefined) return { modelJson, content: result.value };
    throw new UnusableNetwork(origin, `not saved by this program (${result.misfit})`);
  } catch (error) {
    if (error instanceof UnusableNetwork) throw error;
    throw new UnusableNetwork(origin, `not JSON that can be read (${messageOf(error)})`);
  }
}

/**
 * Weights with filters and linear layers rounded to 16-bit floats, in half the space; batch norms
 * keep all their bits.
 */
export function inHalfPrecision({ specifications, weights }: SavedWeights): SavedWeights {
  let offset = 0;
  const parts = specifications.map((specification) => {
    const length = tf.util.sizeFromShape(specification.shape);
    const bytesOf = (bytes: number) => weights.slice(offset, offset += bytes);
    if (specification.quantization !== undefined) {
      return { specification, bytes: bytesOf(2 * length) };
    }
    const bytes = bytesOf(4 * length);
    return specification.shape.length < 2 ? { specification, bytes } : {
      specification: { ...specification, quantization: { dtype: "float16" as const } },
      bytes: new Uint8Array(Float16Array.from(new Float32Array(bytes.buffer)).buffer),
    };
  });
  return {
    specifications: parts.map(({ specification }) => specification),
    weights: new Uint8Array(
      tf.io.CompositeArrayBuffer.join(parts.map(({ bytes }) => bytes.buffer)),
    ),
  };
}

/**
 * Opens a saved network in its original form. A network of an unknown kind is opened as its stock
 * layers.
 *
 * @param kinds the known kinds of networks, by name
 * @throws {UnusableNetwork} if the parts do not fit each other
 */
export async function openNetwork(
  saved: SavedNetwork,
  kinds: ReadonlyMap<string, NetworkKind>,
): Promise<LoadedNetwork> {
  const { metadata } = saved;
  const kind = kinds.get(metadata.network.kind);
  return {
    network: kind ? rebuild(kind, saved) : await stockClassifier(saved),
    runsAsStock: kind === undefined,
    metadata,
  };
}

/**
 * Opens a saved network as a model of stock layers; the caller disposes it.
 *
 * @throws {UnusableNetwork} if it cannot be opened
 */
export async function openStockModel(saved: SavedNetwork): Promise<tf.LayersModel> {
  const { origin, modelJson, specifications, weights, metadata: { size, labels } } = saved;
  requireModestSizes(modelJson.modelTopology, origin);
  const readWeights = () =>
    Promise.resolve<[typeof specifications, ArrayBuffer]>([specifications, weights.buffer]);
  const load = () => tf.io.getModelArtifactsForJSON(modelJson, readWeights);
  let model: tf.LayersModel;
  try {
    model = await tf.loadLayersModel({ load });
  } catch (error) {
    throw new UnusableNetwork(origin, `not a network of tfjs layers (${messageOf(error)})`);
  }
  const found = [...model.inputs, ...model.outputs].map(({ shape }) => `[${shape}]`).join(" to ");
  const wanted = `[,${size},${size},3] to [,${labels.length}]`;
  if (found === wanted) return model;
  model.dispose();
  throw new UnusableNetwork(origin, `its layers go from ${found} instead of ${wanted}`);
}

/**
 * Requires that no size in the layers' configuration exceeds those of the networks here: tfjs
 * allocates the values of all layers before it reads the weights.
 *
 * @throws {UnusableNetwork} that names the size
 */
function requireModestSizes(topology: unknown, origin: string): void {
  JSON.stringify(topology, (name, value) => {
    if (typeof value !== "number" || value <= MOST_WIDTH || name === "seed") return value;
    throw new UnusableNetwork(
      origin,
      `a layer's size of ${value}, above the ${MOST_WIDTH} allowed`,
    );
  });
}

async function stockClassifier(saved: SavedNetwork): Promise<Classifier> {
  const stock = await openStockModel(saved);
  try {
    const { input } = stock.getLayer(STOCK_LAYERS.scores);
    const { output } = stock.getLayer(STOCK_LAYERS.features);
    const outputs = [input, output] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: stock.inputs, outputs });
    return {
      forward(images) {
        const [logits, features] = model.predictOnBatch(images) as [tf.Tensor2D, tf.Tensor2D];
        return { logits, features };
      },
      // Also frees the layers that the other model shares with it.
      dispose: () => void stock.dispose(),
    };
  } catch (error) {
    stock.dispose();
    throw new UnusableNetwork(saved.origin, `not saved by this program (${messageOf(error)})`);
  }
}

function rebuild(kind: NetworkKind, saved: SavedNetwork): Network {
  const { origin, metadata, specifications, weights } = saved;
  const { name, options } = metadata.network;
  let values: Record<string, tf.Tensor> = {};
  let network: Network | undefined;
  try {
    const definition = kind.define(name, options);
    const remedy = `${WEIGHTS_FILE} has no more`;
    network = withinValues(
      valuesOf(specifications),
      remedy,
      () => definition.build(metadata.labels.length),
    );
    values = tf.io.decodeWeights(weights.buffer, specifications);
    assignValues(network, new Map(Object.entries(values)));
    return network;
  } catch (error) {
    network?.dispose();
    throw new UnusableNetwork(
      origin,
      `not a network of kind "${kind.kind}" (${messageOf(error)})`,
    );
  } finally {
    tf.dispose(values);
  }
}

/** @throws {Error} if the values do not fit the network */
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
