/**
 * Measuring the speed of decoding pictures and of making augmented batches.
 *
 * @module
 */
import { join } from "@std/path";
import sharp from "sharp";
import { trainingBatches } from "../../data/batches.ts";
import { DATA_FOLDER } from "../../data/catalogue_entry.ts";
import { openPixelCache } from "../../data/pixel_cache.ts";

const PICTURES = 480;
const BATCH_SIZE = 48;
const EPOCHS = 3;

/** Makes JPEGs in a temporary folder and runs the real pipeline on them. */
export async function measurePipeline(size: number) {
  await using cleanup = new AsyncDisposableStack();
  const root = await Deno.makeTempDir({ dir: DATA_FOLDER, prefix: "bench-" });
  cleanup.defer(() => Deno.remove(root, { recursive: true }));
  const images = await makePictures(root);
  const startOfDecoding = performance.now();
  const cache = await openPixelCache({ root, images, size, cacheFolder: join(root, "cache") });
  cleanup.defer(() => cache.close());
  const decodingSeconds = (performance.now() - startOfDecoding) / 1000;
  const labels = images.map(() => 0);
  using batches = trainingBatches({ cache, images, labels, batchSize: BATCH_SIZE, seed: 1 });
  // The first epoch starts the worker and compiles its code.
  await Array.fromAsync(batches.epoch(0));
  const startOfEpochs = performance.now();
  for (let epoch = 1; epoch <= EPOCHS; epoch++) await Array.fromAsync(batches.epoch(epoch));
  const augmentingSeconds = (performance.now() - startOfEpochs) / 1000;
  return {
    /** JPEGs of 213x160 decoded, resized on one axis and written to the cache, on all cores. */
    decodedPerSecond: PICTURES / decodingSeconds,
    /** Pictures read from the cache, padded, resized, augmented and normalised, on one core. */
    augmentedPerSecond: EPOCHS * PICTURES / augmentingSeconds,
  };
}

/** Makes pictures of smooth noise, about as expensive to decode as photographs. */
async function makePictures(root: string) {
  const images = Array.from({ length: PICTURES }, (_, i) => ({
    path: `${i}.jpg`,
    category: "synthetic",
    group: "known" as const,
  }));
  const noise = { type: "gaussian", mean: 128, sigma: 30 } as const;
  const create = { width: 53, height: 40, channels: 3, background: "gray", noise } as const;
  for (const { path } of images) {
    await sharp({ create }).resize(213, 160).jpeg().toFile(join(root, path));
  }
  return images;
}
