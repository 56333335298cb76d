/**
 * Stock TensorFlow.js layers as ONNX operators. Pictures lie in memory row by row with the channels
 * of a pixel side by side there, and channel by channel here.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OnnxAttribute, OnnxConstant, OnnxNode } from "./model_file.ts";

/** Operators that compute what layers do, collected from the results backwards. */
export class LayerGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  readonly #names = new Map<tf.SymbolicTensor, string>();

  /**
   * @param input the name of what goes in
   * @param origin where the layers are from, for messages
   */
  constructor(readonly input: string, readonly origin: string) {}

  /**
   * The name of a layer's result, with all that it is computed of.
   *
   * @throws {Error} if a layer has no ONNX form here; names it
   */
  valueOf(tensor: tf.SymbolicTensor): string {
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const layer = tensor.sourceLayer;
    const kind = layer.getClassName();
    const convert = Object.hasOwn(CONVERSIONS, kind) ? CONVERSIONS[kind]! : unknownKind;
    try {
      const name = convert(new StockLayer(layer, tensor), this);
      this.#names.set(tensor, name);
      return name;
    } catch (error) {
      if (!(error instanceof Unconvertible)) throw error;
      throw new Error(
        `${this.origin}: the layer "${layer.name}" of kind ${kind} ${error.message}; make the network ` +
          "of other layers, or give it an ONNX form in src/onnx/stock_layers.ts",
      );
    }
  }

  /** Adds an operator, and returns the name of its result. */
  add(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    this.nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  /** Adds values, and returns their name. */
  constant(name: string, shape: readonly number[], values: OnnxConstant["values"]): string {
    this.constants.push({ name, shape, values });
    return name;
  }
}

/** A layer does something that has no ONNX form here; the message goes on from the layer's name. */
class Unconvertible extends Error {}

/** A stock layer as far as its operators need it. */
class StockLayer {
  readonly config: tf.serialization.ConfigDict;
  readonly inputs: readonly tf.SymbolicTensor[];

  constructor(readonly layer: tf.layers.Layer, output: tf.SymbolicTensor) {
    this.config = layer.getConfig();
    this.inputs = output.inputs;
    const { dataFormat } = this.config;
    if (dataFormat !== undefined && dataFormat !== null && dataFormat !== "channelsLast") {
      throw new Unconvertible("has its channels first");
    }
  }

  get input(): tf.SymbolicTensor {
    return this.inputs[0]!;
  }

  /** The name of its result; no other value has it. */
  get output(): string {
    return `${this.layer.name}/output`;
  }

  /** Two lengths: of the vertical and of the horizontal axis. */
  pair(option: string): [number, number] {
    return this.config[option] as [number, number];
  }

  /** Adds one of its weights, if it has that one; returns the names of what was added. */
  weight(graph: LayerGraph, part: string, axes?: number[]): string[] {
    const name = `${this.layer.name}/${part}`;
    const place = this.layer.weights.findIndex((weight) => weight.originalName === name);
    if (place < 0) return [];
    return tf.tidy(() => {
      const stored = this.layer.getWeights()[place]!;
      const tensor = axes === undefined ? stored : tf.transpose(stored, axes);
      return [graph.constant(name, tensor.shape, tensor.dataSync<"float32">() as Float32Array)];
    });
  }

  /**
   * What a window slides over and its padding: the layer's own, or that of a layer before it, which
   * has no operator then.
   */
  slide(window: readonly number[], strides: readonly number[]): Slide {
    const before = this.input.sourceLayer;
    if (before.getClassName() !== "ZeroPadding2D") {
      return { over: this.input, padding: this.#padding(window, strides), isZeros: false };
    }
    if (this.config.padding !== "valid") {
      throw new Unconvertible("pads what is padded already");
    }
    const padding = before.getConfig().padding as Padding;
    return { over: before.input as tf.SymbolicTensor, padding, isZeros: true };
  }

  #padding(window: readonly number[], strides: readonly number[]): Padding {
    if (this.config.padding === "valid") return [[0, 0], [0, 0]];
    if (this.config.padding !== "same") {
      throw new Unconvertible(`pads by "${this.config.padding}"`);
    }
    return [0, 1].map((axis) => {
      const length = this.input.shape[axis + 1]!;
      const covered = (Math.ceil(length / strides[axis]!) - 1) * strides[axis]! + window[axis]!;
      const total = Math.max(0, covered - length);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    }) as Padding;
  }

  /** That nothing but the last axis, the channels, is meant. */
  requireLastAxis(): void {
    const axis = this.config.axis as number;
    if (axis !== -1 && axis !== this.input.shape.length - 1) {
      throw new Unconvertible(`works along axis ${axis}, which are not the channels`);
    }
  }
}

/** How many rows are before and after, then how many columns. */
type Padding = [[number, number], [number, number]];

interface Slide {
  readonly over: tf.SymbolicTensor;
  readonly padding: Padding;
  /** Whether the padding counts as zeros; if not, a convolution takes it so, and pools leave it out. */
  readonly isZeros: boolean;
}

/** Operators of a layer; returns the name of its result. */
type Conversion = (layer: StockLayer, graph: LayerGraph) => string;

