/**
 * What the three kernels of a convolution share: its sizes, and the jobs behind them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";

/** Rows and columns of a register tile; the same in `wasm/assembly/layout.ts`. */
const TILE_ROWS = 6;
const TILE_COLUMNS = 16;
const FLOAT = 4;

/** The sizes of a 2D convolution, NHWC, all whole numbers. */
export interface ConvolutionSizes {
  readonly images: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** The attributes that tfjs gives the kernels Conv2D, Conv2DBackpropInput and -Filter. */
interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The sizes of a convolution, or undefined where the SIMD kernels leave it to the stock ones:
 * channels first, dilations, or so large that a row of one picture exceeds a thread's memory.
 */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: tf.NamedAttrMap,
): ConvolutionSizes | undefined {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } =
    attributes as unknown as ConvolutionAttributes;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC"),
  );
  const sizes = {
    images: info.batchSize,
    inputHeight: info.inHeight,
    inputWidth: info.inWidth,
    inputChannels: info.inChannels,
    outputHeight: info.outHeight,
    outputWidth: info.outWidth,
    outputChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
  const plain = info.dataFormat === "channelsLast" && info.dilationHeight === 1 &&
    info.dilationWidth === 1;
  return plain && fitsScratch(sizes) ? sizes : undefined;
}

/** The sizes of `[rows, inner] x [inner, columns]` as a convolution of 1x1 pictures. */
export function productSizes(rows: number, inner: number, columns: number): ConvolutionSizes {
  return {
    images: rows,
    inputHeight: 1,
    inputWidth: 1,
    inputChannels: inner,
    outputHeight: 1,
    outputWidth: 1,
    outputChannels: columns,
    filterHeight: 1,
    filterWidth: 1,
    strideHeight: 1,
    strideWidth: 1,
    padTop: 0,
    padLeft: 0,
  };
}

/** How a filter is read: as it is, or with its last two axes exchanged. */
export type FilterOrder = "plain" | "transposed";

/** Convolves `input` with `filter` into `output`; all are addresses in kernel memory. */
export function convolveForward(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: number,
  filter: number,
  output: number,
  order: FilterOrder = "plain",
): void {
  convolve(backend, sizes, "forward", input, filter, output, order);
}

/** The gradient with respect to the input: from `dy` and `filter` to `dx`, all addresses. */
export function convolveBackward(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  dy: number,
  filter: number,
  dx: number,
): void {
  convolve(backend, sizes, "backward", dy, filter, dx, "transposed");
}

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
      ...window(sizes),
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

/** Tasks a job is split into at least where it can be: enough to even out two or four threads. */
const TASKS = 8;
/** Partial sums of a filter gradient should stay in the last-level cache. */
const PARTIAL_SUM_BYTES = 10 * 2 ** 20;
/** Pixels of dy in a block of the filter gradient: a panel of them fits the first-level cache. */
const BLOCK_PIXELS = 256;
/** The most tile rows of one convolution task. */
const GROUPS_PER_TASK = 16;

function convolve(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  direction: "forward" | "backward",
  source: number,
  filter: number,
  target: number,
  order: FilterOrder,
): void {
  const { pool } = backend;
  const taps = sizes.filterHeight * sizes.filterWidth;
  const input = [sizes.inputHeight, sizes.inputWidth, sizes.inputChannels];
  const output = [sizes.outputHeight, sizes.outputWidth, sizes.outputChannels];
  const from = direction === "forward" ? input : output;
  const to = direction === "forward" ? output : input;
  const channels = from[2]!;
  const columns = to[2]!;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const pixels = to[0]! * to[1]!;
  const uniformGroups = Math.floor(sizes.images / TILE_ROWS) * pixels;
  const groups = uniformGroups + Math.ceil(sizes.images % TILE_ROWS * pixels / TILE_ROWS);
  const groupsPerTask = clamp(
    Math.ceil(groups / TASKS),
    1,
    Math.min(GROUPS_PER_TASK, Math.floor(SCRATCH_BYTES / 2 / (32 + taps * 32))),
  );
  pool.memory.using(panels * taps * channels * TILE_COLUMNS * FLOAT, (packed) => {
    pool.run("packFilter", panels, [
      filter,
      packed,
      taps,
      channels,
      columns,
      order === "transposed" ? 1 : 0,
    ]);
    const tiles = winogradTiles(sizes, channels, columns);
    if (tiles !== undefined) {
      convolveByWinograd(backend, sizes, tiles, direction, source, packed, target);
      return;
    }
    pool.run("convolve", Math.ceil(groups / groupsPerTask), [
      source,
      packed,
      target,
      backend.zeros(Math.max(channels, TILE_COLUMNS)),
      sizes.images,
      ...from,
      ...to,
      ...window(sizes),
      direction === "forward" ? 0 : 1,
      groupsPerTask,
    ]);
  });
}

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

