/**
 * Runs `adam.json`: parameters after steps with changing learning rates and momentum.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { Adam } from "../../training/adam.ts";
import { compare, type Comparison, type GoldenRunner, goldenTensor, tensorOf } from "./golden.ts";

const adamCase = z.object({
  wd: z.number(),
  sqrMom: z.number(),
  eps: z.number(),
  start: goldenTensor,
  steps: z.array(
    z.object({ grad: goldenTensor, lr: z.number(), mom: z.number(), param: goldenTensor }),
  ),
});

/** Compares the parameters after every step with the reference. */
export const run: GoldenRunner = (content) => z.array(adamCase).parse(content).flatMap(compareCase);

function compareCase(
  { wd, sqrMom, eps, start, steps }: z.infer<typeof adamCase>,
  index: number,
): Comparison[] {
  const adam = new Adam({ squaredMomentum: sqrMom, epsilon: eps, weightDecay: wd });
  const variable = tf.tidy(() => tf.variable(tensorOf(start)));
  const comparisons = steps.flatMap(({ grad, lr, mom, param }, step) => {
    const gradient = tensorOf(grad);
    adam.step([{ name: "p", variable, gradient, learningRate: lr, decays: true }], mom);
    gradient.dispose();
    const results = { [`step ${step}`]: [variable.dataSync(), param.data] } as const;
    return compare(`case ${index}`, results, "adam");
  });
  adam.clear();
  variable.dispose();
  return comparisons;
}
