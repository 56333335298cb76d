/**
 * A trained network as an ONNX file, for programs in other languages.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { thresholdOf } from "../evaluation/decisions.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { STOCK_LAYERS } from "../model/network.ts";
import { readSavedNetwork } from "../model/saved_model.ts";
import { openStockModel, type SavedMetadata, type SavedNetwork } from "../model/saved_network.ts";
import { modelFolder } from "../runs/model_folder.ts";
import { onnxBytes, type OnnxGraph } from "./model_file.ts";
import { LayerGraph } from "./stock_layers.ts";

/** The name of the input in the file: pictures, [N, 3, size, size]. */
export const ONNX_INPUT = "pictures";

/** The name of the logits in the file, [N, labels]. */
export const ONNX_LOGITS = "logits";

/** The network to write, and the file to write it to. */
export interface OnnxRequest {
  /** The folder of a finished run, with its network, or the folder of the network in it. */
  readonly model: string;
  /** The file to write. */
  readonly onnx: string;
}

/**
 * Writes a trained network as an ONNX file, whole or not at all. Its outputs are the scores, the
 * logits and the features of pictures. Its metadata are those of `model.json` (texts as they are,
 * anything else as JSON) and the threshold of the decision.
 *
 * @throws {Error} if the network or one of its layers cannot be written; names the file and the way
 *   out
 */
export async function writeOnnx({ model, onnx }: OnnxRequest): Promise<void> {
  const saved = await readSavedNetwork(modelFolder(model));
  const stock = await openStockModel(saved);
  try {
    const bytes = onnxBytes({
      producer: "classifying-the-unknown",
      description: descriptionOf(saved.metadata),
      graph: graphOf(stock, saved),
      metadata: metadataOf(saved.metadata),
    });
    await writeWholeFile(onnx, bytes);
  } finally {
    stock.dispose();
  }
}

function graphOf(
  stock: tf.LayersModel,
  { origin, metadata: { network: { name }, size, labels } }: SavedNetwork,
): OnnxGraph {
  const graph = new LayerGraph(ONNX_INPUT, origin);
  const scores = stock.getLayer(STOCK_LAYERS.scores);
  const features = stock.getLayer(STOCK_LAYERS.features).output as tf.SymbolicTensor;
  const results = [
    [STOCK_LAYERS.scores, scores.output, labels.length],
    [ONNX_LOGITS, scores.input, labels.length],
    [STOCK_LAYERS.features, features, features.shape[1]!],
  ] as const;
  for (const [name, tensor] of results) {
    graph.add("Identity", [graph.valueOf(tensor as tf.SymbolicTensor)], name);
  }
  const { nodes, constants } = graph;
  return {
    name,
    nodes,
    constants,
    inputs: [{ name: ONNX_INPUT, shape: ["N", 3, size, size] }],
    outputs: results.map(([name, _, length]) => ({ name, shape: ["N", length] })),
  };
}

function metadataOf(metadata: SavedMetadata): ReadonlyMap<string, string> {
  const entries = { ...metadata, threshold: thresholdOf(metadata.decision) };
  return new Map(
    Object.entries(entries).filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function descriptionOf({ size, crop, decision }: SavedMetadata): string {
  const square = crop ? "cropped to squares" : "padded to squares by reflection";
  return `${ONNX_INPUT}: RGB in [0, 1] of pictures ${square} and resized to ${size} pixels, minus the ` +
    `metadata's mean, by its deviation. ${STOCK_LAYERS.scores}: one for each of its labels; the ` +
    `highest decides (${decision}), and if there is a threshold above it, a picture is none of these.`;
}
