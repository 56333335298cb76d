/**
 * Batches for training and evaluation, made from a pixel cache by a worker a few batches ahead of
 * their use.
 *
 * @module
 */
import type { Batch, EvaluationBatches, TrainingBatches } from "./batch.ts";
import { batchesPerEpoch } from "./batch_maker.ts";
import {
  type BatchAnswer,
  type BatchRecipe,
  type BatchRequest,
  STOPPED,
  TAKEN,
} from "./batch_messages.ts";
import type { PixelCache } from "./pixel_cache.ts";

/** What batches are made of. */
export interface BatchOptions {
  readonly cache: PixelCache;
  /** Paths as in the cache. */
  readonly images: readonly { readonly path: string }[];
  /** The network label of every picture; -1 where the network has none. */
  readonly labels: ArrayLike<number>;
  readonly batchSize: number;
}

/** A source of batches whose worker runs, and keeps the process alive, until it is closed. */
export interface Closeable extends Disposable {
  /** Ends the worker; iterations that are under way fail. Can be called more than once. */
  close(): void;
}

/**
 * Shuffled and augmented batches (see `draws.ts`, `augment.ts`).
 *
 * Only one epoch can be iterated at a time; starting another ends the one before.
 *
 * @param options.seed any number; equal seeds give equal bits
 * @throws {Error} if pictures and labels do not match, are too few for one batch or are not in the
 * cache
 */
export function trainingBatches(
  options: BatchOptions & { readonly seed: number },
): TrainingBatches & Closeable {
  const { images, batchSize, seed } = options;
  const worker = new BatchStream({ ...recipeFor(options), seed }, options.cache.size);
  const count = batchesPerEpoch(images.length, batchSize, true);
  if (count === 0) {
    throw new Error(`${images.length} training pictures do not fill a batch of ${batchSize}`);
  }
  return {
    batchSize,
    batchesPerEpoch: count,
    epoch(epoch, firstBatch = 0) {
      if (!Number.isInteger(firstBatch) || firstBatch < 0 || firstBatch > count) {
        throw new RangeError(`batch ${firstBatch} is not in an epoch of ${count} batches`);
      }
      return worker.run(epoch, firstBatch);
    },
    close: () => worker.close(),
    [Symbol.dispose]: () => worker.close(),
  };
}

/**
 * All pictures in order, padded evenly and not augmented.
 *
 * Only one pass can be under way at a time; starting another ends the one before.
 *
 * @throws {Error} if pictures and labels do not match or are not in the cache
 */
export function evaluationBatches(options: BatchOptions): EvaluationBatches & Closeable {
  const worker = new BatchStream(recipeFor(options), options.cache.size);
  return {
    count: options.images.length,
    batches: () => worker.run(0, 0),
    close: () => worker.close(),
    [Symbol.dispose]: () => worker.close(),
  };
}

function recipeFor({ cache, images, labels, batchSize }: BatchOptions): BatchRecipe {
  if (labels.length !== images.length) {
    throw new Error(`${images.length} pictures have ${labels.length} labels`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`batch size ${batchSize} is not a positive whole number`);
  }
  const odd = Array.from(labels).find((label) => !Number.isInteger(label) || label < -1);
  if (odd !== undefined) throw new RangeError(`${odd} is not a label: -1 or a network output`);
  return {
    cachePath: cache.path,
    cacheId: cache.id,
    positions: Uint32Array.from(images, ({ path }) => cache.positionOf(path)),
    labels: Int32Array.from(labels),
    batchSize,
  };
}

/** The training thread's side of `batch_worker.ts`. */
class BatchStream {
  readonly #recipe: BatchRecipe;
  readonly #size: number;
  #worker: Worker | undefined;
  #current: Run | undefined;
  #runs = 0;
  #closed = false;

  constructor(recipe: BatchRecipe, size: number) {
    this.#recipe = recipe;
    this.#size = size;
  }

  async *run(epoch: number, firstBatch: number): AsyncGenerator<Batch> {
    if (this.#closed) throw new Error("these batches are closed");
    this.#current?.end("another iteration of the same batches was started");
    const run = new Run(++this.#runs);
    this.#current = run;
    this.#post({ kind: "run", run: run.number, epoch, firstBatch, control: run.control });
    try {
      while (true) {
        const answer = await run.next();
        if (answer.kind === "end") return;
        if (answer.kind === "failure") throw new Error(answer.message);
        const { images, labels } = answer;
        yield { images, labels, count: labels.length, size: this.#size };
      }
    } finally {
      run.end("the iteration has ended");
    }
  }

  close(): void {
    this.#closed = true;
    this.#current?.end("the batches were closed");
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #post(request: BatchRequest): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./batch_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: answer }: MessageEvent<BatchAnswer>) => {
      if (answer.run === this.#current?.number) this.#current.receive(answer);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#current?.end(`the worker that makes batches failed: ${event.message}`);
      this.#worker = undefined;
    };
    worker.postMessage({ kind: "recipe", recipe: this.#recipe } satisfies BatchRequest);
    return worker;
  }
}

/** One pass over batches: those that have arrived and were not taken yet. */
class Run {
  readonly number: number;
  readonly control = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #arrived: BatchAnswer[] = [];
  #wake = () => {};
  #ended = false;

  constructor(number: number) {
    this.number = number;
  }

  receive(answer: BatchAnswer): void {
    if (this.#ended) return;
    this.#arrived.push(answer);
    this.#wake();
  }

  /** The next answer; the worker may then make one batch more. */
  async next(): Promise<BatchAnswer> {
    while (this.#arrived.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    this.#demandAnother();
    return this.#arrived.shift()!;
  }

  /** Makes the worker stop; whoever still waits for a batch gets the reason as an error. */
  end(reason: string): void {
    if (this.#ended) return;
    Atomics.store(this.control, STOPPED, 1);
    this.#demandAnother();
    this.#arrived.length = 0;
    this.receive({ kind: "failure", run: this.number, message: reason });
    this.#ended = true;
  }

  #demandAnother(): void {
    Atomics.add(this.control, TAKEN, 1);
    Atomics.notify(this.control, TAKEN);
  }
}
