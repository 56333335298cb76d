/**
 * The layers with parameters that the network is made of, and what a training run needs to know
 * of those parameters.
 *
 * @module
 */
// Under Deno, tfjs-core alone registers no gradients of its operations; the whole package does.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { batchNormInference, batchNormTraining } from "../backend/operations.ts";
import type { BatchNormFusion } from "../backend/operations.ts";
import { kaimingNormal } from "./initialisation.ts";
import { randomStream } from "../random.ts";

/** Added to variances before the root. */
export const BATCH_NORM_EPSILON = 1e-5;

/** The share of the batch's statistics in the new running statistics. */
const RUNNING_AVERAGE_MOMENTUM = 0.1;

/** What every batch norm's beta starts at, as in fastai. */
const INITIAL_BETA = 1e-3;

/** The part of the network a parameter belongs to; learning rates are set per group. */
export type ParameterGroup = "stem" | "stages" | "head";

/** The groups from input to output, the order of learning rates in a schedule. */
export const PARAMETER_GROUPS: readonly ParameterGroup[] = ["stem", "stages", "head"];

/** What a parameter is; weight decay and freezing leave batch norms alone. */
export type ParameterKind = "convolution" | "linear" | "batch norm";

/** A trainable tensor of the network. */
export interface Parameter {
  /** Its path in fastai's module tree, for example `blocks.2.idpath.1.0` or `stem.0.1.gamma`. */
  readonly name: string;
  readonly group: ParameterGroup;
  readonly kind: ParameterKind;
  readonly variable: tf.Variable;
}

/** Statistics that evaluation normalises with; training updates them beside the gradients. */
export interface RunningStatistics {
  /** The name of the batch norm. */
  readonly name: string;
  /** [C] float32, starts at 0. */
  readonly mean: tf.Variable<tf.Rank.R1>;
  /** [C] float32, unbiased, starts at 1. */
  readonly variance: tf.Variable<tf.Rank.R1>;
}

/** What the random masks of dropout depend on, besides the layer. */
export interface DropoutKey {
  /** Seed of the training run. */
  readonly seed: number;
  /** Number of training steps before this one. */
  readonly step: number;
}

/** How a forward pass is run. */
export type ForwardMode =
  | {
    /** Batch norms use the batch's statistics and update the running ones. */
    readonly training: true;
    /** Without it nothing is dropped. */
    readonly dropout?: DropoutKey;
  }
  | {
    /** Batch norms use the running statistics; nothing is dropped. */
    readonly training: false;
  };

/** The parameters and statistics of a network under construction, in the order of creation. */
export class ParameterList {
  readonly parameters: Parameter[] = [];
  readonly statistics: RunningStatistics[] = [];
  readonly #seed: number;

  /** @param seed of the initial values */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Adds weights that start from {@linkcode kaimingNormal} values. */
  addWeights<R extends tf.Rank.R2 | tf.Rank.R4>(
    name: string,
    group: ParameterGroup,
    shape: tf.ShapeMap[R],
  ): tf.Variable<R> {
    const values = kaimingNormal(shape, this.#seed, name);
    const variable = variableOf<R>(values, shape, true);
    const kind = shape.length === 4 ? "convolution" : "linear";
    this.parameters.push({ name, group, kind, variable: variable as tf.Variable });
    return variable;
  }

  /** Adds a vector of a batch norm, filled with one value. */
  addVector(
    name: string,
    group: ParameterGroup,
    size: number,
    value: number,
  ): tf.Variable<tf.Rank.R1> {
    const variable = filledVector(size, value, true);
    this.parameters.push({ name, group, kind: "batch norm", variable: variable as tf.Variable });
    return variable;
  }

  /** Adds the running statistics of a batch norm. */
  addStatistics(name: string, size: number): RunningStatistics {
    const mean = filledVector(size, 0, false);
    const variance = filledVector(size, 1, false);
    const statistics = { name, mean, variance };
    this.statistics.push(statistics);
    return statistics;
  }
}

/** Where a convolution stands in the network. */
export interface ConvolutionShape {
  /** Side of the filter: 1 or 3; pictures are padded with zeros to keep their size at stride 1. */
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** A convolution without bias, then batch normalisation, then optionally a sum and ReLU. */
export class ConvolutionBatchNorm {
  readonly name: string;
  readonly shape: ConvolutionShape;
  readonly batchNorm: BatchNorm;
  readonly filter: tf.Variable<tf.Rank.R4>;

