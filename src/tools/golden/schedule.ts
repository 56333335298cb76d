/**
 * Runs `schedule.json`: learning rates and momentum per batch.
 *
 * @module
 */
import { oneCycleStep } from "../../training/schedule.ts";
import { relativeError, TOLERANCES } from "./golden.ts";
import type { Comparison, GoldenRunner } from "./golden.ts";

interface ScheduleCase {
  readonly batchesPerEpoch: number;
  readonly phases: {
    readonly phase: string;
    readonly epochs: number;
    readonly maxLr: number[];
    readonly pctStart: number;
    readonly div: number;
    readonly divFinal: number;
    readonly rows: {
      readonly batch: number;
      readonly lr: number[];
      readonly mom: number;
    }[];
  }[];
}

/** What {@linkcode run} reads. */
export const file = "schedule.json";

/** Compares every row of the reference schedules; learning rates relative to each one's size. */
export const run: GoldenRunner = (content) =>
  (content as ScheduleCase[]).flatMap(({ batchesPerEpoch, phases }, index) =>
    phases.flatMap((phase) => {
      const cycle = {
        // The reference's groups have no names but their positions.
        maxLearningRates: Object.fromEntries(Object.entries(phase.maxLr)),
        pctStart: phase.pctStart,
        div: phase.div,
        finalDiv: phase.divFinal,
      };
      return phase.rows.map(({ batch, lr, mom }): Comparison => {
        const position = batch / (phase.epochs * batchesPerEpoch);
        const { learningRate, momentum } = oneCycleStep(cycle, position);
        // One by one, so that the smallest learning rate counts as much as the largest.
        const ours = phase.maxLr.map((_, group) => learningRate(String(group)));
        const errors = lr.map((expected, group) =>
          relativeError([ours[group] ?? NaN], [expected], Number.MIN_VALUE)
        );
        const momentumError = relativeError([momentum], [mom]);
        return {
          name: `case ${index}, ${phase.phase}, batch ${batch}`,
          error: [...errors, momentumError].reduce(largest, 0),
          tolerance: TOLERANCES.schedule,
        };
      });
    })
  );

/** Unlike a chain of comparisons, lets NaN through. */
function largest(a: number, b: number): number {
  return Math.max(a, b);
}
