/**
 * 3x3 convolutions with stride and padding 1, and their gradients, by Winograd's algorithm: where
 * it is faster, and how the work is divided.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  FLOAT,
  PARTIAL_SUM_BYTES,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";

/** Results per side of a tile, and products per tile. */
const RESULTS = 4;
const PRODUCTS = 36;
/** Bytes between planes; the same in `wasm/assembly/winograd_tiles.ts`. */
const PLANE_GAP = 64;
/** The cost of a product, relative to a plain convolution, because of the transforms around it. */
const OVERHEAD = 1.6;
/** With fewer channels the transforms cost more than the products they save. */
const CHANNELS = 32;
/** The most tiles of one task of a convolution: with 64 channels they fit the second-level cache. */
const TILES_PER_TASK = 24;
/**
 * Tiles of a filter's gradient whose products are summed in registers, if there are several blocks.
 */
const TILES_PER_BLOCK = 32;
/** Up to this many tiles make one block, so that no sums are written in between. */
const TILES_OF_ONE_BLOCK = 48;
/** The fewest tasks of a filter's gradient: each transforms the input again for its columns. */
const GRADIENT_TASKS = 4;

/** A convolution whose filter is packed, forward or backward. */
export interface PackedConvolution {
  readonly sizes: ConvolutionSizes;
  readonly source: tf.TensorInfo;
  readonly target: tf.TensorInfo;
  /** Address of the panels that `packFilter` made. */
  readonly packed: number;
  /** Channels of the convolved tensor: the input forward, dy backward. */
  readonly channels: number;
  /** Channels of the result. */
  readonly columns: number;
  /** Whether it maps the output's gradient to the input's. */
  readonly backward: boolean;
}

/** Whether F(4x4, 3x3) covers these sizes and is faster than the plain kernels. */
export function winogradPays(sizes: ConvolutionSizes): boolean {
  const { inHeight: height, inWidth: width, outHeight, outWidth, inChannels, outChannels } = sizes;
  const covered = String(windowArguments(sizes)) === "3,3,1,1,1,1" && outHeight === height &&
    outWidth === width && inChannels % 8 === 0 && outChannels % 8 === 0 &&
    Math.min(inChannels, outChannels) >= CHANNELS;
  // The plain kernels skip products with the padding.
  const plain = (3 * height - 2) * (3 * width - 2);
  return covered && tilesPerImage(sizes) * PRODUCTS * OVERHEAD <= plain;
}

/** Convolves by F(4x4, 3x3); false if a thread's own memory is too small. */
export function winogradConvolve(backend: SimdBackend, convolution: PackedConvolution): boolean {
  const { sizes, columns } = convolution;
  // The larger of pixels and filters is transformed once, the other by every task.
  return sizes.batchSize * tilesPerImage(sizes) < columns
    ? convolvePanels(backend, convolution)
    : convolveTiles(backend, convolution);
}

/** Each task computes some tiles. */
function convolveTiles(backend: SimdBackend, convolution: PackedConvolution): boolean {
  const { source, target, sizes, packed, channels, columns, backward } = convolution;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const tiles = sizes.batchSize * tilesPerImage(sizes);
  const zeros = backend.zeros(TILE_COLUMNS);
  const shape = [sizes.batchSize, sizes.inHeight, sizes.inWidth, channels, columns];
  const fits = (tiles: number) => backend.pool.fits("winograd", [0, 0, 0, zeros, ...shape, tiles]);
  let tilesPerTask = TILES_PER_TASK;
  const tooFew = () => Math.ceil(tiles / tilesPerTask) < TASKS && tilesPerTask > 2 * TILE_ROWS;
  while (tilesPerTask > 0 && (!fits(tilesPerTask) || tooFew())) tilesPerTask -= TILE_ROWS;
  if (tilesPerTask === 0) return false;
  const planeBytes = panels * channels * TILE_COLUMNS * FLOAT + PLANE_GAP;
  backend.pool.memory.using(PRODUCTS * planeBytes, (transformed) => {
    const reversed = backward ? 1 : 0;
    backend.run("winogradFilter", panels, [packed, transformed, panels, channels, reversed]);
    const args = [source, transformed, target, zeros, ...shape, tilesPerTask];
    backend.run("winograd", Math.ceil(tiles / tilesPerTask), args);
  });
  return true;
}

/** Each task computes sixteen columns of all tiles. */
function convolvePanels(backend: SimdBackend, convolution: PackedConvolution): boolean {
  const { source, target, sizes, packed, channels, columns, backward } = convolution;
  const tiles = sizes.batchSize * tilesPerImage(sizes);
  const shape = [sizes.batchSize, sizes.inHeight, sizes.inWidth, channels];
  const zeros = backend.zeros(TILE_COLUMNS);
  const rest = [zeros, ...shape, columns, backward ? 1 : 0];
  if (!backend.pool.fits("winogradPanels", [0, 0, 0, ...rest])) return false;
  const planeBytes = tiles * channels * FLOAT + PLANE_GAP;
  backend.pool.memory.using(PRODUCTS * planeBytes, (planes) => {
    const patches = [source, planes, ...shape, TILE_ROWS];
    backend.run("winogradPatches", Math.ceil(tiles / TILE_ROWS), patches);
    backend.run("winogradPanels", Math.ceil(columns / TILE_COLUMNS), [
      planes,
      packed,
      target,
      ...rest,
    ]);
  });
  return true;
}

/** The gradient by F(3x3, 4x4); undefined if a thread's own memory is too small. */
export function winogradFilterGradient(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: tf.TensorInfo,
  dy: tf.TensorInfo,
  shape: number[],
): tf.TensorInfo | undefined {
  const { batchSize, inHeight, inWidth, inChannels, outChannels } = sizes;
  const tiles = batchSize * tilesPerImage(sizes);
  const tilesPerBlock = tiles <= TILES_OF_ONE_BLOCK ? tiles : TILES_PER_BLOCK;
  const blocks = Math.ceil(tiles / tilesPerBlock);
  const columnPanels = Math.ceil(outChannels / TILE_COLUMNS);
  const panels = Math.ceil(inChannels / TILE_ROWS) * columnPanels;
  // As in `filterGradient`, the split depends only on the sizes.
  const partBytes = PRODUCTS * panels * TILE_ROWS * TILE_COLUMNS * FLOAT;
  const parts = clamp(Math.floor(PARTIAL_SUM_BYTES / partBytes), 1, Math.min(TASKS, blocks));
  const panelsPerGroup = Math.ceil(
    columnPanels / Math.min(columnPanels, Math.ceil(GRADIENT_TASKS / parts)),
  );
  const groups = Math.ceil(columnPanels / panelsPerGroup);
  const rest = [
    ...[backend.zeros(TILE_ROWS * TILE_COLUMNS), batchSize, inHeight, inWidth],
    ...[inChannels, outChannels, tilesPerBlock, parts, panelsPerGroup],
  ];
  if (!backend.pool.fits("winogradGradient", [0, 0, 0, 0, ...rest])) return undefined;
  const gradient = backend.output(shape);
  backend.pool.memory.using(blocks > 1 ? parts * partBytes : 0, (partials) => {
    backend.run("winogradGradient", parts * groups, [input, dy, partials, gradient, ...rest]);
    if (parts === 1) return;
    const args = [partials, gradient, parts, inChannels, outChannels];
    backend.run("winogradReduce", panels, args);
  });
  return gradient;
}

function tilesPerImage({ inHeight, inWidth }: ConvolutionSizes): number {
  return Math.ceil(inHeight / RESULTS) * Math.ceil(inWidth / RESULTS);
}