/** Tiles per task where F(4x4, 3x3) pays, else undefined. */
function winogradTiles(
  sizes: ConvolutionSizes,
  channels: number,
  columns: number,
): number | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = sizes;
  const { inputHeight: height, inputWidth: width, outputHeight, outputWidth } = sizes;
  const covered = filterHeight === 3 && filterWidth === 3 && strideHeight === 1 &&
    strideWidth === 1 && padTop === 1 && padLeft === 1 && outputHeight === height &&
    outputWidth === width && channels % 8 === 0 && columns % 8 === 0 &&
    Math.min(channels, columns) >= WINOGRAD_CHANNELS;
  if (!covered) return undefined;
  // A plain convolution leaves out the products with the padding.
  const plain = (3 * height - 2) * (3 * width - 2);
  const tilesPerImage = Math.ceil(height / WINOGRAD_RESULTS) * Math.ceil(width / WINOGRAD_RESULTS);
  if (tilesPerImage * WINOGRAD_PRODUCTS * WINOGRAD_OVERHEAD > plain) return undefined;
  const paddedColumns = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
  const bytes = (tiles: number) =>
    WINOGRAD_PRODUCTS * (tiles * (channels + paddedColumns) * FLOAT + 128 + channels * FLOAT) +
    1024;
  for (let tiles = WINOGRAD_TILES; tiles >= TILE_ROWS; tiles -= TILE_ROWS) {
    const tasks = Math.ceil(sizes.images * tilesPerImage / tiles);
    if (bytes(tiles) <= SCRATCH_BYTES && (tasks >= TASKS || tiles <= 2 * TILE_ROWS)) return tiles;
  }
  return undefined;
}

function convolveByWinograd(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  tilesPerTask: number,
  direction: "forward" | "backward",
  source: number,
  packed: number,
  target: number,
): void {
  const { pool } = backend;
  const { images, inputHeight: height, inputWidth: width } = sizes;
  const forward = direction === "forward";
  const channels = forward ? sizes.inputChannels : sizes.outputChannels;
  const columns = forward ? sizes.outputChannels : sizes.inputChannels;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const tiles = images * Math.ceil(height / WINOGRAD_RESULTS) * Math.ceil(width / WINOGRAD_RESULTS);
  const planeBytes = panels * channels * TILE_COLUMNS * FLOAT + PLANE_GAP;
  pool.memory.using(WINOGRAD_PRODUCTS * planeBytes, (transformed) => {
    pool.run("winogradFilter", panels, [packed, transformed, panels, channels, forward ? 0 : 1]);
    pool.run("winograd", Math.ceil(tiles / tilesPerTask), [
      source,
      transformed,
      target,
      backend.zeros(TILE_COLUMNS),
      images,
      height,
      width,
      channels,
      columns,
      tilesPerTask,
    ]);
  });
}

function window(sizes: ConvolutionSizes): number[] {
  return [
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padTop,
    sizes.padLeft,
  ];
}

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

function fitsScratch(sizes: ConvolutionSizes): boolean {
  const taps = sizes.filterHeight * sizes.filterWidth;
  const columns = Math.max(sizes.inputChannels, sizes.outputChannels);
  const table = 32 + taps * 32 + columns * FLOAT;
  return table <= SCRATCH_BYTES / 2 && blockBytes(sizes, { images: 1, rows: 1 }) <= SCRATCH_BYTES;
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(highest, value));
}
