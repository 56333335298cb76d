/**
 * What the thread that trains and the worker that makes batches tell each other.
 *
 * @module
 */

/** Where the pictures of a source of batches are, and how batches are made of them. */
export interface BatchRecipe {
  /** Path and content of the pixel cache. */
  readonly cachePath: string;
  readonly cacheId: string;
  /** Which pictures of the cache, by their position in its file. */
  readonly positions: Uint32Array;
  /** Their network labels. */
  readonly labels: Int32Array;
  readonly batchSize: number;
  /** With a seed, batches are shuffled and augmented for training, and only complete ones made. */
  readonly seed?: number;
}

/** Asks for batches in order, from the first to the last of an epoch. */
export interface BatchRun {
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

/** To the worker: the recipe comes first, once. */
export type BatchRequest =
  | { readonly kind: "recipe"; readonly recipe: BatchRecipe }
  | ({ readonly kind: "run" } & BatchRun);

/** From the worker. */
export type BatchAnswer =
  | {
    readonly kind: "batch";
    readonly run: number;
    readonly images: Float32Array<ArrayBuffer>;
    readonly labels: Int32Array<ArrayBuffer>;
  }
  | { readonly kind: "end"; readonly run: number }
  | { readonly kind: "failure"; readonly run: number; readonly message: string };
