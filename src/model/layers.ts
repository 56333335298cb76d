/**
 * The layers of networks. Each is defined twice, side by side: by its own operations, and as an
 * equivalent of stock TensorFlow.js layers with the same values in evaluation, up to rounding.
 *
 * @module
 */
// Under Deno, tfjs-core alone registers no gradients for its operations; the full package does.
import * as tf from "@tensorflow/tfjs";
import { batchNormInference, batchNormTraining } from "../backend/operations.ts";
import type { BatchNormFusion } from "../backend/operations.ts";
import { randomStream } from "../random.ts";
import type { ParameterList, RunningStatistics } from "./parameters.ts";

/** Added to variances before the root. */
const BATCH_NORM_EPSILON = 1e-5;

/** The share of the batch's statistics in the new running statistics. */
const RUNNING_AVERAGE_MOMENTUM = 0.1;

/** Initial beta of every batch norm, as in fastai. */
const INITIAL_BETA = 1e-3;

/** The key of dropout's random masks, besides the layer. */
export interface DropoutKey {
  /** Seed of the training run. */
  readonly seed: number;
  /** Number of training steps before this one. */
  readonly step: number;
}

/** The mode of a forward pass. */
export type ForwardMode =
  | {
    /** Batch norms use the batch's statistics and update the running ones. */
    readonly training: true;
    /** Without it, no values are dropped. */
    readonly dropout?: DropoutKey;
  }
  | EvaluationMode;

/** A forward pass in which each picture's result is independent of the others. */
export interface EvaluationMode {
  /** Batch norms use the running statistics; no values are dropped. */
  readonly training: false;
}

/** A part of a network. */
export interface Layer {
  /** @param x float32, [N, ...] */
  forward(x: tf.Tensor, mode: ForwardMode): tf.Tensor;
  /**
   * The same layer for evaluation, made of stock layers with the current values. Layers with
   * parameters are named like the parameters, see {@linkcode stockWeightName}.
   */
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor;
}

/** The name of a network's variable in stock layers; `stem.0.0` is `stem.0.0/kernel`. */
export function stockWeightName(name: string): string {
  const [, batchNorm, part] = /^(.*)\.(gamma|beta|mean|variance)$/.exec(name) ?? [];
  if (batchNorm === undefined) return `${name}/kernel`;
  return `${batchNorm}/${part === "mean" || part === "variance" ? `moving_${part}` : part}`;
}

/** Channels, filter size and stride of a convolution. */
export interface ConvolutionShape {
  /** Side of the filter: 1 or 3; pictures are padded with zeros to keep their size at stride 1. */
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** A convolution without bias, then batch normalisation, then optionally a sum and ReLU. */
export class ConvolutionBatchNorm implements Layer {
  readonly #name: string;
  readonly #shape: ConvolutionShape;
  readonly #relu: boolean;
  readonly #filter: tf.Variable<tf.Rank.R4>;
  readonly #batchNorm: BatchNorm;

  /**
   * @param options `relu`: whether negative results become zero, as by default; `gamma`: the
   *   initial gamma of the batch norm
   */
  constructor(
    list: ParameterList,
    name: string,
    group: string,
    shape: ConvolutionShape,
    options: { readonly relu?: boolean; readonly gamma?: number } = {},
  ) {
    const { kernel, inputs, outputs } = shape;
    this.#name = `${name}.0`;
    this.#shape = shape;
    this.#relu = options.relu ?? true;
    const filter: tf.ShapeMap["R4"] = [kernel, kernel, inputs, outputs];
    this.#filter = list.addWeights<tf.Rank.R4>(this.#name, group, filter);
    this.#batchNorm = new BatchNorm(list, `${name}.1`, group, outputs, options.gamma);
  }

