import { COLUMNS, FLOAT, loadPart, pieces, ROWS, storePart } from "./layout";

@unmanaged
class ConvolveArgs {
  /** [images, sourceHeight, sourceWidth, channels] */
  source: usize;
  /** Panels of packFilter: [ceil(columns / 8)][taps * channels][8] */
  filter: usize;
  /** [images, targetHeight, targetWidth, columns] */
  target: usize;
  /** At least `channels` zeros, read where a tap falls into the padding. */
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

/** Of one tap of a group: six row addresses, then the tap's offset in a filter panel. */
const TAP_BYTES: usize = 32;
/** Of a group: six row addresses of the target, then its number of taps. */
const HEADER_BYTES: usize = 32;
/** So much of a filter panel stays in the first-level cache beside the rows. */
const PANEL_BYTES: i32 = 24 * 1024;

/**
 * Convolution and its input gradient as an indirect matrix product (Dukhan, "The Indirect
 * Convolution Algorithm", 2019): nothing is copied into patches; a table of addresses says where
 * the six rows of a register tile find their source pixels.
 *
 * A group of six rows is, as far as the images go round, the same pixel of six images: then all six
 * rows agree on which taps fall into the padding, or between the strides, and those are left out.
 * The images that remain are taken six neighbouring pixels at a time, and read zeros there.
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
  const groupBytes = HEADER_BYTES + <usize>taps * TAP_BYTES;
  // Rows of a last group that do not exist are written here.
  const discarded = scratch + <usize>args.groupsPerTask * groupBytes;
  for (let group = first; group < last; group++) {
    const table = scratch + <usize>(group - first) * groupBytes;
    if (group < uniformGroups) tabulateUniform(args, group, table);
    else tabulateNeighbours(args, group - uniformGroups, table, discarded);
  }

  const panelBytes = <usize>(taps * args.channels * COLUMNS) * FLOAT;
  const tapsPerPass = max(1, PANEL_BYTES / (args.channels * COLUMNS * <i32>FLOAT));
  const panels = pieces(args.columns, COLUMNS);
  for (let firstTap = 0; firstTap < taps; firstTap += tapsPerPass) {
    for (let panel = 0; panel < panels; panel++) {
      const filter = args.filter + <usize>panel * panelBytes;
      const column = panel * COLUMNS;
      const width = min(COLUMNS, args.columns - column);
      let table = scratch;
      for (let group = first; group < last; group++) {
        const count = min(tapsPerPass, load<i32>(table, 24) - firstTap);
        // The first pass also writes the zeros of rows that no tap reaches.
        if (count > 0 || firstTap == 0) {
          tile(
            table + HEADER_BYTES + <usize>firstTap * TAP_BYTES,
            count,
            args.channels,
            filter,
            table,
            <usize>column * FLOAT,
            width,
            firstTap > 0,
          );
        }
        table += groupBytes;
      }
    }
  }
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

/** Fills the table of a group that is one pixel of six images. */
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
  let entry = table + HEADER_BYTES;
  let count = 0;
  for (let tapY = 0; tapY < args.filterHeight; tapY++) {
    const sourceY = sourceIndex(
      y, tapY, args.strideHeight, args.padTop, args.sourceHeight, args.backward);
    if (sourceY < 0) continue;
    for (let tapX = 0; tapX < args.filterWidth; tapX++) {
      const sourceX = sourceIndex(
        x, tapX, args.strideWidth, args.padLeft, args.sourceWidth, args.backward);
      if (sourceX < 0) continue;
      let source = args.source + <usize>image * sourceImage +
        <usize>((sourceY * args.sourceWidth + sourceX) * args.channels) * FLOAT;
      for (let row: usize = 0; row < <usize>ROWS; row++) {
        store<usize>(entry + row * 4, source);
        source += sourceImage;
      }
      store<usize>(entry, <usize>(tapY * args.filterWidth + tapX) * tapPanelBytes, 24);
      entry += TAP_BYTES;
      count++;
    }
  }
  store<i32>(table, count, 24);
}

/** Fills the table of a group of neighbouring pixels of the last images. */
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

