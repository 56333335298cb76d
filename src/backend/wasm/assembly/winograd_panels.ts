import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";
import { TAP_BYTES, tile } from "./tile";
import { transformFilter } from "./winograd";
import { PAIR } from "./winograd_lines";
import {
  copyBytes,
  PLANE_GAP,
  PRODUCTS,
  tilesOf,
  transformPatch,
  transformProducts,
} from "./winograd_tiles";

@unmanaged
class WinogradPatchesArgs {
  /** [images, height, width, channels] */
  source: usize;
  /** [36] planes of [tiles][channels], with PLANE_GAP bytes after each. */
  planes: usize;
  images: i32;
  height: i32;
  width: i32;
  /** A multiple of eight. */
  channels: i32;
  tilesPerTask: i32;
}

export function winogradPatchesScratch(argsAddress: usize): usize {
  const args = changetype<WinogradPatchesArgs>(argsAddress);
  return copyBytes(args.channels);
}

/** Bt d B of all patches. Each task transforms `tilesPerTask` tiles. */
export function winogradPatches(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradPatchesArgs>(argsAddress);
  const tiles = args.images * tilesOf(args.height, args.width);
  const pixelBytes = <usize>args.channels * FLOAT;
  const planeBytes = <usize>tiles * pixelBytes + PLANE_GAP;
  const last = min(tiles, (task + 1) * args.tilesPerTask);
  for (let index = task * args.tilesPerTask; index < last; index++) {
    transformPatch(
      args.source, args.height, args.width, args.channels, index,
      args.planes + <usize>index * pixelBytes, planeBytes, scratch);
  }
}

@unmanaged
class WinogradPanelsArgs {
  /** The result of winogradPatches. */
  planes: usize;
  /** Panels of packFilter: [panels][9][channels][16] */
  filter: usize;
  /** [images, height, width, columns] */
  target: usize;
  /** Sixteen zeros. */
  zeros: usize;
  images: i32;
  height: i32;
  width: i32;
  /** Both multiples of eight. */
  channels: i32;
  columns: i32;
  /** 1: taps in reverse order, for the input gradient. */
  reversed: i32;
}

/** Channels of the filter transformed at a time: they stay in the second-level cache. */
const CHANNELS: i32 = 128;
const FILTER_PLANE: usize = <usize>(CHANNELS * COLUMNS) * FLOAT + PLANE_GAP;
const PIXEL_BYTES: usize = <usize>COLUMNS * FLOAT;

// @ts-ignore: decorator
@inline
function productPlane(tiles: i32): usize {
  return <usize>(pieces(tiles, ROWS) * ROWS) * PIXEL_BYTES + PLANE_GAP;
}

export function winogradPanelsScratch(argsAddress: usize): usize {
  const args = changetype<WinogradPanelsArgs>(argsAddress);
  const tiles = args.images * tilesOf(args.height, args.width);
  return <usize>PRODUCTS * (FILTER_PLANE + productPlane(tiles)) + copyBytes(args.columns) +
    3 * TAP_BYTES;
}

/**
 * The same convolution as `winograd`, for few tiles and many channels: there the filter is large,
 * so each task computes one panel of sixteen columns of all tiles, and transforms its own filters.
 */
export function winogradPanels(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradPanelsArgs>(argsAddress);
  const tiles = args.images * tilesOf(args.height, args.width);
  const pixelBytes = <usize>args.channels * FLOAT;
  const pixelPlane = <usize>tiles * pixelBytes + PLANE_GAP;
  const productPlaneBytes = productPlane(tiles);
  const tapBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const tapStep = args.reversed ? <usize>0 - tapBytes : tapBytes;
  const panel = args.filter + <usize>(task * 9 + (args.reversed ? 8 : 0)) * tapBytes;

  const filters = scratch;
  const products = filters + <usize>PRODUCTS * FILTER_PLANE;
  const copy = products + <usize>PRODUCTS * productPlaneBytes;
  const table = copy + copyBytes(args.columns);
  const targets = table + TAP_BYTES;
  const zeroRows = targets + TAP_BYTES;
  for (let row: usize = 0; row < <usize>ROWS; row++) store<usize>(zeroRows + row * 4, args.zeros);
  store<usize>(table, 0, 24);

  for (let channel = 0; channel < args.channels; channel += CHANNELS) {
    const channels = min(CHANNELS, args.channels - channel);
    const source = panel + <usize>(channel * COLUMNS) * FLOAT;
    const count = channels * COLUMNS * <i32>FLOAT / <i32>PAIR;
    transformFilter(source, tapStep, count, filters, FILTER_PLANE);
    const bases = channel == 0 ? zeroRows : targets;
    store<i32>(table, channels, 28);
    for (let product: usize = 0; product < <usize>PRODUCTS; product++) {
      let pixel = args.planes + product * pixelPlane + <usize>channel * FLOAT;
      let result = products + product * productPlaneBytes;
      for (let row = 0; row < tiles; row += ROWS) {
        for (let lane: usize = 0; lane < <usize>ROWS; lane++) {
          // Missing rows are read from the last one and never used.
          const last = <usize>(tiles - 1 - row);
          store<usize>(table + lane * 4, pixel + min(lane, last) * pixelBytes);
          store<usize>(targets + lane * 4, result + lane * PIXEL_BYTES);
        }
        tile(table, 1, filters + product * FILTER_PLANE, targets, 0, bases, 0);
        pixel += <usize>ROWS * pixelBytes;
        result += <usize>ROWS * PIXEL_BYTES;
      }
    }
  }

  const first = <usize>(task * COLUMNS) * FLOAT;
  const last = min(first + PIXEL_BYTES, <usize>args.columns * FLOAT);
  for (let index = 0; index < tiles; index++) {
    transformProducts(
      args.target, args.height, args.width, args.columns, index, first, last,
      products + <usize>index * PIXEL_BYTES, productPlaneBytes, copy);
  }
}
