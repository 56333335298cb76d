/**
 * The tensors of a network, with the properties that training needs.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random.ts";

/** The kind of a parameter; weight decay does not apply to batch norms. */
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

/** The statistics for normalisation in evaluation; training updates them without gradients. */
export interface RunningStatistics {
  /** The name of the batch norm. */
  readonly name: string;
  /** [C] float32, starts at 0. */
  readonly mean: tf.Variable<tf.Rank.R1>;
  /** [C] float32, unbiased, starts at 1. */
  readonly variance: tf.Variable<tf.Rank.R1>;
}

/**
 * This many float32 values fill a GiB; in training, gradients and Adam's two means take as much
 * each.
 */
export const MOST_VALUES = 2 ** 28;

/** The most values of a network that is being built, and the remedy for more. */
let limit = { values: MOST_VALUES, remedy: "make the network smaller" };

/**
 * Builds a network with a limit on its number of values, running statistics included. A network
 * with more is refused before its values are allocated.
 *
 * @param remedy the end of the error message
 */
export function withinValues<T>(values: number, remedy: string, build: () => T): T {
  const before = limit;
  limit = { values: Math.min(values, before.values), remedy };
  try {
    return build();
  } finally {
    limit = before;
  }
}

/** The parameters and statistics of a network under construction, in the order of creation. */
export class ParameterList {
  readonly parameters: Parameter[] = [];
  readonly statistics: RunningStatistics[] = [];
  #values = 0;

  /** @param seed of the initial values; without one, weights are zeros */
  constructor(readonly seed?: number) {}

  /**
   * Adds weights with {@linkcode kaimingNormal} initial values, or zeros without a seed.
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
    const variable = tf.tidy(() =>
      tf.variable(
        this.seed === undefined
          ? tf.zeros<R>(shape)
          : tf.tensor<R>(kaimingNormal(shape, this.seed, name), shape),
      )
    );
    const kind = shape.length === 4 ? "convolution" : "linear";
    this.parameters.push({ name, group, kind, variable: variable as tf.Variable });
    return variable;
  }

  /**
   * Adds a vector of a batch norm, filled with one value.
   *
   * @throws {Error} if the name is taken, or the network gets too large for any machine.
   */
  addVector(name: string, group: string, size: number, value: number): tf.Variable<tf.Rank.R1> {
    this.#admit(name, size);
    const variable = filledVector(size, value, true);
    this.parameters.push({ name, group, kind: "batch norm", variable: variable as tf.Variable });
    return variable;
  }

  /**
   * Adds the running statistics of a batch norm.
   *
   * @throws {Error} if the network gets too large for any machine.
   */
  addStatistics(name: string, size: number): RunningStatistics {
    this.#count(name, 2 * size);
    const [mean, variance] = [filledVector(size, 0, false), filledVector(size, 1, false)];
    const statistics = { name, mean, variance };
    this.statistics.push(statistics);
    return statistics;
  }

  /** Every tensor of the list by name, see {@linkcode Network.namedVariables}. */
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
    if (this.parameters.some((parameter) => parameter.name === name)) {
      this.#refuse(`two parameters are called ${name}; give each layer a name of its own`);
    }
    this.#count(name, size);
  }

  #count(name: string, size: number): void {
    this.#values += size;
    const { values, remedy } = limit;
    if (this.#values > values) {
      this.#refuse(`${name}: more than ${values} values in all; ${remedy}`);
    }
  }

  #refuse(problem: string): never {
    this.dispose();
    throw new Error(problem);
  }
}

/**
 * Values from a normal distribution with mean 0 and variance `2 / fanIn`, drawn by the Box-Muller
 * transform. The variance of the activations stays the same through layers that end in a ReLU.
 *
 * Source: He et al., "Delving Deep into Rectifiers" (2015), fan in.
 *
 * @param shape of a convolution's filter, [height, width, in, out], or a linear layer's weights,
 *   [in, out]
 * @param seed of the training run
 * @param name of the parameter; parameters of different names get different values
 */
export function kaimingNormal(shape: readonly number[], seed: number, name: string): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const fanIn = size / shape[shape.length - 1]!;
  const deviation = Math.sqrt(2 / fanIn);
  const uniform = randomStream("initialisation", seed, name);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < size) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

function filledVector(size: number, value: number, trainable: boolean): tf.Variable<tf.Rank.R1> {
  return tf.tidy(() => tf.variable(tf.fill<tf.Rank.R1>([size], value), trainable));
}
