/**
 * The gradients of convolutions by their filters.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  convolutionSizes,
  FLOAT,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";
import type { KernelCall } from "./simd_kernel.ts";

/** The gradient of a 2D convolution with respect to its filter. */
export function conv2dBackpropFilter(
  { inputs: { x, dy }, backend, attrs }: KernelCall<"x" | "dy", tf.Conv2DBackpropFilterAttrs>,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs);
  return sizes && filterGradient(backend, sizes, x, dy, attrs.filterShape);
}

/**
 * The gradient with respect to a filter of that shape; undefined if a row of one picture, the least
 * that a block can be, does not fit a thread's own memory.
 */
export function filterGradient(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: number[],
): tf.TensorInfo | undefined {
  if (blockBytes(sizes, { images: 1, rows: 1 }) > SCRATCH_BYTES) return undefined;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = sizes;
  const dFilter = backend.output(shape);
  const taps = sizes.filterHeight * sizes.filterWidth;
  const channelPanels = Math.ceil(inChannels / TILE_ROWS);
  const columnPanels = Math.ceil(outChannels / TILE_COLUMNS);
  const block = gradientBlock(sizes);
  const blocks = Math.ceil(batchSize / block.images) * Math.ceil(outHeight / block.rows);

  // Parts of the pixels cost partial sums, groups of columns cost packing the input again. The
  // split depends on the sizes alone: with the number of threads the sums would change.
  const partBytes = taps * channelPanels * columnPanels * TILE_ROWS * TILE_COLUMNS * FLOAT;
  const parts = clamp(Math.floor(PARTIAL_SUM_BYTES / partBytes), 1, Math.min(TASKS, blocks));
  const panelsPerGroup = Math.ceil(columnPanels / Math.min(columnPanels, Math.ceil(TASKS / parts)));
  const groups = Math.ceil(columnPanels / panelsPerGroup);

  backend.pool.memory.using(parts * partBytes, (partials) => {
    backend.run("filterGradient", parts * groups, [
      ...[input, dy, partials, backend.zeros(TILE_ROWS * TILE_COLUMNS)],
      ...[batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels],
      ...windowArguments(sizes),
      ...[block.images, block.rows, parts, panelsPerGroup],
    ]);
    const args = [partials, dFilter, parts, taps, inChannels, outChannels];
    backend.run("reduceFilterGradient", taps * channelPanels, args);
  });
  return dFilter;
}

/** Partial sums of a filter gradient should stay in the last-level cache. */
const PARTIAL_SUM_BYTES = 10 * 2 ** 20;
/** Pixels of dy in a block of the filter gradient: a panel of them fits the first-level cache. */
const BLOCK_PIXELS = 256;
/** How many images, and how many rows of dy of each, a block of the filter gradient holds. */
function gradientBlock(sizes: ConvolutionSizes): { images: number; rows: number } {
  const { batchSize: images, outHeight, outWidth, strideWidth } = sizes;
  // With a stride every pixel is a run of its own, and more images make it longer.
  const fewImages = Math.min(images, strideWidth === 1 ? 4 : 8);
  const rows = clamp(Math.floor(BLOCK_PIXELS / (outWidth * fewImages)), 1, outHeight);
  const moreImages = Math.floor(BLOCK_PIXELS / (rows * outWidth));
  const block = {
    images: rows === outHeight ? clamp(moreImages, fewImages, images) : fewImages,
    rows,
  };
  while (blockBytes(sizes, block) > SCRATCH_BYTES && block.images > 1) {
    block.images = Math.ceil(block.images / 2);
  }
  while (blockBytes(sizes, block) > SCRATCH_BYTES && block.rows > 1) {
    block.rows = Math.ceil(block.rows / 2);
  }
  return block;
}

/** Bytes of a thread's memory that a block takes: packed input, packed dy, and the list of runs. */
function blockBytes(sizes: ConvolutionSizes, block: { images: number; rows: number }): number {
  const { strideHeight, filterHeight, inHeight, inWidth, outWidth } = sizes;
  const inputRows = Math.min(inHeight, (block.rows - 1) * strideHeight + filterHeight);
  const inputPixels = inputRows * inWidth * block.images;
  const outputPixels = block.rows * outWidth * block.images;
  const channelPanels = Math.ceil(sizes.inChannels / TILE_ROWS);
  const columnPanels = Math.ceil(sizes.outChannels / TILE_COLUMNS);
  return channelPanels * (inputPixels * TILE_ROWS * FLOAT + 64) +
    columnPanels * outputPixels * TILE_COLUMNS * FLOAT +
    block.rows * outWidth * 12 + 64;
}
