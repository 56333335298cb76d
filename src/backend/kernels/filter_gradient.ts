/**
 * Filter gradients as jobs on the kernel pool.
 *
 * @module
 */
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  FLOAT,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";

/** The gradient with respect to the filter: from `input` and `dy` to `dFilter`, all addresses. */
export function convolutionFilterGradient(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: number,
  dy: number,
  dFilter: number,
): void {
  const { pool } = backend;
  const taps = sizes.filterHeight * sizes.filterWidth;
  const channelPanels = Math.ceil(sizes.inputChannels / TILE_ROWS);
  const columnPanels = Math.ceil(sizes.outputChannels / TILE_COLUMNS);
  const block = gradientBlock(sizes);
  const blocks = Math.ceil(sizes.images / block.images) *
    Math.ceil(sizes.outputHeight / block.rows);

  // Parts of the pixels cost partial sums, groups of columns cost packing the input again. The
  // split depends on the sizes alone: with the number of threads the sums would change.
  const partBytes = taps * channelPanels * columnPanels * TILE_ROWS * TILE_COLUMNS * FLOAT;
  const parts = clamp(Math.floor(PARTIAL_SUM_BYTES / partBytes), 1, Math.min(TASKS, blocks));
  const panelsPerGroup = Math.ceil(columnPanels / Math.min(columnPanels, Math.ceil(TASKS / parts)));
  const groups = Math.ceil(columnPanels / panelsPerGroup);

  pool.memory.using(parts * partBytes, (partials) => {
    pool.run("filterGradient", parts * groups, [
      input,
      dy,
      partials,
      backend.zeros(TILE_ROWS * TILE_COLUMNS),
      sizes.images,
      sizes.inputHeight,
      sizes.inputWidth,
      sizes.inputChannels,
      sizes.outputHeight,
      sizes.outputWidth,
      sizes.outputChannels,
      ...windowArguments(sizes),
      block.images,
      block.rows,
      parts,
      panelsPerGroup,
    ]);
    pool.run("reduceFilterGradient", taps * channelPanels, [
      partials,
      dFilter,
      parts,
      taps,
      sizes.inputChannels,
      sizes.outputChannels,
    ]);
  });
}

/** Whether a row of one picture, the least that a block can be, fits a thread's own memory. */
export function filterGradientFits(sizes: ConvolutionSizes): boolean {
  return blockBytes(sizes, { images: 1, rows: 1 }) <= SCRATCH_BYTES;
}

/** Partial sums of a filter gradient should stay in the last-level cache. */
const PARTIAL_SUM_BYTES = 10 * 2 ** 20;
/** Pixels of dy in a block of the filter gradient: a panel of them fits the first-level cache. */
const BLOCK_PIXELS = 256;
/** How many images, and how many rows of dy of each, a block of the filter gradient holds. */
function gradientBlock(sizes: ConvolutionSizes): { images: number; rows: number } {
  const { images, outputHeight, outputWidth, strideWidth } = sizes;
  // With a stride every pixel is a run of its own, and more images make it longer.
  const fewImages = Math.min(images, strideWidth === 1 ? 4 : 8);
  const rows = clamp(Math.floor(BLOCK_PIXELS / (outputWidth * fewImages)), 1, outputHeight);
  const moreImages = Math.floor(BLOCK_PIXELS / (rows * outputWidth));
  const block = {
    images: rows === outputHeight ? clamp(moreImages, fewImages, images) : fewImages,
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
  const inputRows = Math.min(
    sizes.inputHeight,
    (block.rows - 1) * sizes.strideHeight + sizes.filterHeight,
  );
  const inputPixels = inputRows * sizes.inputWidth * block.images;
  const outputPixels = block.rows * sizes.outputWidth * block.images;
  const channelPanels = Math.ceil(sizes.inputChannels / TILE_ROWS);
  const columnPanels = Math.ceil(sizes.outputChannels / TILE_COLUMNS);
  return channelPanels * (inputPixels * TILE_ROWS * FLOAT + 64) +
    columnPanels * outputPixels * TILE_COLUMNS * FLOAT +
    block.rows * sizes.outputWidth * 12 + 64;
}
