/**
 * Convolutions and their input gradients, by Winograd's algorithm where that pays.
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

/** 2D convolution, NHWC by HWIO. */
export function conv2d(
  { inputs: { x, filter }, backend, attrs }: KernelCall<"x" | "filter", tf.Conv2DAttrs>,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(x.shape, filter.shape, attrs);
  return sizes && convolve(backend, sizes, x, filter, sizes.outShape);
}

/** The gradient of a 2D convolution with respect to its input. */
export function conv2dBackpropInput(
  { inputs: { dy, filter }, backend, attrs }: KernelCall<
    "dy" | "filter",
    tf.Conv2DBackpropInputAttrs
  >,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(attrs.inputShape, filter.shape, attrs);
  return sizes && convolve(backend, sizes, dy, filter, attrs.inputShape, { backward: true });
}

/** The most tile rows of one task of a plain convolution. */
const GROUPS_PER_TASK = 16;
/** Results per side of a tile of Winograd's F(4x4, 3x3), and products per tile. */
const WINOGRAD_RESULTS = 4;
const WINOGRAD_PRODUCTS = 36;
/** Bytes between planes; the same in `wasm/assembly/winograd.ts`. */
const PLANE_GAP = 64;
/** A product costs more there than in a plain convolution, for the transforms around it. */
const WINOGRAD_OVERHEAD = 1.6;
/** With fewer channels the transforms cost more than the products they save. */
const WINOGRAD_CHANNELS = 32;
/** The most tiles of one task. */
const WINOGRAD_TILES = 24;

/**
 * Convolves `source` with `filter` to a tensor of that shape; undefined if the tables of a task do
 * not fit a thread's own memory, as with a filter of thousands of taps.
 *
 * @param options `backward`: from the output's gradient to the input's; `transposed`: whether the
 *   last two axes of the filter are exchanged, by default only backward
 */
export function convolve(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  source: tf.TensorInfo,
  filter: tf.TensorInfo,
  shape: number[],
  options: { readonly backward?: boolean; readonly transposed?: boolean } = {},
): tf.TensorInfo | undefined {
  const { backward = false, transposed = backward } = options;
  const input = [sizes.inHeight, sizes.inWidth, sizes.inChannels] as const;
  const output = [sizes.outHeight, sizes.outWidth, sizes.outChannels] as const;
  const [from, to] = backward ? [output, input] : [input, output];
  const channels = from[2];
  const [height, width, columns] = to;
  const taps = sizes.filterHeight * sizes.filterWidth;
  // The addresses that one group of rows needs: a header, and one entry per tap.
  const groupBytes = 32 + taps * 32;
  if (groupBytes + Math.max(channels, columns) * FLOAT > SCRATCH_BYTES / 2) return undefined;
  const target = backend.output(shape);
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const pixels = height * width;
  const uniformGroups = Math.floor(sizes.batchSize / TILE_ROWS) * pixels;
  const groups = uniformGroups + Math.ceil(sizes.batchSize % TILE_ROWS * pixels / TILE_ROWS);
  const groupsPerTask = clamp(
    Math.ceil(groups / TASKS),
    1,
    Math.min(GROUPS_PER_TASK, Math.floor(SCRATCH_BYTES / 2 / groupBytes)),
  );
  backend.pool.memory.using(panels * taps * channels * TILE_COLUMNS * FLOAT, (packed) => {
    const order = transposed ? 1 : 0;
    backend.run("packFilter", panels, [filter, packed, taps, channels, columns, order]);
    const tilesPerTask = winogradTiles(sizes, channels, columns);
    if (tilesPerTask !== undefined) {
      const planeBytes = panels * channels * TILE_COLUMNS * FLOAT + PLANE_GAP;
      backend.pool.memory.using(WINOGRAD_PRODUCTS * planeBytes, (transformed) => {
        const mirrored = backward ? 1 : 0;
        backend.run("winogradFilter", panels, [packed, transformed, panels, channels, mirrored]);
        backend.run("winograd", Math.ceil(sizes.batchSize * tilesIn(sizes) / tilesPerTask), [
          ...[source, transformed, target, backend.zeros(TILE_COLUMNS)],
          ...[sizes.batchSize, height, width, channels, columns, tilesPerTask],
        ]);
      });
      return;
    }
    backend.run("convolve", Math.ceil(groups / groupsPerTask), [
      ...[source, packed, target, backend.zeros(Math.max(channels, TILE_COLUMNS))],
      ...[sizes.batchSize, ...from, ...to, ...windowArguments(sizes)],
      ...[backward ? 1 : 0, groupsPerTask],
    ]);
  });
  return target;
}

/**
 * Tiles per task where F(4x4, 3x3) pays, else undefined.
 *
 * @param channels of what is convolved: the input forward, dy backward
 * @param columns channels of the result
 */
function winogradTiles(
  sizes: ConvolutionSizes,
  channels: number,
  columns: number,
): number | undefined {
  const { inHeight: height, inWidth: width, outHeight, outWidth } = sizes;
  const covered = String(windowArguments(sizes)) === "3,3,1,1,1,1" && outHeight === height &&
    outWidth === width && channels % 8 === 0 && columns % 8 === 0 &&
    Math.min(channels, columns) >= WINOGRAD_CHANNELS;
  if (!covered) return undefined;
  // A plain convolution leaves out the products with the padding.
  const plain = (3 * height - 2) * (3 * width - 2);
  const tilesPerImage = tilesIn(sizes);
  if (tilesPerImage * WINOGRAD_PRODUCTS * WINOGRAD_OVERHEAD > plain) return undefined;
  const paddedColumns = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
  // As laid out there: planes of pixels and of products, a patch, lines of it, addresses of rows.
  const bytes = (tiles: number) =>
    WINOGRAD_PRODUCTS *
      (tiles * (channels + paddedColumns) * FLOAT + 2 * PLANE_GAP + channels * FLOAT + 32) +
    3 * 32;
  for (let tiles = WINOGRAD_TILES; tiles >= TILE_ROWS; tiles -= TILE_ROWS) {
    const tasks = Math.ceil(sizes.batchSize * tilesPerImage / tiles);
    if (bytes(tiles) <= SCRATCH_BYTES && (tasks >= TASKS || tiles <= 2 * TILE_ROWS)) return tiles;
  }
  return undefined;
}

/** Winograd's tiles of one picture. */
function tilesIn({ inHeight, inWidth }: ConvolutionSizes): number {
  return Math.ceil(inHeight / WINOGRAD_RESULTS) * Math.ceil(inWidth / WINOGRAD_RESULTS);
}