  /** @param gamma what the batch norm's gamma starts at */
  constructor(
    list: ParameterList,
    name: string,
    group: ParameterGroup,
    shape: ConvolutionShape,
    gamma = 1,
  ) {
    const { kernel, inputs, outputs } = shape;
    this.name = name;
    this.shape = shape;
    this.filter = list.addWeights<tf.Rank.R4>(
      `${name}.0`,
      group,
      [kernel, kernel, inputs, outputs],
    );
    this.batchNorm = new BatchNorm(list, `${name}.1`, group, outputs, gamma);
  }

  /** @param x [N, H, W, inputs]; returns [N, ceil(H / stride), ceil(W / stride), outputs] */
  forward(x: tf.Tensor4D, mode: ForwardMode, fusion: BatchNormFusion = {}): tf.Tensor4D {
    const padding = (this.shape.kernel - 1) / 2;
    const convolved = tf.conv2d(x, this.filter, this.shape.stride, padding);
    return this.batchNorm.forward(convolved, mode, fusion);
  }
}

/** Batch normalisation with running statistics. */
export class BatchNorm {
  readonly gamma: tf.Variable<tf.Rank.R1>;
  readonly beta: tf.Variable<tf.Rank.R1>;
  readonly statistics: RunningStatistics;

  constructor(
    list: ParameterList,
    name: string,
    group: ParameterGroup,
    channels: number,
    gamma = 1,
  ) {
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
    const { y, mean, variance } = batchNormTraining(x, gamma, beta, BATCH_NORM_EPSILON, fusion);
    const unbiased = tf.mul(variance, valuesPerChannel / (valuesPerChannel - 1));
    updateRunningAverage(statistics.mean, mean);
    updateRunningAverage(statistics.variance, unbiased as tf.Tensor1D);
    return y as T;
  }
}

/** A linear layer without bias. */
export class Linear {
  readonly name: string;
  readonly weights: tf.Variable<tf.Rank.R2>;

  constructor(list: ParameterList, name: string, inputs: number, outputs: number) {
    this.name = name;
    this.weights = list.addWeights<tf.Rank.R2>(name, "head", [inputs, outputs]);
  }

  /** @param x [N, inputs]; returns [N, outputs] */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(x, this.weights);
  }
}

/**
 * In training with a dropout key, sets each value to zero with the given probability and divides
 * the others by what remains of 1, so that the expected value stays.
 *
 * Source: Srivastava et al., "Dropout" (2014).
 *
 * @param layer tells the masks of several dropouts apart
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  probability: number,
  layer: string,
  mode: ForwardMode,
): T {
  if (!mode.training || mode.dropout === undefined) return x;
  const { seed, step } = mode.dropout;
  const uniform = randomStream("dropout", seed, step, layer);
  const mask = new Float32Array(x.size);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = uniform() < probability ? 0 : 1 / (1 - probability);
  }
  return tf.mul(x, tf.tensor(mask, x.shape));
}

function updateRunningAverage(average: tf.Variable<tf.Rank.R1>, batch: tf.Tensor1D): void {
  const kept = tf.mul(average, 1 - RUNNING_AVERAGE_MOMENTUM);
  average.assign(tf.add(kept, tf.mul(batch, RUNNING_AVERAGE_MOMENTUM)));
}

function filledVector(
  size: number,
  value: number,
  trainable: boolean,
): tf.Variable<tf.Rank.R1> {
  return variableOf<tf.Rank.R1>(new Float32Array(size).fill(value), [size], trainable);
}

function variableOf<R extends tf.Rank>(
  values: Float32Array,
  shape: tf.ShapeMap[R],
  trainable: boolean,
): tf.Variable<R> {
  return tf.tidy(() => tf.variable(tf.tensor<R>(values, shape), trainable));
}
