/**
 * When a 3x3 convolution goes by Winograd's algorithm, and the jobs behind that.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import {
  type ConvolutionSizes,
  FLOAT,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
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
  const { inHeight: height, inWidth: width, outHeight, outWidth } = sizes;
  const covered = String(windowArguments(sizes)) === "3,3,1,1,1,1" && outHeight === height &&
    outWidth === width && channels % 8 === 0 && columns % 8 === 0 &&
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
    const tasks = Math.ceil(sizes.batchSize * tilesPerImage / tiles);
    if (bytes(tiles) <= SCRATCH_BYTES && (tasks >= TASKS || tiles <= 2 * TILE_ROWS)) return tiles;
  }
  return undefined;
}

/**
 * Convolves, forward or backward, with a filter packed in panels at the address `packed`.
 *
 * @param tilesPerTask as {@linkcode winogradTiles} says
 */
export function convolveByWinograd(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  tilesPerTask: number,
  backward: boolean,
  source: tf.TensorInfo,
  packed: number,
  target: tf.TensorInfo,
): void {
  const { batchSize, inHeight: height, inWidth: width, inChannels, outChannels } = sizes;
  const [channels, columns] = backward ? [outChannels, inChannels] : [inChannels, outChannels];
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const tiles = batchSize * Math.ceil(height / WINOGRAD_RESULTS) *
    Math.ceil(width / WINOGRAD_RESULTS);
  const planeBytes = panels * channels * TILE_COLUMNS * FLOAT + PLANE_GAP;
  backend.pool.memory.using(WINOGRAD_PRODUCTS * planeBytes, (transformed) => {
    const mirrored = backward ? 1 : 0;
    backend.run("winogradFilter", panels, [packed, transformed, panels, channels, mirrored]);
    backend.run("winograd", Math.ceil(tiles / tilesPerTask), [
      ...[source, transformed, target, backend.zeros(TILE_COLUMNS)],
      ...[batchSize, height, width, channels, columns, tilesPerTask],
    ]);
  });
}
