/**
 * Batches for training and evaluation, made from a pixel cache by a worker a few batches ahead of
 * their use.
 *
 * @module
 */
import type { Batch, EvaluationBatches, TrainingBatches } from "./batch.ts";
import { batchesPerEpoch, type BatchRecipe } from "./batch_maker.ts";
import { type BatchAnswer, type BatchRequest, STOPPED, TAKEN } from "./batch_messages.ts";
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

/**
 * Shuffled and augmented batches (see `draws.ts`, `augment.ts`).
 *
 * Only one epoch can be iterated at a time; starting another ends the one before. Their worker runs,
 * and keeps the process alive, until they are disposed; an iteration that is under way fails then.
 *
 * @param options.seed any number; equal seeds give equal bits
 * @throws {Error} if pictures and labels do not match, are too few for one batch or are not in the
 * cache
 */
export function trainingBatches(
  options: BatchOptions & { readonly seed: number },
): TrainingBatches & Disposable {
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
    [Symbol.dispose]: () => worker.close(),
  };
}

/**
 * All pictures in order, padded evenly and not augmented.
 *
 * Only one pass can be under way at a time; starting another ends the one before. Their worker ends
 * as that of {@linkcode trainingBatches} does.
 *
 * @throws {Error} if pictures and labels do not match or are not in the cache
 */
export function evaluationBatches(options: BatchOptions): EvaluationBatches & Disposable {
  const worker = new BatchStream(recipeFor(options), options.cache.size);
  return {
    count: options.images.length,
    batches: () => worker.run(0, 0),
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
    this.#worker ??= this.#start();
    const { number, control } = run;
    const request = { recipe: this.#recipe, run: number, epoch, firstBatch, control };
    this.#worker.postMessage(request satisfies BatchRequest);
    try {
      while (true) {
        const answer = await run.next();
        if (answer.kind === "end") return;
        if (answer.kind === "failure") throw new Error(answer.message);
        yield { ...answer.batch, count: answer.batch.labels.length, size: this.#size };
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

  /** Makes the worker stop; an iteration that still waits for a batch fails with the reason. */
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
