import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";
import { TAP_BYTES, tile } from "./tile";

@unmanaged
class ConvolveArgs {
  /** [images, sourceHeight, sourceWidth, channels] */
  source: usize;
  /** Panels of packFilter: [ceil(columns / 16)][taps * channels][16] */
  filter: usize;
  /** [images, targetHeight, targetWidth, columns] */
  target: usize;
  /** At least `channels` zeros, and sixteen: read where a tap falls into the padding. */
  zeros: usize;
  images: i32;
  sourceHeight: i32;
  sourceWidth: i32;
  channels: i32;
  targetHeight: i32;
  targetWidth: i32;
  columns: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padTop: i32;
  padLeft: i32;
  /** 0: convolution. 1: its gradient with respect to the input (source is dy, target is dx). */
  backward: i32;
  groupsPerTask: i32;
}

/** Bytes of a group's entry: six row addresses of the target, then its number of taps. */
const HEADER_BYTES: usize = 32;
/** Bytes of a filter panel that stay in the first-level cache beside the rows. */
const PANEL_BYTES: i32 = 24 * 1024;

// @ts-ignore: decorator
@inline
function groupBytes(args: ConvolveArgs): usize {
  return HEADER_BYTES + <usize>(args.filterHeight * args.filterWidth) * TAP_BYTES;
}

/** Six rows of a register tile. */
const EDGE_BYTES: usize = <usize>(ROWS * COLUMNS) * FLOAT;
/** Their addresses. */
const ROW_ADDRESSES: usize = <usize>ROWS * 4;

export function convolveScratch(argsAddress: usize): usize {
  const args = changetype<ConvolveArgs>(argsAddress);
  return <usize>args.groupsPerTask * groupBytes(args) + <usize>args.columns * FLOAT + EDGE_BYTES +
    2 * ROW_ADDRESSES;
}

/**
 * Convolution and its input gradient as an indirect matrix product (Dukhan, "The Indirect
 * Convolution Algorithm", 2019): nothing is copied into patches; a table of addresses says where
 * the six rows of a register tile find their source pixels.
 *
 * A group of six rows is the same pixel of six images, as long as six images are left: all six rows
 * then agree on the taps that fall into the padding or between the strides, and those are skipped.
 * The remaining images are taken six neighbouring pixels at a time, and read zeros there.
 *
 * One task computes `groupsPerTask` groups.
 */
export function convolve(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ConvolveArgs>(argsAddress);
  const pixels = args.targetHeight * args.targetWidth;
  const uniformGroups = args.images / ROWS * pixels;
  const groups = uniformGroups + pieces(args.images % ROWS * pixels, ROWS);
  const first = task * args.groupsPerTask;
  const last = min(groups, first + args.groupsPerTask);

  const taps = args.filterHeight * args.filterWidth;
  const bytesPerGroup = groupBytes(args);
  // Missing rows of a last group are written here.
  const discarded = scratch + <usize>args.groupsPerTask * bytesPerGroup;
  for (let group = first; group < last; group++) {
    const table = scratch + <usize>(group - first) * bytesPerGroup;
    if (group < uniformGroups) tabulateUniform(args, group, table);
    else tabulateNeighbours(args, group - uniformGroups, table, discarded);
  }

  const panelBytes = <usize>(taps * args.channels * COLUMNS) * FLOAT;
  const entriesPerPass = max(1, PANEL_BYTES / (args.channels * COLUMNS * <i32>FLOAT) /
    (joinsTaps(args) ? args.filterWidth : 1));
  const wholePanels = args.columns / COLUMNS;
  // Six addresses of zeros, the initial sums.
  const zeroRows = discarded + <usize>args.columns * FLOAT;
  for (let row: usize = 0; row < <usize>ROWS; row++) store<usize>(zeroRows + row * 4, args.zeros);
  for (let firstEntry = 0; firstEntry < taps; firstEntry += entriesPerPass) {
    for (let panel = 0; panel < wholePanels; panel++) {
      const filter = args.filter + <usize>panel * panelBytes;
      const offset = <usize>(panel * COLUMNS) * FLOAT;
      let table = scratch;
      for (let group = first; group < last; group++) {
        const count = min(entriesPerPass, load<i32>(table, 24) - firstEntry);
        const entries = table + HEADER_BYTES + <usize>firstEntry * TAP_BYTES;
        // The first pass also writes the zeros of rows that no tap reaches.
        if (firstEntry == 0) {
          tile(entries, count, filter, table, offset, zeroRows, 0);
        } else if (count > 0) {
          tile(entries, count, filter, table, offset, table, offset);
        }
        table += bytesPerGroup;
      }
    }
  }

  const width = args.columns % COLUMNS;
  if (width == 0) return;
  const filter = args.filter + <usize>wholePanels * panelBytes;
  const column = <usize>(wholePanels * COLUMNS) * FLOAT;
  // Six rows of a register tile, and their addresses: the last panel's columns are copied from here.
  const edge = zeroRows + ROW_ADDRESSES;
  const edgeRows = edge + EDGE_BYTES;
  for (let row: usize = 0; row < <usize>ROWS; row++) {
    store<usize>(edgeRows + row * 4, edge + row * <usize>COLUMNS * FLOAT);
  }
  let table = scratch;
  for (let group = first; group < last; group++) {
    tile(
      table + HEADER_BYTES, load<i32>(table, 24), filter, edgeRows, 0, zeroRows, 0);
    for (let row: usize = 0; row < <usize>ROWS; row++) {
      memory.copy(
        load<usize>(table + row * 4) + column,
        load<usize>(edgeRows + row * 4),
        <usize>width * FLOAT,
      );
    }
    table += bytesPerGroup;
  }
}