  /**
   * @param x [N, H, W, inputs]; returns [N, ceil(H / stride), ceil(W / stride), outputs]
   * @param residual added before the ReLU; of the result's shape
   */
  forward(x: tf.Tensor4D, mode: ForwardMode, residual?: tf.Tensor4D): tf.Tensor4D {
    const { kernel, stride } = this.#shape;
    const convolved = tf.conv2d(x, this.#filter, stride, (kernel - 1) / 2);
    return this.#batchNorm.forward(convolved, mode, { residual, relu: this.#relu });
  }

  toStock(x: tf.SymbolicTensor, residual?: tf.SymbolicTensor): tf.SymbolicTensor {
    const { kernel, outputs, stride } = this.#shape;
    const convolution = tf.layers.conv2d({
      name: this.#name,
      filters: outputs,
      kernelSize: kernel,
      strides: stride,
      padding: "valid",
      useBias: false,
      // Not random, because the weights are set right away.
      kernelInitializer: "zeros",
    });
    // "same" padding would pad only the far side at stride 2.
    const convolved = apply(convolution, zeroPadding(x, (kernel - 1) / 2));
    convolution.setWeights([this.#filter]);
    const normalised = this.#batchNorm.toStock(convolved);
    const sum = residual ? apply(tf.layers.add(), [normalised, residual]) : normalised;
    return this.#relu ? relu.toStock(sum) : sum;
  }
}

/** Batch normalisation with running statistics. */
export class BatchNorm implements Layer {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  readonly statistics: RunningStatistics;

  constructor(list: ParameterList, name: string, group: string, channels: number, gamma = 1) {
    this.gamma = list.addVector(`${name}.gamma`, group, channels, gamma);
    this.beta = list.addVector(`${name}.beta`, group, channels, INITIAL_BETA);
    this.statistics = list.addStatistics(name, channels);
  }

  /**
   * @param x [..., channels]
   * @throws {Error} in training, if there is only one value per channel.
   */
  forward<T extends tf.Tensor>(x: T, mode: ForwardMode, fusion: BatchNormFusion = {}): T {
    const { gamma, beta, statistics } = this;
    if (!mode.training) {
      const { mean, variance } = statistics;
      return batchNormInference(x, mean, variance, gamma, beta, BATCH_NORM_EPSILON, fusion) as T;
    }
    const valuesPerChannel = x.size / gamma.size;
    if (valuesPerChannel < 2) {
      throw new Error(
        `${statistics.name}: 1 value per channel has no variance to normalise with; train with ` +
          `batches of 2 pictures or more`,
      );
    }
    const running = { ...statistics, momentum: RUNNING_AVERAGE_MOMENTUM };
    return batchNormTraining(x, gamma, beta, BATCH_NORM_EPSILON, fusion, running) as T;
  }

  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    const { gamma, beta, statistics: { name, mean, variance } } = this;
    const layer = tf.layers.batchNormalization({ name, epsilon: BATCH_NORM_EPSILON });
    const normalised = apply(layer, x);
    layer.setWeights([gamma, beta, mean, variance]);
    return normalised;
  }
}

/** A linear layer without bias. */
export class Linear implements Layer {
  readonly #name: string;
  readonly #weights: tf.Variable<tf.Rank.R2>;

  constructor(list: ParameterList, name: string, group: string, inputs: number, outputs: number) {
    this.#name = name;
    this.#weights = list.addWeights<tf.Rank.R2>(name, group, [inputs, outputs]);
  }

  /** @param x [N, inputs]; returns [N, outputs] */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(x, this.#weights);
  }

  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    const layer = tf.layers.dense({
      name: this.#name,
      units: this.#weights.shape[1],
      useBias: false,
      kernelInitializer: "zeros",
    });
    const product = apply(layer, x);
    layer.setWeights([this.#weights]);
    return product;
  }
}

/**
 * In training with a dropout key, sets each value to zero with the given probability and divides
 * the others by 1 minus that probability, so that the expected value stays the same.
 *
 * Source: Srivastava et al., "Dropout" (2014).
 */
export class Dropout implements Layer {
  /** @param name tells the masks of several dropouts apart */
  constructor(readonly name: string, readonly probability: number) {}

  forward<T extends tf.Tensor>(x: T, mode: ForwardMode): T {
    if (!mode.training || mode.dropout === undefined) return x;
    const { seed, step } = mode.dropout;
    const uniform = randomStream("dropout", seed, step, this.name);
    const scale = 1 / (1 - this.probability);
    const mask = new Float32Array(x.size);
    // A loop, because `from` and `map` would take milliseconds.
    for (let i = 0; i < mask.length; i++) mask[i] = uniform() < this.probability ? 0 : scale;
    return tf.mul(x, tf.tensor(mask, x.shape));
  }

  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    return x;
  }
}

/** Negative values become zero. */
export const relu = {
  forward<T extends tf.Tensor>(x: T): T {
    return tf.relu(x);
  },
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    return apply(tf.layers.reLU(), x);
  },
} satisfies Layer;

/** The maximum of 3x3 windows at stride 2, for values that are not negative. */
export const maxPool = {
  /** @param x [N, H, W, C]; returns [N, ceil(H / 2), ceil(W / 2), C] */
  forward(x: tf.Tensor4D): tf.Tensor4D {
    return tf.maxPool(x, 3, 2, 1);
  },
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    // After a ReLU, zero is the smallest value, so padding with zeros does not change a maximum.
    const pool = tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "valid" });
    return apply(pool, zeroPadding(x, 1));
  },
} satisfies Layer;

