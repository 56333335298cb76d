/**
 * The trial's half in the worker: one training on two backends.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { narrowTraining } from "./narrow_training.ts";

/** The final message of a trial's worker. */
export type TrialAnswer =
  | {
    /** The losses on tfjs's stock cpu backend. */
    readonly expected: readonly number[];
    /** The losses of the same training on the tried backend. */
    readonly actual: readonly number[];
  }
  | {
    /** The reason why there are no losses. */
    readonly problem: string;
  };

/** @param start starts the tried backend and makes it the current one */
export async function answerTrial(start: () => Promise<void>): Promise<TrialAnswer> {
  tf.env().set("IS_NODE", false);
  try {
    await tf.setBackend("cpu");
    const expected = await narrowTraining();
    await start();
    return { expected, actual: await narrowTraining() };
  } catch (error) {
    // Deno would print what a worker throws, with its stack.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
