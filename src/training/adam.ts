/**
 * fastai's Adam: decoupled weight decay, a momentum that follows a schedule, and a bias correction
 * computed with the momentum of the current step.
 *
 * Sources: Kingma and Ba, "Adam" (2015); Loshchilov and Hutter, "Decoupled Weight Decay
 * Regularization" (2019).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { adamUpdate } from "../backend/operations.ts";

/** The numbers that stay the same over a training run. */
export interface AdamConfiguration {
  /** Decay of the mean of the squared gradients (beta 2). */
  readonly squaredMomentum: number;
  /** Added to the root of the mean of squares. */
  readonly epsilon: number;
  /** Share of a parameter, per unit of learning rate, that is taken off it before the step. */
  readonly weightDecay: number;
}

/** The article's numbers. */
export const ARTICLE_ADAM: AdamConfiguration = {
  squaredMomentum: 0.99,
  epsilon: 1e-5,
  weightDecay: 0.01,
};

/** A parameter with its gradient and the learning rate of its group, for one step. */
export interface ParameterStep {
  /** Tells the parameter's state apart from that of others. */
  readonly name: string;
  readonly variable: tf.Variable;
  /** Of the variable's shape. */
  readonly gradient: tf.Tensor;
  readonly learningRate: number;
  /** Whether weight decay applies. */
  readonly decays: boolean;
}

/** The running means of one parameter's gradients. */
interface GradientMeans {
  readonly mean: tf.Tensor;
  readonly squaredMean: tf.Tensor;
}

/** What a checkpoint needs to go on with the same bits. */
export interface AdamState {
  /** Steps since the state was cleared. */
  readonly steps: number;
  /** By parameter name; only those that have been stepped. Row-major values. */
  readonly means: ReadonlyMap<string, { mean: Float32Array; squaredMean: Float32Array }>;
}

/** The optimiser with its state; all parameters are stepped together. */
export class Adam {
  readonly #configuration: AdamConfiguration;
  #means = new Map<string, GradientMeans>();
  #steps = 0;

  constructor(configuration: AdamConfiguration) {
    this.#configuration = configuration;
  }

  /** Changes the variables in place; disposes no gradient. */
  step(parameters: Iterable<ParameterStep>, momentum: number): void {
    this.#steps++;
    const { squaredMomentum, epsilon, weightDecay } = this.#configuration;
    const biasCorrection = 1 - momentum ** this.#steps;
    const squaredBiasCorrection = 1 - squaredMomentum ** this.#steps;
    for (const { name, variable, gradient, learningRate, decays } of parameters) {
      const old = this.#means.get(name) ?? zeroMeans(variable);
      const updated = adamUpdate({ parameter: variable, ...old }, gradient, {
        learningRate,
        momentum,
        squaredMomentum,
        biasCorrection,
        squaredBiasCorrection,
        epsilon,
        weightDecay: decays ? weightDecay : 0,
      });
      variable.assign(updated.parameter);
      tf.dispose([updated.parameter, old.mean, old.squaredMean]);
      // Kept, because this may run inside a tidy.
      const { mean, squaredMean } = updated;
      this.#means.set(name, { mean: tf.keep(mean), squaredMean: tf.keep(squaredMean) });
    }
  }

  /** Forgets the gradients and counts steps from 0 again. */
  clear(): void {
    for (const { mean, squaredMean } of this.#means.values()) tf.dispose([mean, squaredMean]);
    this.#means = new Map();
    this.#steps = 0;
  }

  /** Reads the state from the backend. */
  async exportState(): Promise<AdamState> {
    const means = new Map<string, { mean: Float32Array; squaredMean: Float32Array }>();
    for (const [name, { mean, squaredMean }] of this.#means) {
      means.set(name, {
        mean: await mean.data<"float32">(),
        squaredMean: await squaredMean.data<"float32">(),
      });
    }
    return { steps: this.#steps, means };
  }

  /**
   * Replaces the state.
   *
   * @param shapes of the parameters, by name
   * @throws {Error} if the state names a parameter that has no shape.
   */
  importState(state: AdamState, shapes: ReadonlyMap<string, number[]>): void {
    this.clear();
    this.#steps = state.steps;
    for (const [name, { mean, squaredMean }] of state.means) {
      const shape = shapes.get(name);
      if (shape === undefined) throw new Error(`Adam state of unknown parameter "${name}"`);
      this.#means.set(name, {
        mean: tf.keep(tf.tensor(mean, shape)),
        squaredMean: tf.keep(tf.tensor(squaredMean, shape)),
      });
    }
  }
}

function zeroMeans(variable: tf.Variable): GradientMeans {
  return { mean: tf.zeros(variable.shape), squaredMean: tf.zeros(variable.shape) };
}
