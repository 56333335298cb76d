import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";
import { RUN_BYTES, sumTile } from "./sum_tile";
import { gradientLines, PAIR } from "./winograd_lines";
import {
  copyBytes,
  PLANE_GAP,
  PRODUCTS,
  tilesOf,
  transformDy,
  transformPatch,
} from "./winograd_tiles";

@unmanaged
class WinogradGradientArgs {
  /** [images, height, width, channels] */
  source: usize;
  /** [images, height, width, columns] */
  dy: usize;
  /** [parts][ceil(columns / 16)][ceil(channels / 6)][36][6][16]; not used for a single block. */
  partials: usize;
  /** [3, 3, channels, columns]; written here if there is a single part. */
  gradient: usize;
  /** A tile of zeros. */
  zeros: usize;
  images: i32;
  height: i32;
  width: i32;
  /** Both multiples of eight. */
  channels: i32;
  columns: i32;
  tilesPerBlock: i32;
  /** Number of parts among which the blocks are divided, each with its own partial sums. */
  parts: i32;
  /** Panels in each group of columns. */
  panelsPerGroup: i32;
}

const TILE_BYTES: usize = <usize>(ROWS * COLUMNS) * FLOAT;
/** The sums of one channel panel and one column panel, for all 36 products. */
const SUMS_BYTES: usize = <usize>PRODUCTS * TILE_BYTES;
/** Channel panels that share the part of a product's planes in the first-level cache. */
const CHANNEL_PANELS: i32 = 8;
const LINE: i32 = 64;

/** Bytes of a row of a plane: an odd number of cache lines, which spreads rows over all sets. */
// @ts-ignore: decorator
@inline
function rowBytes(floats: i32): usize {
  return <usize>(pieces(floats * <i32>FLOAT, LINE) | 1) * <usize>LINE;
}

// @ts-ignore: decorator
@inline
function sourceRow(args: WinogradGradientArgs): usize {
  return rowBytes(pieces(args.channels, ROWS) * ROWS);
}

// @ts-ignore: decorator
@inline
function dyRow(args: WinogradGradientArgs): usize {
  return rowBytes(args.panelsPerGroup * COLUMNS);
}

// @ts-ignore: decorator
@inline
function planeBytes(args: WinogradGradientArgs, row: usize): usize {
  return <usize>args.tilesPerBlock * row + PLANE_GAP;
}

export function winogradGradientScratch(argsAddress: usize): usize {
  const args = changetype<WinogradGradientArgs>(argsAddress);
  const planes = planeBytes(args, sourceRow(args)) + planeBytes(args, dyRow(args));
  return <usize>PRODUCTS * planes + copyBytes(max(args.channels, args.columns)) +
    <usize>CHANNEL_PANELS * SUMS_BYTES + RUN_BYTES;
}

/**
 * The gradient of a 3x3 convolution with stride and padding 1 with respect to its filter, by
 * Winograd's minimal filtering F(3x3, 4x4): a tile of 4x4 pixels of dy is the filter, and the patch
 * of 6x6 pixels around it is the picture. Both are transformed, multiplied as 36 sums of outer
 * products over the tiles, and the sums transformed back: 36 multiplications instead of 144.
 *
 * Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016).
 *
 * One task sums one part of the blocks of tiles for one group of column panels.
 */
