/**
 * What the thread that trains and the worker that makes batches tell each other.
 *
 * @module
 */
import type { BatchRecipe, MadeBatch } from "./batch_maker.ts";

/** To the worker: asks for batches in order, from the first to the last of an epoch. */
export interface BatchRequest {
  /** The same in all requests to a worker. */
  readonly recipe: BatchRecipe;
  /** Comes back with every answer. */
  readonly run: number;
  readonly epoch: number;
  readonly firstBatch: number;
  /** Two int32 that both sides share, see {@linkcode TAKEN} and {@linkcode STOPPED}. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Index in the control array: how many batches of the run were taken so far. */
export const TAKEN = 0;

/** Index in the control array: 1 once no more batches of the run are wanted. */
export const STOPPED = 1;

/** How many batches the worker makes beyond those taken. */
export const PREFETCHED_BATCHES = 3;

/** From the worker. */
export type BatchAnswer =
  | { readonly kind: "batch"; readonly run: number; readonly batch: MadeBatch }
  | { readonly kind: "end"; readonly run: number }
  | { readonly kind: "failure"; readonly run: number; readonly message: string };
