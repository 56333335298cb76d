/**
 * Runs `schedule.json`: learning rates and momentum per batch.
 *
 * @module
 */
import { z } from "zod";
import { oneCycleStep } from "../../training/schedule.ts";
import { compare, type GoldenRunner } from "./golden.ts";

const cases = z.array(z.object({
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
export const run: GoldenRunner = (content) =>
  cases.parse(content).flatMap(({ batchesPerEpoch, phases }, index) =>
    phases.flatMap(({ phase, epochs, maxLr, pctStart, div, divFinal, rows }) => {
      // The reference's groups have no names but their positions.
      const maxLearningRates = Object.fromEntries(Object.entries(maxLr));
      const cycle = { maxLearningRates, pctStart, div, finalDiv: divFinal };
      return rows.flatMap(({ batch, lr, mom }) => {
        const { learningRate, momentum } = oneCycleStep(cycle, batch / (epochs * batchesPerEpoch));
        const results = {
          "learning rates": [maxLr.map((_, group) => learningRate(String(group))), lr],
          momentum: [[momentum], [mom]],
        } as const;
        return compare(`case ${index}, ${phase}, batch ${batch}`, results, "schedule");
      });
    })
  );