/** A layer comes in by a line here. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  InputLayer: (_, graph) => graph.input,
  ZeroPadding2D() {
    throw new Unconvertible("pads for something else than a convolution or a max pool");
  },
  Conv2D(layer, graph) {
    const [kernel, strides] = [layer.pair("kernelSize"), layer.pair("strides")];
    const dilations = layer.pair("dilationRate");
    const window = kernel.map((length, axis) => (length - 1) * dilations[axis]! + 1);
    const { over, padding } = layer.slide(window, strides);
    const filter = layer.weight(graph, "kernel", [3, 2, 0, 1]);
    const inputs = [graph.valueOf(over), ...filter, ...layer.weight(graph, "bias")];
    const sum = graph.add("Conv", inputs, layer.output, {
      kernel_shape: { ints: kernel },
      strides: { ints: strides },
      dilations: { ints: dilations },
      pads: padsOf(padding),
    });
    return activation(layer, sum, graph);
  },
  BatchNormalization(layer, graph) {
    layer.requireLastAxis();
    const parts = ["gamma", "beta", "moving_mean", "moving_variance"];
    const weights = parts.flatMap((part) => layer.weight(graph, part));
    if (weights.length < parts.length) throw new Unconvertible("has no gamma or no beta");
    return graph.add("BatchNormalization", [graph.valueOf(layer.input), ...weights], layer.output, {
      epsilon: { float: layer.config.epsilon as number },
    });
  },
  Dense(layer, graph) {
    if (layer.input.shape.length !== 2) {
      throw new Unconvertible("is given more than one row of values a picture");
    }
    const bias = layer.weight(graph, "bias");
    const inputs = [graph.valueOf(layer.input), ...layer.weight(graph, "kernel"), ...bias];
    const sum = graph.add(bias.length > 0 ? "Gemm" : "MatMul", inputs, layer.output);
    return activation(layer, sum, graph);
  },
  Add: (layer, graph) => graph.add("Sum", layer.inputs.map((x) => graph.valueOf(x)), layer.output),
  Concatenate(layer, graph) {
    layer.requireLastAxis();
    const inputs = layer.inputs.map((input) => graph.valueOf(input));
    return graph.add("Concat", inputs, layer.output, { axis: CHANNELS });
  },
  ReLU(layer, graph) {
    const { maxValue } = layer.config;
    if (maxValue !== undefined && maxValue !== null) {
      throw new Unconvertible(`has a largest value, ${maxValue}`);
    }
    return graph.add("Relu", [graph.valueOf(layer.input)], layer.output);
  },
  Activation: (layer, graph) => activation(layer, graph.valueOf(layer.input), graph),
  MaxPooling2D: (layer, graph) => pool("MaxPool", layer, graph),
  // Leaves padding out of its means, as the layer does.
  AveragePooling2D: (layer, graph) => pool("AveragePool", layer, graph),
  GlobalMaxPooling2D: (layer, graph) => globalPool("GlobalMaxPool", layer, graph),
  GlobalAveragePooling2D: (layer, graph) => globalPool("GlobalAveragePool", layer, graph),
};

function unknownKind(): never {
  throw new Unconvertible(
    `is none of those with an ONNX form (${Object.keys(CONVERSIONS).join(", ")})`,
  );
}

/** Where the channels are, in tensors of any number of axes. */
const CHANNELS = { int: 1 };

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: "Relu",
  sigmoid: "Sigmoid",
  softmax: "Softmax",
};

/** What a layer's activation makes of a value. */
function activation(layer: StockLayer, value: string, graph: LayerGraph): string {
  const name = String(layer.config.activation);
  if (name === "linear") return value;
  const operator = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name]! : undefined;
  if (operator === undefined) throw new Unconvertible(`has the activation "${name}"`);
  const attributes: Record<string, OnnxAttribute> = name === "softmax" ? { axis: CHANNELS } : {};
  return graph.add(operator, [value], `${layer.layer.name}/activated`, attributes);
}

function pool(operator: string, layer: StockLayer, graph: LayerGraph): string {
  const [window, strides] = [layer.pair("poolSize"), layer.pair("strides")];
  const { over, padding, isZeros } = layer.slide(window, strides);
  if (isZeros && !(operator === "MaxPool" && isRectified(over) && isNarrow(padding, window))) {
    throw new Unconvertible("pools over zeros that are more than the lowest values there are");
  }
  return graph.add(operator, [graph.valueOf(over)], layer.output, {
    kernel_shape: { ints: window },
    strides: { ints: strides },
    pads: padsOf(padding),
  });
}

/** Whether nothing is lower than zero. */
function isRectified({ sourceLayer }: tf.SymbolicTensor): boolean {
  return sourceLayer.getClassName() === "ReLU" || sourceLayer.getConfig().activation === "relu";
}

/** Whether every window has more in it than padding. */
function isNarrow(padding: Padding, window: readonly number[]): boolean {
  return padding.every((ends, axis) => Math.max(...ends) < window[axis]!);
}

function globalPool(operator: string, layer: StockLayer, graph: LayerGraph): string {
  const { name } = layer.layer;
  const pooled = graph.add(operator, [graph.valueOf(layer.input)], `${name}/pooled`);
  return graph.add("Flatten", [pooled], layer.output);
}

/** ONNX wants what comes before both axes first, then what comes after them. */
function padsOf([[top, bottom], [left, right]]: Padding): OnnxAttribute {
  return { ints: [top, left, bottom, right] };
}