/**
 * Whether the taps of a row are one entry: they read neighbouring pixels, are neighbours in the
 * filter's panel, and a pass holds a whole row of the panel.
 */
// @ts-ignore: decorator
@inline
function joinsTaps(args: ConvolveArgs): bool {
  return !args.backward &&
    args.filterWidth * args.channels * COLUMNS * <i32>FLOAT <= PANEL_BYTES;
}

/** The source row (or column) of a tap for a target row, or -1 where there is none. */
// @ts-ignore: decorator
@inline
function sourceIndex(
  target: i32,
  tap: i32,
  stride: i32,
  pad: i32,
  size: i32,
  backward: i32,
): i32 {
  if (!backward) {
    const index = target * stride + tap - pad;
    return index >= 0 && index < size ? index : -1;
  }
  const scaled = target + pad - tap;
  if (scaled < 0 || scaled % stride != 0) return -1;
  const index = scaled / stride;
  return index < size ? index : -1;
}

/** Fills the table for a group of one pixel in six images. */
function tabulateUniform(args: ConvolveArgs, group: i32, table: usize): void {
  const pixels = args.targetHeight * args.targetWidth;
  const image = group / pixels * ROWS;
  const pixel = group % pixels;
  const y = pixel / args.targetWidth;
  const x = pixel % args.targetWidth;
  const targetImage = <usize>(pixels * args.columns) * FLOAT;
  let target = args.target + <usize>image * targetImage + <usize>(pixel * args.columns) * FLOAT;
  for (let row: usize = 0; row < <usize>ROWS; row++) {
    store<usize>(table + row * 4, target);
    target += targetImage;
  }

  const sourceImage = <usize>(args.sourceHeight * args.sourceWidth * args.channels) * FLOAT;
  const tapPanelBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const joins = joinsTaps(args);
  let entry = table + HEADER_BYTES;
  let count = 0;
  for (let tapY = 0; tapY < args.filterHeight; tapY++) {
    const sourceY = sourceIndex(
      y, tapY, args.strideHeight, args.padTop, args.sourceHeight, args.backward);
    if (sourceY < 0) continue;
    let lastX = -1;
    for (let tapX = 0; tapX < args.filterWidth; tapX++) {
      const sourceX = sourceIndex(
        x, tapX, args.strideWidth, args.padLeft, args.sourceWidth, args.backward);
      if (sourceX < 0) continue;
      const isFirst = lastX < 0 || !joins;
      lastX = sourceX;
      if (!isFirst) {
        const last = entry - TAP_BYTES;
        store<i32>(last, load<i32>(last, 28) + args.channels, 28);
        continue;
      }
      let source = args.source + <usize>image * sourceImage +
        <usize>((sourceY * args.sourceWidth + sourceX) * args.channels) * FLOAT;
      for (let row: usize = 0; row < <usize>ROWS; row++) {
        store<usize>(entry + row * 4, source);
        source += sourceImage;
      }
      store<usize>(entry, <usize>(tapY * args.filterWidth + tapX) * tapPanelBytes, 24);
      store<i32>(entry, args.channels, 28);
      entry += TAP_BYTES;
      count++;
    }
  }
  store<i32>(table, count, 24);
}

/** Fills the table for a group of neighbouring pixels of the last images. */
function tabulateNeighbours(
  args: ConvolveArgs,
  group: i32,
  table: usize,
  discarded: usize,
): void {
  const pixels = args.targetHeight * args.targetWidth;
  const firstImage = args.images / ROWS * ROWS;
  const rows = args.images % ROWS * pixels;
  const taps = args.filterHeight * args.filterWidth;
  const tapPanelBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  store<i32>(table, taps, 24);
  for (let tap = 0; tap < taps; tap++) {
    const entry = table + HEADER_BYTES + <usize>tap * TAP_BYTES;
    store<usize>(entry, <usize>tap * tapPanelBytes, 24);
    store<i32>(entry, args.channels, 28);
  }
  for (let lane = 0; lane < ROWS; lane++) {
    const row = group * ROWS + lane;
    const image = firstImage + row / pixels;
    const pixel = row % pixels;
    const y = pixel / args.targetWidth;
    const x = pixel % args.targetWidth;
    const target = row < rows
      ? args.target + <usize>((image * pixels + pixel) * args.columns) * FLOAT
      : discarded;
    store<usize>(table + <usize>lane * 4, target);
    for (let tap = 0; tap < taps; tap++) {
      let source = args.zeros;
      if (row < rows) {
        const sourceY = sourceIndex(
          y, tap / args.filterWidth, args.strideHeight, args.padTop, args.sourceHeight,
          args.backward);
        const sourceX = sourceIndex(
          x, tap % args.filterWidth, args.strideWidth, args.padLeft, args.sourceWidth,
          args.backward);
        if (sourceY >= 0 && sourceX >= 0) {
          source = args.source + FLOAT * <usize>(args.channels *
            ((image * args.sourceHeight + sourceY) * args.sourceWidth + sourceX));
        }
      }
      store<usize>(table + HEADER_BYTES + <usize>tap * TAP_BYTES + <usize>lane * 4, source);
    }
  }
}
