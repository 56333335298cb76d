import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";

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
  const wholePanels = args.columns / COLUMNS;
  // Six addresses of zeros, where sums begin.
  const zeroRows = discarded + <usize>args.columns * FLOAT;
  for (let row: usize = 0; row < <usize>ROWS; row++) store<usize>(zeroRows + row * 4, args.zeros);
  for (let firstTap = 0; firstTap < taps; firstTap += tapsPerPass) {
    for (let panel = 0; panel < wholePanels; panel++) {
      const filter = args.filter + <usize>panel * panelBytes;
      const offset = <usize>(panel * COLUMNS) * FLOAT;
      let table = scratch;
      for (let group = first; group < last; group++) {
        const count = min(tapsPerPass, load<i32>(table, 24) - firstTap);
        const entries = table + HEADER_BYTES + <usize>firstTap * TAP_BYTES;
        // The first pass also writes the zeros of rows that no tap reaches.
        if (count > 0 || firstTap == 0) {
          if (firstTap == 0) {
            tile(entries, count, args.channels, filter, table, offset, zeroRows, 0);
          } else {
            tile(entries, count, args.channels, filter, table, offset, table, offset);
          }
        }
        table += groupBytes;
      }
    }
  }

  const width = args.columns % COLUMNS;
  if (width == 0) return;
  const filter = args.filter + <usize>wholePanels * panelBytes;
  const column = <usize>(wholePanels * COLUMNS) * FLOAT;
  // Six rows of a register tile, and their addresses: the last panel's columns are copied from here.
  const edge = zeroRows + <usize>ROWS * 4;
  const edgeRows = edge + <usize>(ROWS * COLUMNS) * FLOAT;
  for (let row: usize = 0; row < <usize>ROWS; row++) {
    store<usize>(edgeRows + row * 4, edge + row * <usize>COLUMNS * FLOAT);
  }
  let table = scratch;
  for (let group = first; group < last; group++) {
    tile(
      table + HEADER_BYTES, load<i32>(table, 24), args.channels, filter, edgeRows, 0, zeroRows, 0);
    for (let row: usize = 0; row < <usize>ROWS; row++) {
      memory.copy(
        load<usize>(table + row * 4) + column,
        load<usize>(edgeRows + row * 4),
        <usize>width * FLOAT,
      );
    }
    table += groupBytes;
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

/**
 * Six rows by sixteen columns of the product, summed over `count` taps in registers, plus what stands
 * at `bases`. V8 can make 256-bit operations of neighbouring vectors, but not of any that meet a
 * branch: hence only whole tiles, and zeros to add where a sum begins.
 */
function tile(
  entry: usize,
  count: i32,
  channels: i32,
  filter: usize,
  targets: usize,
  offset: usize,
  bases: usize,
  baseOffset: usize,
): void {
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
  let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
  let c20 = zero, c21 = zero, c22 = zero, c23 = zero;
  let c30 = zero, c31 = zero, c32 = zero, c33 = zero;
  let c40 = zero, c41 = zero, c42 = zero, c43 = zero;
  let c50 = zero, c51 = zero, c52 = zero, c53 = zero;
  for (; count > 0; count--) {
    let a0 = load<usize>(entry);
    let a1 = load<usize>(entry, 4);
    let a2 = load<usize>(entry, 8);
    let a3 = load<usize>(entry, 12);
    let a4 = load<usize>(entry, 16);
    let a5 = load<usize>(entry, 20);
    let b = filter + load<usize>(entry, 24);
    entry += TAP_BYTES;
    for (let remaining = channels; remaining > 0; remaining--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      let a = v128.load32_splat(a0);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      c02 = f32x4.relaxed_madd(a, b2, c02);
      c03 = f32x4.relaxed_madd(a, b3, c03);
      a = v128.load32_splat(a1);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      c12 = f32x4.relaxed_madd(a, b2, c12);
      c13 = f32x4.relaxed_madd(a, b3, c13);
      a = v128.load32_splat(a2);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      c22 = f32x4.relaxed_madd(a, b2, c22);
      c23 = f32x4.relaxed_madd(a, b3, c23);
      a = v128.load32_splat(a3);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      c32 = f32x4.relaxed_madd(a, b2, c32);
      c33 = f32x4.relaxed_madd(a, b3, c33);
      a = v128.load32_splat(a4);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      c42 = f32x4.relaxed_madd(a, b2, c42);
      c43 = f32x4.relaxed_madd(a, b3, c43);
      a = v128.load32_splat(a5);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      c52 = f32x4.relaxed_madd(a, b2, c52);
      c53 = f32x4.relaxed_madd(a, b3, c53);
      a0 += FLOAT;
      a1 += FLOAT;
      a2 += FLOAT;
      a3 += FLOAT;
      a4 += FLOAT;
      a5 += FLOAT;
      b += COLUMNS * FLOAT;
    }
  }
  const base0 = load<usize>(bases) + baseOffset;
  const base1 = load<usize>(bases, 4) + baseOffset;
  const base2 = load<usize>(bases, 8) + baseOffset;
  const base3 = load<usize>(bases, 12) + baseOffset;
  const base4 = load<usize>(bases, 16) + baseOffset;
  const base5 = load<usize>(bases, 20) + baseOffset;
  c00 = f32x4.add(c00, v128.load(base0));
  c01 = f32x4.add(c01, v128.load(base0, 16));
  c02 = f32x4.add(c02, v128.load(base0, 32));
  c03 = f32x4.add(c03, v128.load(base0, 48));
  c10 = f32x4.add(c10, v128.load(base1));
  c11 = f32x4.add(c11, v128.load(base1, 16));
  c12 = f32x4.add(c12, v128.load(base1, 32));
  c13 = f32x4.add(c13, v128.load(base1, 48));
  c20 = f32x4.add(c20, v128.load(base2));
  c21 = f32x4.add(c21, v128.load(base2, 16));
  c22 = f32x4.add(c22, v128.load(base2, 32));
  c23 = f32x4.add(c23, v128.load(base2, 48));
  c30 = f32x4.add(c30, v128.load(base3));
  c31 = f32x4.add(c31, v128.load(base3, 16));
  c32 = f32x4.add(c32, v128.load(base3, 32));
  c33 = f32x4.add(c33, v128.load(base3, 48));
  c40 = f32x4.add(c40, v128.load(base4));
  c41 = f32x4.add(c41, v128.load(base4, 16));
  c42 = f32x4.add(c42, v128.load(base4, 32));
  c43 = f32x4.add(c43, v128.load(base4, 48));
  c50 = f32x4.add(c50, v128.load(base5));
  c51 = f32x4.add(c51, v128.load(base5, 16));
  c52 = f32x4.add(c52, v128.load(base5, 32));
  c53 = f32x4.add(c53, v128.load(base5, 48));
  const target0 = load<usize>(targets) + offset;
  const target1 = load<usize>(targets, 4) + offset;
  const target2 = load<usize>(targets, 8) + offset;
  const target3 = load<usize>(targets, 12) + offset;
  const target4 = load<usize>(targets, 16) + offset;
  const target5 = load<usize>(targets, 20) + offset;
  v128.store(target0, c00);
  v128.store(target0, c01, 16);
  v128.store(target0, c02, 32);
  v128.store(target0, c03, 48);
  v128.store(target1, c10);
  v128.store(target1, c11, 16);
  v128.store(target1, c12, 32);
  v128.store(target1, c13, 48);
  v128.store(target2, c20);
  v128.store(target2, c21, 16);
  v128.store(target2, c22, 32);
  v128.store(target2, c23, 48);
  v128.store(target3, c30);
  v128.store(target3, c31, 16);
  v128.store(target3, c32, 32);
  v128.store(target3, c33, 48);
  v128.store(target4, c40);
  v128.store(target4, c41, 16);
  v128.store(target4, c42, 32);
  v128.store(target4, c43, 48);
  v128.store(target5, c50);
  v128.store(target5, c51, 16);
  v128.store(target5, c52, 32);
  v128.store(target5, c53, 48);
}
