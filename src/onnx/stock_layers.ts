/**
 * Stock TensorFlow.js layers as ONNX operators. TensorFlow.js stores pictures row by row, with the
 * channels of a pixel side by side (NHWC); ONNX stores them channel by channel (NCHW).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { OnnxAttribute, OnnxConstant, OnnxNode } from "./model_file.ts";

/** The operators equivalent to some layers, collected backwards from the results. */
export class LayerGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  readonly #names = new Map<tf.SymbolicTensor, string>();

  /**
   * @param input the name of the graph's input
   * @param origin the source of the layers, for messages
   */
  constructor(readonly input: string, readonly origin: string) {}

  /**
   * Adds the operators of a layer's result and of everything it depends on; returns its name.
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

/** A layer has no ONNX form here; the message continues a sentence that begins with its name. */
class Unconvertible extends Error {}

/** The properties of a stock layer that its operators need. */
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

  /** The unique name of its result. */
  get output(): string {
    return `${this.layer.name}/output`;
  }

  /** An option of two lengths: along the vertical and the horizontal axis. */
  pair(option: string): [number, number] {
    return this.config[option] as [number, number];
  }

  /** Adds one of its weights, if the layer has it; returns the names of added constants. */
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
   * The input that a window slides over, and its padding: the layer's own, or that of a padding
   * layer before it, which then needs no operator.
   */
  slide(window: readonly number[], strides: readonly number[]): Slide {
    const before = this.input.sourceLayer;
    if (before.getClassName() !== "ZeroPadding2D") {
      return { over: this.input, padding: this.#padding(window, strides), isZeros: false };
    }
    if (this.config.padding !== "valid") {
      throw new Unconvertible("pads an input that is padded already");
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

  /** @throws {Unconvertible} if the layer works along another axis than the last, the channels */
  requireLastAxis(): void {
    const axis = this.config.axis as number;
    if (axis !== -1 && axis !== this.input.shape.length - 1) {
      throw new Unconvertible(`works along axis ${axis}, not along the channels`);
    }
  }
}

/** Numbers of rows before and after, then numbers of columns before and after. */
type Padding = [[number, number], [number, number]];

interface Slide {
  readonly over: tf.SymbolicTensor;
  readonly padding: Padding;
  /**
   * Whether the padding counts as zeros; else, convolutions take it as zeros and pools ignore it.
   */
  readonly isZeros: boolean;
}

/** Adds the operators of a layer; returns the name of its result. */
type Conversion = (layer: StockLayer, graph: LayerGraph) => string;

/** Conversions by the layer's class; a further layer needs one more entry. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  InputLayer: (_, graph) => graph.input,
  ZeroPadding2D() {
    throw new Unconvertible("pads the input of something other than a convolution or a max pool");
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
      throw new Unconvertible("gets more than one row of values per picture");
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
  // It leaves padding out of its means, as the layer does.
  AveragePooling2D: (layer, graph) => pool("AveragePool", layer, graph),
  GlobalMaxPooling2D: (layer, graph) => globalPool("GlobalMaxPool", layer, graph),
  GlobalAveragePooling2D: (layer, graph) => globalPool("GlobalAveragePool", layer, graph),
};

function unknownKind(): never {
  throw new Unconvertible(
    `is not one of the layers with an ONNX form (${Object.keys(CONVERSIONS).join(", ")})`,
  );
}

/** The axis of the channels, in tensors with any number of axes. */
const CHANNELS = { int: 1 };

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: "Relu",
  sigmoid: "Sigmoid",
  softmax: "Softmax",
};

/** Adds a layer's activation of a value; returns the name of the result. */
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
    throw new Unconvertible("pools over zeros of a padding, which can change its result");
  }
  return graph.add(operator, [graph.valueOf(over)], layer.output, {
    kernel_shape: { ints: window },
    strides: { ints: strides },
    pads: padsOf(padding),
  });
}

/** Whether no value is below zero. */
function isRectified({ sourceLayer }: tf.SymbolicTensor): boolean {
  return sourceLayer.getClassName() === "ReLU" || sourceLayer.getConfig().activation === "relu";
}

/** Whether no window consists only of padding. */
function isNarrow(padding: Padding, window: readonly number[]): boolean {
  return padding.every((ends, axis) => Math.max(...ends) < window[axis]!);
}

function globalPool(operator: string, layer: StockLayer, graph: LayerGraph): string {
  const { name } = layer.layer;
  const pooled = graph.add(operator, [graph.valueOf(layer.input)], `${name}/pooled`);
  return graph.add("Flatten", [pooled], layer.output);
}

/** Padding in ONNX's order: before both axes, then after both. */
function padsOf([[top, bottom], [left, right]]: Padding): OnnxAttribute {
  return { ints: [top, left, bottom, right] };
}
