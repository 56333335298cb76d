/**
 * Network inputs from single picture files, without a cache.
 *
 * @module
 */
import type { Batch } from "./batch.ts";
import { decodeImage } from "./decode.ts";
import { writeNetworkInput } from "./network_input.ts";
import { beginResize } from "./resize.ts";

/**
 * Decodes files into one batch, in their order, prepared as for validation; every label is -1.
 *
 * @param size side of the network's input in pixels
 * @param crop whether pictures are cropped to squares, and not padded
 * @throws {Error} if a file cannot be read or decoded; names the file
 */
export async function loadImages(
  paths: readonly string[],
  size: number,
  crop = false,
): Promise<Batch> {
  const length = size * size * 3;
  const images = new Float32Array(paths.length * length);
  for (const [n, path] of paths.entries()) {
    // Resized in two halves, as for the pixel cache, which rounds in between: the network must see
    // the same pixels.
    const picture = beginResize(await decodeImage(path), size, crop);
    writeNetworkInput(picture, images.subarray(n * length, (n + 1) * length));
  }
  return { images, labels: new Int32Array(paths.length).fill(-1), count: paths.length, size };
}
