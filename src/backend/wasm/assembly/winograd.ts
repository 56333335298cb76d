import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";
import { TAP_BYTES, tile } from "./tile";
import { filterLines, PAIR } from "./winograd_lines";
import {
  copyBytes,
  PLANE_GAP,
  PRODUCTS,
  tilesOf,
  transformPatch,
  transformProducts,
} from "./winograd_tiles";

@unmanaged
class TransformFilterArgs {
  /** Panels of packFilter: [panels][9][channels][16] */
  packed: usize;
  /** [36] planes of [panels][channels][16], with PLANE_GAP bytes after each. */
  transformed: usize;
  panels: i32;
  channels: i32;
  /** 1: taps in reverse order, for the input gradient. */
  reversed: i32;
}

/** G g Gt of every filter of a panel. Each task transforms one panel. */
export function winogradFilter(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<TransformFilterArgs>(argsAddress);
  const tapBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const planeBytes = <usize>args.panels * tapBytes + PLANE_GAP;
  const step = args.reversed ? <usize>0 - tapBytes : tapBytes;
  const source = args.packed + <usize>(task * 9 + (args.reversed ? 8 : 0)) * tapBytes;
  const target = args.transformed + <usize>task * tapBytes;
  transformFilter(source, step, <i32>(tapBytes / PAIR), target, planeBytes);
}

/**
 * G g Gt of `count` times eight filters, into one row of each of the 36 planes.
 *
 * @param step bytes from one tap to the next
 */
export function transformFilter(
  source: usize,
  step: usize,
  count: i32,
  target: usize,
  planeBytes: usize,
): void {
  for (let column: usize = 0; column < 3; column++) {
    filterLines(count, source + column * step, 3 * step, target + column * planeBytes, 6 * planeBytes);
  }
  for (let row: usize = 0; row < 6; row++) {
    const line = target + 6 * row * planeBytes;
    filterLines(count, line, planeBytes, line, planeBytes);
  }
}

@unmanaged
class WinogradArgs {
  /** [images, height, width, channels] */
  source: usize;
  /** The result of winogradFilter. */
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
  /** A multiple of six. */
  tilesPerTask: i32;
}

// @ts-ignore: decorator
@inline
function pixelPlane(args: WinogradArgs): usize {
  return <usize>(args.tilesPerTask * args.channels) * FLOAT + PLANE_GAP;
}

// @ts-ignore: decorator
@inline
function productPlane(args: WinogradArgs): usize {
  return <usize>(args.tilesPerTask * pieces(args.columns, COLUMNS) * COLUMNS) * FLOAT + PLANE_GAP;
}

export function winogradScratch(argsAddress: usize): usize {
  const args = changetype<WinogradArgs>(argsAddress);
  return <usize>PRODUCTS * (pixelPlane(args) + productPlane(args)) +
    copyBytes(max(args.channels, args.columns)) + 3 * TAP_BYTES;
}

/**
 * A 3x3 convolution with stride and padding 1 by Winograd's minimal filtering F(4x4, 3x3): patches
 * of 6x6 pixels and filters are transformed, multiplied as 36 matrix products over the channels,
 * and the products transformed back: 36 multiplications for 16 results instead of 144.
 *
 * Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016).
 *
 * Each task computes `tilesPerTask` tiles; all their data stay in the thread's own memory.
 */
export function winograd(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradArgs>(argsAddress);
  const first = task * args.tilesPerTask;
  const tiles = min(args.tilesPerTask, args.images * tilesOf(args.height, args.width) - first);

  const panels = pieces(args.columns, COLUMNS);
  const pixelBytes = <usize>args.channels * FLOAT;
  const productBytes = <usize>(panels * COLUMNS) * FLOAT;
  const pixelPlaneBytes = pixelPlane(args);
  const productPlaneBytes = productPlane(args);
  const pixels = scratch;
  const products = pixels + <usize>PRODUCTS * pixelPlaneBytes;
  const copy = products + <usize>PRODUCTS * productPlaneBytes;
  const table = copy + copyBytes(max(args.channels, args.columns));

  for (let index = 0; index < tiles; index++) {
    transformPatch(
      args.source, args.height, args.width, args.channels, first + index,
      pixels + <usize>index * pixelBytes, pixelPlaneBytes, copy);
  }

  // Missing rows of a last group multiply the values of an earlier group.
  const targets = table + TAP_BYTES;
  const zeroRows = targets + TAP_BYTES;
  for (let row: usize = 0; row < <usize>ROWS; row++) store<usize>(zeroRows + row * 4, args.zeros);
  store<usize>(table, 0, 24);
  store<i32>(table, args.channels, 28);
  const panelBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const filterPlane = <usize>panels * panelBytes + PLANE_GAP;
  for (let product = 0; product < PRODUCTS; product++) {
    const plane = pixels + <usize>product * pixelPlaneBytes;
    const results = products + <usize>product * productPlaneBytes;
    for (let panel = 0; panel < panels; panel++) {
      const filter = args.filter + <usize>product * filterPlane + <usize>panel * panelBytes;
      const offset = <usize>(panel * COLUMNS) * FLOAT;
      for (let row = 0; row < tiles; row += ROWS) {
        for (let lane = 0; lane < ROWS; lane++) {
          store<usize>(table + <usize>lane * 4, plane + <usize>(row + lane) * pixelBytes);
          store<usize>(targets + <usize>lane * 4, results + <usize>(row + lane) * productBytes);
        }
        tile(table, 1, filter, targets, offset, zeroRows, 0);
      }
    }
  }

  for (let index = 0; index < tiles; index++) {
    const source = products + <usize>index * productBytes;
    transformProducts(
      args.target, args.height, args.width, args.columns, first + index, 0,
      <usize>args.columns * FLOAT, source, productPlaneBytes, copy);
  }
}
