/**
 * When a 3x3 convolution goes by Winograd's algorithm, and the jobs behind that.
 *
 * @module
 */
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import {
  type ConvolutionSizes,
  FLOAT,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./convolution_sizes.ts";

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
 * Tiles per task where F(4x4, 3x3) pays, else undefined.
 *
 * @param channels of what is convolved: the input forward, dy backward
 * @param columns channels of the result
 */
export function winogradTiles(
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

/**
 * Convolves, forward or backward, with a filter packed in panels; `source`, `packed` and `target` are
 * addresses in kernel memory.
 *
 * @param tilesPerTask as {@linkcode winogradTiles} says
 */
export function convolveByWinograd(
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
