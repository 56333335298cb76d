/**
 * Makes batches from a pixel cache, one after another or any one alone.
 *
 * @module
 */
import { shuffledOrder, trainingDraws } from "./draws.ts";
import { writeAugmentedNetworkInput, writeNetworkInput } from "./network_input.ts";
import { PixelFile } from "./pixel_file.ts";
import { padAndResizeShortAxis } from "./resize.ts";

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

/** A batch whose memory can be given away. */
export interface MadeBatch {
  /** [count, size, size, 3] */
  readonly images: Float32Array<ArrayBuffer>;
  /** [count] */
  readonly labels: Int32Array<ArrayBuffer>;
}

/** The number of batches in an epoch of this many pictures. */
export function batchesPerEpoch(pictures: number, batchSize: number, training: boolean): number {
  return training ? Math.floor(pictures / batchSize) : Math.ceil(pictures / batchSize);
}

/**
 * Opens a recipe's cache.
 *
 * @throws {Error} if it is not there, is damaged or holds other pictures
 */
export function openCacheOf({ cachePath, cacheId }: BatchRecipe): PixelFile {
  const file = new PixelFile(cachePath);
  if (file.id === cacheId) return file;
  file.close();
  throw new Error(
    `${cachePath}: replaced by another run with other pictures; give each its own cache folder`,
  );
}

/**
 * The batches of an epoch from `firstBatch` on. Training and evaluation share all code but order
 * and draws.
 *
 * @param file the recipe's cache
 */
export function* makeBatches(
  file: PixelFile,
  { positions, labels: allLabels, batchSize, seed }: BatchRecipe,
  epoch: number,
  firstBatch: number,
): Generator<MadeBatch> {
  const order = seed === undefined ? undefined : shuffledOrder(positions.length, seed, epoch);
  const length = file.size ** 2 * 3;
  const batches = batchesPerEpoch(positions.length, batchSize, seed !== undefined);
  for (let batch = firstBatch; batch < batches; batch++) {
    const start = batch * batchSize;
    const count = Math.min(batchSize, positions.length - start);
    const images = new Float32Array(count * length);
    const labels = new Int32Array(count);
    for (let n = 0; n < count; n++) {
      const index = order?.[start + n] ?? start + n;
      labels[n] = allLabels[index]!;
      const picture = file.read(positions[index]!);
      const out = images.subarray(n * length, (n + 1) * length);
      if (seed === undefined) {
        writeNetworkInput(padAndResizeShortAxis(picture, 0.5), out);
      } else {
        const draws = trainingDraws(seed, epoch, start + n);
        const pixels = padAndResizeShortAxis(picture, draws.padFraction);
        writeAugmentedNetworkInput(pixels, file.size, draws, out);
      }
    }
    yield { images, labels };
  }
}
