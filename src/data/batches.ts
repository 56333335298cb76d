/**
 * Batches for training and evaluation, made from a pixel cache by a worker that runs a few batches
 * ahead.
 *
 * @module
 */
import type { Batch, EvaluationBatches, TrainingBatches } from "./batch.ts";
import type { BatchAnswer, BatchRequest } from "./batch_worker.ts";
import { inParallel } from "./in_parallel.ts";
import type { PixelCache } from "./pixel_cache.ts";
import { randomStream } from "../random.ts";

/** Number of batches the worker makes ahead. */
const PREFETCHED_BATCHES = 3;

/** Pictures and size of batches. */
export interface BatchOptions {
  readonly cache: PixelCache;
  /** Paths as in the cache. */
  readonly images: readonly { readonly path: string }[];
  /** The network label of every picture; -1 where the network has none. */
  readonly labels: ArrayLike<number>;
  readonly batchSize: number;
}

/** Options of training batches, besides their pictures. */
export interface TrainingBatchOptions extends BatchOptions {
  /** Any number; equal seeds give equal bits. */
  readonly seed: number;
  /** The fewest batches of an epoch; with too few pictures it goes through them several times. */
  readonly minimumBatches?: number;
}

/**
 * Shuffled and augmented batches (see `augment.ts`). If there are fewer pictures than the batch
 * size, all of them make one batch.
 *
 * Only one epoch can be iterated at a time; starting another ends the one before. The worker runs,
 * and keeps the process alive, until the batches are disposed; an iteration still under way then
 * fails.
 *
 * @throws {Error} if pictures and labels do not match, there are none, or they are not in the cache
 */
export function trainingBatches(options: TrainingBatchOptions): TrainingBatches & Disposable {
  const { images, seed, minimumBatches = 1 } = options;
  if (images.length === 0) throw new Error("there are no training pictures");
  const batchSize = Math.min(options.batchSize, images.length);
  const stream = new BatchStream({ ...options, batchSize });
  const count = Math.max(Math.floor(images.length / batchSize), minimumBatches);
  return {
    batchSize,
    batchesPerEpoch: count,
    epoch(epoch, firstBatch = 0) {
      if (!Number.isInteger(firstBatch) || firstBatch < 0 || firstBatch > count) {
        throw new RangeError(`batch ${firstBatch} is not in an epoch of ${count} batches`);
      }
      const order = epochOrder(images.length, count * batchSize, seed, epoch);
      return stream.iterate(order, firstBatch, count, { seed, epoch });
    },
    [Symbol.dispose]: () => stream.close(),
  };
}

/**
 * All pictures in order, padded evenly and not augmented. Passes and the worker behave like epochs
 * and the worker of {@linkcode trainingBatches}.
 *
 * @throws {Error} if pictures and labels do not match or are not in the cache
 */
export function evaluationBatches(options: BatchOptions): EvaluationBatches & Disposable {
  const { images: { length: count }, batchSize } = options;
  const stream = new BatchStream(options);
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  return {
    count,
    batches: () => stream.iterate(order, 0, Math.ceil(count / batchSize)),
    [Symbol.dispose]: () => stream.close(),
  };
}

/**
 * The order in which an epoch visits the pictures: permutations of 0 ... count - 1, one after
 * another, up to a length.
 *
 * @param length where the last permutation is cut off
 * @param epoch counted from 0
 */
function epochOrder(count: number, length: number, seed: number, epoch: number): Uint32Array {
  const order = new Uint32Array(Math.ceil(length / count) * count);
  for (let pass = 0; pass * count < length; pass++) {
    order.set(shuffledOrder(count, seed, epoch, pass), pass * count);
  }
  return order;
}

/**
 * The pictures in random order: a permutation of 0 ... count - 1.
 *
 * Source: Durstenfeld's form of the Fisher-Yates shuffle (1964).
 *
 * @param epoch counted from 0
 * @param pass through the pictures within the epoch, counted from 0
 */
export function shuffledOrder(
  count: number,
  seed: number,
  epoch: number,
  pass: number = 0,
): Uint32Array {
  const random = randomStream("order", seed, epoch, ...(pass === 0 ? [] : [pass]));
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** The training thread's side of `batch_worker.ts`. */
class BatchStream {
  readonly #cache: Pick<PixelCache, "path" | "id" | "size">;
  readonly #positions: Uint32Array;
  readonly #labels: Int32Array;
  readonly #batchSize: number;
  readonly #waiting = new Map<number, PromiseWithResolvers<Float32Array>>();
  #worker: Worker | undefined;
  #requests = 0;
  #iterations = 0;
  #closed = false;

  constructor({ cache, images, labels, batchSize }: BatchOptions) {
    if (labels.length !== images.length) {
      throw new Error(`${images.length} pictures have ${labels.length} labels`);
    }
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`batch size ${batchSize} is not a positive whole number`);
    }
    const odd = Array.from(labels).find((label) => !Number.isInteger(label) || label < -1);
    if (odd !== undefined) throw new RangeError(`${odd} is not a label: -1 or a network output`);
    this.#cache = cache;
    this.#positions = Uint32Array.from(images, ({ path }) => cache.positionOf(path));
    this.#labels = Int32Array.from(labels);
    this.#batchSize = batchSize;
  }

  /**
   * Batches of the pictures in an order, from number `first` to before `end`.
   *
   * @param augmentation keys of the augmentation; without it, no augmentation
   */
  async *iterate(
    order: Uint32Array,
    first: number,
    end: number,
    augmentation?: { readonly seed: number; readonly epoch: number },
  ): AsyncGenerator<Batch> {
    const iteration = ++this.#iterations;
    const { size } = this.#cache;
    const numbers = Array.from({ length: end - first }, (_, n) => first + n);
    const batches = inParallel(numbers, async (number) => {
      const place = number * this.#batchSize;
      const pictures = order.subarray(place, place + this.#batchSize);
      const positions = pictures.map((picture) => this.#positions[picture]!);
      const draws = augmentation && { ...augmentation, place };
      const images = await this.#ask({ positions, ...draws && { draws } });
      const labels = Int32Array.from(pictures, (picture) => this.#labels[picture]!);
      return { images, labels, count: labels.length, size };
    }, 1 + PREFETCHED_BATCHES);
    for await (const batch of batches) {
      if (iteration !== this.#iterations) {
        throw new Error("another iteration of the same batches was started");
      }
      yield batch;
    }
  }

  /** Ends the worker; can be called more than once. */
  close(): void {
    this.#closed = true;
    this.#end("the batches were closed");
    this.#worker?.terminate();
  }

  #ask(request: Pick<BatchRequest, "positions" | "draws">): Promise<Float32Array> {
    if (this.#closed) return Promise.reject(new Error("these batches are closed"));
    this.#worker ??= this.#start();
    const answer = Promise.withResolvers<Float32Array>();
    const id = ++this.#requests;
    this.#waiting.set(id, answer);
    const { path: cachePath, id: cacheId } = this.#cache;
    this.#worker.postMessage({ ...request, id, cachePath, cacheId } satisfies BatchRequest);
    return answer.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./batch_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: answer }: MessageEvent<BatchAnswer>) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("images" in answer) waiting?.resolve(answer.images);
      else waiting?.reject(new Error(answer.failure));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(`the worker that makes batches failed: ${event.message}`);
      this.#worker = undefined;
    };
    return worker;
  }

  /** Fails all requests that still wait for an answer. */
  #end(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