export function winogradGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradGradientArgs>(argsAddress);
  const columnPanels = pieces(args.columns, COLUMNS);
  const groups = pieces(columnPanels, args.panelsPerGroup);
  const part = task / groups;
  const firstPanel = task % groups * args.panelsPerGroup;
  const lastPanel = min(columnPanels, firstPanel + args.panelsPerGroup);
  const tiles = args.images * tilesOf(args.height, args.width);
  const blocks = pieces(tiles, args.tilesPerBlock);
  const firstBlock = part * blocks / args.parts;
  const lastBlock = (part + 1) * blocks / args.parts;

  const sourceRowBytes = sourceRow(args);
  const dyRowBytes = dyRow(args);
  const sourcePlane = planeBytes(args, sourceRowBytes);
  const dyPlane = planeBytes(args, dyRowBytes);
  const sourcePlanes = scratch;
  const dyPlanes = sourcePlanes + <usize>PRODUCTS * sourcePlane;
  const copy = dyPlanes + <usize>PRODUCTS * dyPlane;
  const blockSums = copy + copyBytes(max(args.channels, args.columns));
  const run = blockSums + <usize>CHANNEL_PANELS * SUMS_BYTES;
  const channelPanels = pieces(args.channels, ROWS);
  const firstByte = <usize>(firstPanel * COLUMNS) * FLOAT;
  const lastByte = <usize>min(args.columns, lastPanel * COLUMNS) * FLOAT;

  for (let block = firstBlock; block < lastBlock; block++) {
    const first = block * args.tilesPerBlock;
    const count = min(args.tilesPerBlock, tiles - first);
    for (let index = 0; index < count; index++) {
      transformPatch(
        args.source, args.height, args.width, args.channels, first + index,
        sourcePlanes + <usize>index * sourceRowBytes, sourcePlane, copy);
      transformDy(
        args.dy, args.height, args.width, args.columns, first + index, firstByte, lastByte,
        dyPlanes + <usize>index * dyRowBytes, dyPlane, copy);
    }
    store<u64>(run, 0);
    store<i32>(run, count, 8);
    for (let channelPanel = 0; channelPanel < channelPanels; channelPanel += CHANNEL_PANELS) {
      const lastChannelPanel = min(channelPanels, channelPanel + CHANNEL_PANELS);
      for (let panel = firstPanel; panel < lastPanel; panel++) {
        const sums = blocks == 1
          ? blockSums
          : args.partials + SUMS_BYTES *
            <usize>((part * columnPanels + panel) * channelPanels + channelPanel);
        for (let product: usize = 0; product < <usize>PRODUCTS; product++) {
          const dy = dyPlanes + product * dyPlane +
            <usize>((panel - firstPanel) * COLUMNS) * FLOAT;
          let source = sourcePlanes + product * sourcePlane +
            <usize>(channelPanel * ROWS) * FLOAT;
          let sum = sums + product * TILE_BYTES;
          for (let current = channelPanel; current < lastChannelPanel; current++) {
            const base = block > firstBlock ? sum : args.zeros;
            sumTile(run, 1, source, sourceRowBytes, dy, dyRowBytes, base, sum);
            source += <usize>ROWS * FLOAT;
            sum += SUMS_BYTES;
          }
        }
        if (args.parts > 1 || block < lastBlock - 1) continue;
        for (let current = channelPanel; current < lastChannelPanel; current++) {
          const panelSums = sums + <usize>(current - channelPanel) * SUMS_BYTES;
          transformSums(panelSums, args.gradient, args.channels, args.columns, current, panel);
        }
      }
    }
  }
}

/** At m A of the sums of one channel panel and one column panel, into the filter's gradient. */
function transformSums(
  sums: usize,
  gradient: usize,
  channels: i32,
  columns: i32,
  channelPanel: i32,
  panel: i32,
): void {
  for (let column: usize = 0; column < 6; column++) {
    const line = sums + column * TILE_BYTES;
    gradientLines(<i32>(TILE_BYTES / PAIR), line, 6 * TILE_BYTES, line, 6 * TILE_BYTES);
  }
  const firstChannel = channelPanel * ROWS;
  const rows = min(ROWS, channels - firstChannel);
  const firstColumn = panel * COLUMNS;
  const count = min(COLUMNS, columns - firstColumn) * <i32>FLOAT / <i32>PAIR;
  const tapBytes = <usize>(channels * columns) * FLOAT;
  let to = gradient + <usize>(firstChannel * columns + firstColumn) * FLOAT;
  for (let row: usize = 0; row < <usize>rows; row++) {
    for (let tapRow: usize = 0; tapRow < 3; tapRow++) {
      const from = sums + 6 * tapRow * TILE_BYTES + row * <usize>COLUMNS * FLOAT;
      gradientLines(count, from, TILE_BYTES, to + 3 * tapRow * tapBytes, tapBytes);
    }
    to += <usize>columns * FLOAT;
  }
}

@unmanaged
class WinogradReduceArgs {
  /** The partial sums of winogradGradient. */
  partials: usize;
  gradient: usize;
  parts: i32;
  channels: i32;
  columns: i32;
}

export function winogradReduceScratch(argsAddress: usize): usize {
  return SUMS_BYTES;
}

/**
 * Adds the partial sums of all parts, in order, and transforms them back. Each task computes one
 * channel panel and one column panel.
 */
export function winogradReduce(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradReduceArgs>(argsAddress);
  const channelPanels = pieces(args.channels, ROWS);
  const partBytes = SUMS_BYTES * <usize>(channelPanels * pieces(args.columns, COLUMNS));
  const first = args.partials + SUMS_BYTES * <usize>task;
  for (let at: usize = 0; at < SUMS_BYTES; at += PAIR) {
    let from = first + at;
    let low = v128.load(from), high = v128.load(from, 16);
    for (let part = 1; part < args.parts; part++) {
      from += partBytes;
      low = f32x4.add(low, v128.load(from));
      high = f32x4.add(high, v128.load(from, 16));
    }
    const to = scratch + at;
    v128.store(to, high, 16);
    v128.store(to, low);
  }
  transformSums(
    scratch, args.gradient, args.channels, args.columns, task % channelPanels,
    task / channelPanels);
}
