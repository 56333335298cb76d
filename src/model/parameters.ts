/**
 * The tensors a network is made of, and what a training run needs to know of them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { kaimingNormal } from "./initialisation.ts";

/** What a parameter is; weight decay leaves batch norms alone. */
export type ParameterKind = "convolution" | "linear" | "batch norm";

/** A trainable tensor of the network. */
export interface Parameter {
  /** Its path in the network, for example `blocks.2.idpath.1.0` or `stem.0.1.gamma`. */
  readonly name: string;
  /** The name of the group it belongs to; learning rates are set per group. */
  readonly group: string;
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

/** As many float32 values fill a GiB; in training, gradients and Adam's two means are as large. */
const MOST_VALUES = 2 ** 28;

/** The parameters and statistics of a network under construction, in the order of creation. */
export class ParameterList {
  readonly parameters: Parameter[] = [];
  readonly statistics: RunningStatistics[] = [];
  readonly #seed: number;
  #values = 0;

  /** @param seed of the initial values */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Adds weights that start from {@linkcode kaimingNormal} values.
   *
   * @param shape of a convolution's filter or a linear layer's weights
   * @throws {Error} if the name is taken, or the network gets too large for any machine.
   */
  addWeights<R extends tf.Rank.R2 | tf.Rank.R4>(
    name: string,
    group: string,
    shape: tf.ShapeMap[R],
  ): tf.Variable<R> {
    this.#admit(name, shape.reduce((product, length) => product * length, 1));
    const values = kaimingNormal(shape, this.#seed, name);
    const variable = variableOf<R>(values, shape, true);
    const kind = shape.length === 4 ? "convolution" : "linear";
    this.parameters.push({ name, group, kind, variable: variable as tf.Variable });
    return variable;
  }

  /**
   * Adds a vector of a batch norm, filled with one value.
   *
   * @throws {Error} if the name is taken, or the network gets too large for any machine.
   */
  addVector(
    name: string,
    group: string,
    size: number,
    value: number,
  ): tf.Variable<tf.Rank.R1> {
    this.#admit(name, size);
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

  /**
   * Every tensor of the list by name: parameters and running statistics (`stem.0.1.mean`,
   * `stem.0.1.variance`). The variables themselves, not copies.
   */
  namedVariables(): Map<string, tf.Variable> {
    const variables = new Map<string, tf.Variable>();
    for (const { name, variable } of this.parameters) variables.set(name, variable);
    for (const { name, mean, variance } of this.statistics) {
      variables.set(`${name}.mean`, mean as tf.Variable);
      variables.set(`${name}.variance`, variance as tf.Variable);
    }
    return variables;
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const variable of this.namedVariables().values()) variable.dispose();
  }

  #admit(name: string, size: number): void {
    const isTaken = this.parameters.some((parameter) => parameter.name === name);
    this.#values += size;
    if (!isTaken && this.#values <= MOST_VALUES) return;
    this.dispose();
    throw new Error(
      isTaken
        ? `two parameters are called ${name}; give each layer a name of its own`
        : `${name}: more than ${MOST_VALUES} values in all; make the network smaller`,
    );
  }
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