/**
 * The mean of 2x2 windows at stride 2; the windows at the far edge of odd sizes cover one row or
 * column. Here the edge is repeated for them, because the stock kernel's gradient treats every
 * window as full.
 */
export const averagePool = {
  /** @param x [N, H, W, C]; returns [N, ceil(H / 2), ceil(W / 2), C] */
  forward(x: tf.Tensor4D): tf.Tensor4D {
    return tf.avgPool(evenSized(evenSized(x, 1), 2), 2, 2, "valid");
  },
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    return apply(tf.layers.averagePooling2d({ poolSize: 2, strides: 2, padding: "same" }), x);
  },
} satisfies Layer;

/** The mean of each feature map. */
export const globalMean = {
  /** @param x [N, H, W, C]; returns [N, C] */
  forward(x: tf.Tensor4D): tf.Tensor2D {
    const [count, height, width, channels] = x.shape;
    return tf.reshape(tf.avgPool(x, [height, width], 1, "valid"), [count, channels]);
  },
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    return apply(tf.layers.globalAveragePooling2d({}), x);
  },
} satisfies Layer;

/** The maximum and the mean of each feature map, side by side. */
export const globalMaximumAndMean = {
  /** @param x [N, H, W, C]; returns [N, 2 C] */
  forward(x: tf.Tensor4D): tf.Tensor2D {
    const [count, height, width, channels] = x.shape;
    const maximum = tf.maxPool(x, [height, width], 1, "valid");
    const mean = tf.avgPool(x, [height, width], 1, "valid");
    return tf.reshape(tf.concat([maximum, mean], 3), [count, 2 * channels]);
  },
  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    const maximum = apply(tf.layers.globalMaxPooling2d({}), x);
    return apply(tf.layers.concatenate(), [maximum, globalMean.toStock(x)]);
  },
} satisfies Layer;

function evenSized(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const length = x.shape[axis];
  if (length % 2 === 0) return x;
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  begin[axis] = length - 1;
  return tf.concat([x, tf.slice(x, begin)], axis);
}

function zeroPadding(x: tf.SymbolicTensor, padding: number): tf.SymbolicTensor {
  if (padding === 0) return x;
  return apply(tf.layers.zeroPadding2d({ padding: [padding, padding] }), x);
}

function apply(layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) {
  return layer.apply(x) as tf.SymbolicTensor;
}