/** Six rows by eight columns of the product, summed over `count` taps in registers. */
function tile(
  entry: usize,
  count: i32,
  channels: i32,
  filter: usize,
  targets: usize,
  offset: usize,
  width: i32,
  accumulate: bool,
): void {
  const t0 = load<usize>(targets, 0) + offset;
  const t1 = load<usize>(targets, 4) + offset;
  const t2 = load<usize>(targets, 8) + offset;
  const t3 = load<usize>(targets, 12) + offset;
  const t4 = load<usize>(targets, 16) + offset;
  const t5 = load<usize>(targets, 20) + offset;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let c51 = f32x4.splat(0);
  if (accumulate) {
    const rest = width - 4;
    c00 = loadPart(t0, width);
    c01 = loadPart(t0 + 16, rest);
    c10 = loadPart(t1, width);
    c11 = loadPart(t1 + 16, rest);
    c20 = loadPart(t2, width);
    c21 = loadPart(t2 + 16, rest);
    c30 = loadPart(t3, width);
    c31 = loadPart(t3 + 16, rest);
    c40 = loadPart(t4, width);
    c41 = loadPart(t4 + 16, rest);
    c50 = loadPart(t5, width);
    c51 = loadPart(t5 + 16, rest);
  }
  for (; count > 0; count--) {
    let a0 = load<usize>(entry, 0);
    let a1 = load<usize>(entry, 4);
    let a2 = load<usize>(entry, 8);
    let a3 = load<usize>(entry, 12);
    let a4 = load<usize>(entry, 16);
    let a5 = load<usize>(entry, 20);
    let b = filter + load<usize>(entry, 24);
    entry += TAP_BYTES;
    let remaining = channels;
    for (; remaining >= 4; remaining -= 4) {
      let b0 = v128.load(b);
      let b1 = v128.load(b, 16);
      let a = v128.load32_splat(a0);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load32_splat(a1);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load32_splat(a2);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load32_splat(a3);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      a = v128.load32_splat(a4);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      a = v128.load32_splat(a5);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      a = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      a = v128.load32_splat(a4, 4);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      a = v128.load32_splat(a5, 4);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      a = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      a = v128.load32_splat(a4, 8);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      a = v128.load32_splat(a5, 8);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      a = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      a = v128.load32_splat(a4, 12);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      a = v128.load32_splat(a5, 12);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      a0 += 4 * FLOAT;
      a1 += 4 * FLOAT;
      a2 += 4 * FLOAT;
      a3 += 4 * FLOAT;
      a4 += 4 * FLOAT;
      a5 += 4 * FLOAT;
      b += 4 * COLUMNS * FLOAT;
    }
    for (; remaining > 0; remaining--) {
      let b0 = v128.load(b);
      let b1 = v128.load(b, 16);
      let a = v128.load32_splat(a0);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      a = v128.load32_splat(a1);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      a = v128.load32_splat(a2);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      a = v128.load32_splat(a3);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      a = v128.load32_splat(a4);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      a = v128.load32_splat(a5);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      a0 += FLOAT;
      a1 += FLOAT;
      a2 += FLOAT;
      a3 += FLOAT;
      a4 += FLOAT;
      a5 += FLOAT;
      b += COLUMNS * FLOAT;
    }
  }
  if (width == COLUMNS) {
    v128.store(t0, c00);
    v128.store(t0, c01, 16);
    v128.store(t1, c10);
    v128.store(t1, c11, 16);
    v128.store(t2, c20);
    v128.store(t2, c21, 16);
    v128.store(t3, c30);
    v128.store(t3, c31, 16);
    v128.store(t4, c40);
    v128.store(t4, c41, 16);
    v128.store(t5, c50);
    v128.store(t5, c51, 16);
    return;
  }
  const rest = width - 4;
  storePart(t0, c00, width);
  storePart(t0 + 16, c01, rest);
  storePart(t1, c10, width);
  storePart(t1 + 16, c11, rest);
  storePart(t2, c20, width);
  storePart(t2 + 16, c21, rest);
  storePart(t3, c30, width);
  storePart(t3 + 16, c31, rest);
  storePart(t4, c40, width);
  storePart(t4 + 16, c41, rest);
  storePart(t5, c50, width);
  storePart(t5 + 16, c51, rest);
}
