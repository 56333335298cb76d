/**
 * Runs `adam.json`: parameters after steps with changing learning rates and momentum.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { Adam } from "../../training/adam.ts";
import { relativeError, TOLERANCES } from "./golden.ts";
import type { Comparison, GoldenRunner, GoldenTensor } from "./golden.ts";

interface AdamCase {
  readonly wd: number;
  readonly sqrMom: number;
  readonly eps: number;
  readonly start: GoldenTensor;
  readonly steps: {
    readonly grad: GoldenTensor;
    readonly lr: number;
    readonly mom: number;
    readonly param: GoldenTensor;
  }[];
}

/** What {@linkcode run} reads. */
export const file = "adam.json";

/** Compares the parameters after every step with the reference. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  return (content as AdamCase[]).flatMap(compareSteps);
};

function compareSteps({ wd, sqrMom, eps, start, steps }: AdamCase, index: number): Comparison[] {
  const adam = new Adam({ squaredMomentum: sqrMom, epsilon: eps, weightDecay: wd });
  const variable = tf.tidy(() => tf.variable(tf.tensor(start.data, start.shape, "float32")));
  const comparisons = steps.map(({ grad, lr, mom, param }, step) => {
    const gradient = tf.tensor(grad.data, grad.shape, "float32");
    adam.step([{ name: "p", variable, gradient, learningRate: lr, decays: true }], mom);
    gradient.dispose();
    return {
      name: `case ${index}, step ${step}`,
      error: relativeError(variable.dataSync(), param.data),
      tolerance: TOLERANCES.adam,
    };
  });
  adam.clear();
  variable.dispose();
  return comparisons;
}
