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
import type { AdamStep } from "../backend/kernels/adam_update.ts";
import { adamStep } from "../backend/operations.ts";

/** The numbers that stay the same over a training run. */
export type AdamConfiguration = Pick<AdamStep, "squaredMomentum" | "epsilon" | "weightDecay">;

/** fastai's defaults. */
export const FASTAI_ADAM: AdamConfiguration = {
  squaredMomentum: 0.99,
  epsilon: 1e-5,
  weightDecay: 0.01,
};

/** A parameter with its gradient and the learning rate of its group, for one step. */
export interface ParameterStep {
  /** Key of the parameter's state. */
  readonly name: string;
  readonly variable: tf.Variable;
  /** Has the variable's shape. */
  readonly gradient: tf.Tensor;
  readonly learningRate: number;
  /** Whether weight decay applies. */
  readonly decays: boolean;
}

/** The optimiser with its state; all parameters are stepped together. */
export class Adam {
  readonly #means = new Map<string, tf.Variable>();
  #steps = 0;

  constructor(readonly configuration: AdamConfiguration) {}

  /** Steps since the state was cleared. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * The running means of the gradients and of their squares, as `adam mean/NAME` and `adam squared
   * mean/NAME`; for parameters that have been stepped. The tensors themselves.
   */
  get means(): ReadonlyMap<string, tf.Tensor> {
    return this.#means;
  }

  /** Changes the variables in place; disposes no gradient. */
  step(parameters: Iterable<ParameterStep>, momentum: number): void {
    this.#steps++;
    const { squaredMomentum, epsilon, weightDecay } = this.configuration;
    const biasCorrection = 1 - momentum ** this.#steps;
    const squaredBiasCorrection = 1 - squaredMomentum ** this.#steps;
    adamStep(Array.from(parameters, ({ name, variable, gradient, learningRate, decays }) => ({
      parameter: variable,
      mean: this.#mean(`adam mean/${name}`, variable.shape),
      squaredMean: this.#mean(`adam squared mean/${name}`, variable.shape),
      gradient,
      step: {
        learningRate,
        momentum,
        squaredMomentum,
        biasCorrection,
        squaredBiasCorrection,
        epsilon,
        weightDecay: decays ? weightDecay : 0,
      },
    })));
  }

  /** The running mean of that name; zeros if it does not exist yet. */
  #mean(name: string, shape: number[]): tf.Variable {
    const known = this.#means.get(name);
    if (known) return known;
    const mean = tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.#means.set(name, mean);
    return mean;
  }

  /** Clears the running means and counts steps from 0 again. */
  clear(): void {
    tf.dispose([...this.#means.values()]);
    this.#means.clear();
    this.#steps = 0;
  }

  /**
   * Replaces the state by one with these values of the {@linkcode means}.
   *
   * @param steps number of steps since that state was cleared
   * @param values row-major, by name; other names are ignored
   * @param variables the parameters, by name
   * @throws {Error} if there are means of a parameter without a variable.
   */
  restore(
    steps: number,
    values: ReadonlyMap<string, Float32Array>,
    variables: ReadonlyMap<string, tf.Variable>,
  ): void {
    this.clear();
    this.#steps = steps;
    for (const [key, mean] of values) {
      const [, name] = /^adam (?:squared )?mean\/(.*)$/.exec(key) ?? [];
      if (name === undefined) continue;
      const variable = variables.get(name);
      if (variable === undefined) throw new Error(`Adam state of unknown parameter "${name}"`);
      this.#means.set(key, tf.tidy(() => tf.variable(tf.tensor(mean, variable.shape), false)));
    }
  }
}
