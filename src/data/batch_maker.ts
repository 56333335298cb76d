/**
 * Makes batches from a pixel cache, one after another or any one alone.
 *
 * @module
 */
import type { BatchRecipe } from "./batch_messages.ts";
import { shuffledOrder, trainingDraws } from "./draws.ts";
import { writeAugmentedNetworkInput, writeNetworkInput } from "./network_input.ts";
import { PixelFile } from "./pixel_file.ts";
import { padAndResizeShortAxis } from "./resize.ts";

/** The number of batches in an epoch of this many pictures. */
export function batchesPerEpoch(pictures: number, batchSize: number, training: boolean): number {
  return training ? Math.floor(pictures / batchSize) : Math.ceil(pictures / batchSize);
}

/** Makes the batches of a recipe. Training and evaluation share all code but order and draws. */
export class BatchMaker {
  readonly #recipe: BatchRecipe;
  readonly #file: PixelFile;

  /**
   * Opens the recipe's cache.
   *
   * @throws {Error} if it is not there, is damaged or holds other pictures
   */
  constructor(recipe: BatchRecipe) {
    this.#recipe = recipe;
    this.#file = new PixelFile(recipe.cachePath);
    if (this.#file.id !== recipe.cacheId) {
      this.#file.close();
      throw new Error(
        `${recipe.cachePath}: replaced by another run with other pictures; give each its own ` +
          "cache folder",
      );
    }
  }

  /** The batches of an epoch from `firstBatch` on. */
  *epoch(
    epoch: number,
    firstBatch: number,
  ): Generator<{ images: Float32Array<ArrayBuffer>; labels: Int32Array<ArrayBuffer> }> {
    const { positions, labels, batchSize, seed } = this.#recipe;
    const training = seed !== undefined;
    const order = training ? shuffledOrder(positions.length, seed, epoch) : undefined;
    const length = this.#file.size ** 2 * 3;
    const batches = batchesPerEpoch(positions.length, batchSize, training);
    for (let batch = firstBatch; batch < batches; batch++) {
      const start = batch * batchSize;
      const count = Math.min(batchSize, positions.length - start);
      const result = {
        images: new Float32Array(count * length),
        labels: new Int32Array(count),
      };
      for (let n = 0; n < count; n++) {
        const picture = order?.[start + n] ?? start + n;
        result.labels[n] = labels[picture]!;
        const out = result.images.subarray(n * length, (n + 1) * length);
        this.#write(positions[picture]!, epoch, start + n, out);
      }
      yield result;
    }
  }

  /** Closes the cache. */
  close(): void {
    this.#file.close();
  }

  #write(position: number, epoch: number, place: number, out: Float32Array): void {
    const { seed } = this.#recipe;
    const picture = this.#file.read(this.#file.entries[position]!);
    if (seed === undefined) {
      writeNetworkInput(padAndResizeShortAxis(picture, 0.5), out);
    } else {
      const draws = trainingDraws(seed, epoch, place);
      const pixels = padAndResizeShortAxis(picture, draws.padFraction);
      writeAugmentedNetworkInput(pixels, this.#file.size, draws, out);
    }
  }
}
