/**
 * The gradients of convolutions with respect to their filters.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  convolutionSizes,
  FLOAT,
  metWindow,
  PARTIAL_SUM_BYTES,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";
import type { KernelCall } from "./simd_kernel.ts";
import { winogradFilterGradient, winogradPays } from "./winograd.ts";

/** The gradient of a 2D convolution with respect to its filter. */
export function conv2dBackpropFilter(
  { inputs: { x, dy }, backend, attrs }: KernelCall<"x" | "dy", tf.Conv2DBackpropFilterAttrs>,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs);
  return sizes && filterGradient(backend, sizes, x, dy, attrs.filterShape);
}

/**
 * The gradient with respect to a filter of the given shape; undefined if the smallest block, a row
 * of one picture, does not fit a thread's own memory.
 */
export function filterGradient(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: number[],
): tf.TensorInfo | undefined {
  const byWinograd = winogradPays(sizes)
    ? winogradFilterGradient(backend, sizes, input, dy, shape)
    : undefined;
  if (byWinograd) return byWinograd;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = sizes;
  const met = metWindow(sizes);
  const { filterHeight, filterWidth } = met.sizes;
  const channelPanels = Math.ceil(inChannels / TILE_ROWS);
  const columnPanels = Math.ceil(outChannels / TILE_COLUMNS);
  const zeros = backend.zeros(TILE_ROWS * TILE_COLUMNS);
  const args = [
    ...[zeros, batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels],
    ...windowArguments(met.sizes),
  ];
  const fits = ({ images, rows }: Block) =>
    backend.pool.fits("filterGradient", [0, 0, 0, ...args, images, rows, 1, columnPanels]);
  const block = gradientBlock(met.sizes, fits);
  if (!fits(block)) return undefined;
  const blocks = Math.ceil(batchSize / block.images) * Math.ceil(outHeight / block.rows);

  // Splitting the pixels costs partial sums, splitting the columns costs packing the input again.
  // The split depends only on the sizes: if it depended on the number of threads, the sums would
  // change.
  const partBytes = filterHeight * filterWidth * channelPanels * columnPanels *
    TILE_ROWS * TILE_COLUMNS * FLOAT;
  const parts = clamp(Math.floor(PARTIAL_SUM_BYTES / partBytes), 1, Math.min(TASKS, blocks));
  const panelsPerGroup = Math.ceil(columnPanels / Math.min(columnPanels, Math.ceil(TASKS / parts)));
  const groups = Math.ceil(columnPanels / panelsPerGroup);

  const gradient = backend.output(shape);
  backend.pool.memory.using(parts * partBytes, (partials) => {
    const split = [block.images, block.rows, parts, panelsPerGroup];
    backend.run("filterGradient", parts * groups, [input, dy, partials, ...args, ...split]);
    const taps = sizes.filterHeight * sizes.filterWidth;
    backend.run("reduceFilterGradient", taps * channelPanels, [
      ...[partials, gradient, parts, inChannels, outChannels],
      ...[sizes.filterWidth, met.top, met.left, filterHeight, filterWidth],
    ]);
  });
  return gradient;
}

/** The numbers of images, and of rows of dy of each image, in a block of the filter gradient. */
interface Block {
  readonly images: number;
  readonly rows: number;
}

/** Pixels of dy in a block of the filter gradient: a panel of them fits the first-level cache. */
const BLOCK_PIXELS = 256;

/** The block to use, shrunk until it fits; still too large if even the smallest does not fit. */
function gradientBlock(sizes: ConvolutionSizes, fits: (block: Block) => boolean): Block {
  const { batchSize, outHeight, outWidth, strideWidth } = sizes;
  // With a stride, every pixel is a run of its own, and more images make runs longer.
  const fewImages = Math.min(batchSize, strideWidth === 1 ? 4 : 24);
  let rows = clamp(Math.floor(BLOCK_PIXELS / (outWidth * fewImages)), 1, outHeight);
  const moreImages = Math.floor(BLOCK_PIXELS / (rows * outWidth));
  let images = rows === outHeight ? clamp(moreImages, fewImages, batchSize) : fewImages;
  while (!fits({ images, rows }) && images > 1) images = Math.ceil(images / 2);
  while (!fits({ images, rows }) && rows > 1) rows = Math.ceil(rows / 2);
  return { images, rows };
}
