/**
 * Runs `adam.json` and `schedule.json`: parameters after steps with changing learning rates and
 * momentum, and these rates and momentum per batch.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { Adam } from "../../training/adam.ts";
import { oneCycleStep } from "../../training/schedule.ts";
import { compare, type GoldenRunner, goldenTensor, tensorOf } from "./golden.ts";

const step = z.object({ grad: goldenTensor, lr: z.number(), mom: z.number(), param: goldenTensor });
const adamCases = z.array(z.object({
  wd: z.number(),
  sqrMom: z.number(),
  eps: z.number(),
  start: goldenTensor,
  steps: z.array(step),
}));

/** Compares the parameters after every step with the reference. */
export const runAdam: GoldenRunner = (content) =>
  adamCases.parse(content).flatMap(({ wd, sqrMom, eps, start, steps }, index) => {
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
  });

const schedules = z.array(z.object({
  batchesPerEpoch: z.number(),
  phases: z.array(z.object({
    phase: z.string(),
    epochs: z.number(),
    maxLr: z.array(z.number()),
    pctStart: z.number(),
    div: z.number(),
    divFinal: z.number(),
    rows: z.array(z.object({ batch: z.number(), lr: z.array(z.number()), mom: z.number() })),
  })),
}));

/** Compares every row of the reference schedules; learning rates relative to each one's size. */
export const runSchedule: GoldenRunner = (content) =>
  schedules.parse(content).flatMap(({ batchesPerEpoch, phases }, index) =>
    phases.flatMap(({ phase, epochs, maxLr, pctStart, div, divFinal, rows }) => {
      // The reference's groups have positions instead of names.
      const maxLearningRates = Object.fromEntries(Object.entries(maxLr));
      const cycle = { maxLearningRates, pctStart, div, finalDiv: divFinal };
      return rows.flatMap(({ batch, lr, mom }) => {
        const { learningRate, momentum } = oneCycleStep(cycle, batch / (epochs * batchesPerEpoch));
        return compare(`case ${index}, ${phase}, batch ${batch}`, {
          "learning rates": [maxLr.map((_, group) => learningRate(String(group))), lr],
          momentum: [[momentum], [mom]],
        }, "schedule");
      });
    })
  );
