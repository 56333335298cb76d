import { COLUMNS, FLOAT, pieces, ROWS, storePart } from "./layout";

@unmanaged
class FilterGradientArgs {
  /** [images, sourceHeight, sourceWidth, channels] */
  source: usize;
  /** [images, targetHeight, targetWidth, columns] */
  dy: usize;
  /** [parts][taps][ceil(columns / 16)][ceil(channels / 6)][6][16] */
  partials: usize;
  /** A tile of zeros. */
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
  /** A block is so many rows of dy of so many images. */
  imagesPerBlock: i32;
  rowsPerBlock: i32;
  /** The blocks are dealt to so many parts, each with partial sums of its own. */
  parts: i32;
  /** The columns are dealt to groups of so many panels. */
  panelsPerGroup: i32;
}

const TILE_BYTES: usize = <usize>(ROWS * COLUMNS) * FLOAT;
const SOURCE_BYTES: usize = <usize>ROWS * FLOAT;
const DY_BYTES: usize = <usize>COLUMNS * FLOAT;
/** Keeps panels from starting at the same place of every cache set. */
const PANEL_GAP: usize = 64;
/** Of a run of neighbouring pixels: offsets in the source and dy panels, and how many. */
const RUN_BYTES: usize = 12;

/**
 * The gradient of a convolution with respect to its filter: for every tap the sum over all pixels
 * of the outer product of a source pixel and a dy pixel.
 *
 * A block of pixels is packed into panels of six channels and of sixteen columns, images innermost,
 * so that the same pixel of several images is one run and no run meets the padding; then each
 * register tile runs over the block once per tap.
 *
 * One task sums one part of the blocks for one group of column panels. Pixels past the last
 * channel or column are read from what follows in memory: those sums are never used.
 */
export function filterGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<FilterGradientArgs>(argsAddress);
  const columnPanels = pieces(args.columns, COLUMNS);
  const groups = pieces(columnPanels, args.panelsPerGroup);
  const part = task / groups;
  const firstPanel = task % groups * args.panelsPerGroup;
  const lastPanel = min(columnPanels, firstPanel + args.panelsPerGroup);

  const rowBlocks = pieces(args.targetHeight, args.rowsPerBlock);
  const blocks = pieces(args.images, args.imagesPerBlock) * rowBlocks;
  const firstBlock = part * blocks / args.parts;
  const lastBlock = (part + 1) * blocks / args.parts;
  for (let block = firstBlock; block < lastBlock; block++) {
    const image = block / rowBlocks * args.imagesPerBlock;
    const row = block % rowBlocks * args.rowsPerBlock;
    addBlock(args, part, firstPanel, lastPanel, image, row, block > firstBlock, scratch);
  }
}

function addBlock(
  args: FilterGradientArgs,
  part: i32,
  firstPanel: i32,
  lastPanel: i32,
  firstImage: i32,
  firstRow: i32,
  accumulate: bool,
  scratch: usize,
): void {
  const images = min(args.imagesPerBlock, args.images - firstImage);
  const lastRow = min(args.targetHeight, firstRow + args.rowsPerBlock);
  const sourceTop = max(0, firstRow * args.strideHeight - args.padTop);
  const sourceBottom = min(
    args.sourceHeight,
    (lastRow - 1) * args.strideHeight - args.padTop + args.filterHeight,
  );
  const channelPanels = pieces(args.channels, ROWS);
  const sourcePixels = max(0, sourceBottom - sourceTop) * args.sourceWidth * images;
  const dyPixels = (lastRow - firstRow) * args.targetWidth * images;
  const sourcePanelBytes = <usize>sourcePixels * SOURCE_BYTES + PANEL_GAP;
  const dyPanelBytes = <usize>dyPixels * DY_BYTES;
  const sourcePanels = scratch;
  const dyPanels = sourcePanels + <usize>channelPanels * sourcePanelBytes;
  const runs = dyPanels + <usize>(lastPanel - firstPanel) * dyPanelBytes;

  packSource(args, firstImage, images, sourceTop, sourceBottom, sourcePanels, sourcePanelBytes);
  packDy(args, firstImage, images, firstRow, lastRow, firstPanel, lastPanel, dyPanels, dyPanelBytes);

  const taps = args.filterHeight * args.filterWidth;
  const columnPanels = pieces(args.columns, COLUMNS);
  for (let tap = 0; tap < taps; tap++) {
    const runCount = tabulateRuns(args, tap, images, firstRow, lastRow, sourceTop, runs);
    for (let panel = firstPanel; panel < lastPanel; panel++) {
      let sum = args.partials + TILE_BYTES *
        <usize>(((part * taps + tap) * columnPanels + panel) * channelPanels);
      const dy = dyPanels + <usize>(panel - firstPanel) * dyPanelBytes;
      let source = sourcePanels;
      for (let channelPanel = 0; channelPanel < channelPanels; channelPanel++) {
        tile(runs, runCount, source, dy, accumulate ? sum : args.zeros, sum);
        source += sourcePanelBytes;
        sum += TILE_BYTES;
      }
    }
  }
}

function packSource(
  args: FilterGradientArgs,
  firstImage: i32,
  images: i32,
  top: i32,
  bottom: i32,
  panels: usize,
  panelBytes: usize,
): void {
  const rowPixels = args.sourceWidth;
  const channelPanels = pieces(args.channels, ROWS);
  for (let image = 0; image < images; image++) {
    for (let y = top; y < bottom; y++) {
      let source = args.source + FLOAT * <usize>(args.channels * rowPixels *
        ((firstImage + image) * args.sourceHeight + y));
      let target = panels + SOURCE_BYTES * <usize>((y - top) * rowPixels * images + image);
      for (let x = 0; x < rowPixels; x++) {
        let from = source;
        let to = target;
        for (let panel = 0; panel < channelPanels; panel++) {
          v128.store(to, v128.load(from));
          store<u64>(to, load<u64>(from, 16), 16);
          from += SOURCE_BYTES;
          to += panelBytes;
        }
        source += <usize>args.channels * FLOAT;
        target += SOURCE_BYTES * <usize>images;
      }
    }
  }
}

function packDy(
  args: FilterGradientArgs,
  firstImage: i32,
  images: i32,
  top: i32,
  bottom: i32,
  firstPanel: i32,
  lastPanel: i32,
  panels: usize,
  panelBytes: usize,
): void {
  const rowPixels = args.targetWidth;
  for (let image = 0; image < images; image++) {
    for (let y = top; y < bottom; y++) {
      let source = args.dy + DY_BYTES * <usize>firstPanel + FLOAT *
        <usize>(args.columns * rowPixels * ((firstImage + image) * args.targetHeight + y));
      let target = panels + DY_BYTES * <usize>((y - top) * rowPixels * images + image);
      for (let x = 0; x < rowPixels; x++) {
        let from = source;
        let to = target;
        for (let panel = firstPanel; panel < lastPanel; panel++) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
          v128.store(to, v128.load(from, 32), 32);
          v128.store(to, v128.load(from, 48), 48);
          from += DY_BYTES;
          to += panelBytes;
        }
        source += <usize>args.columns * FLOAT;
        target += DY_BYTES * <usize>images;
      }
    }
  }
}

/** Lists the runs of pixel pairs that a tap joins, and returns how many there are. */
function tabulateRuns(
  args: FilterGradientArgs,
  tap: i32,
  images: i32,
  firstRow: i32,
  lastRow: i32,
  sourceTop: i32,
  runs: usize,
): i32 {
  const tapY = tap / args.filterWidth - args.padTop;
  const tapX = tap % args.filterWidth - args.padLeft;
  const stride = args.strideWidth;
  const firstX = tapX >= 0 ? 0 : pieces(-tapX, stride);
  const reach = args.sourceWidth - 1 - tapX;
  const lastX = reach < 0 ? 0 : min(args.targetWidth, reach / stride + 1);
  let count = 0;
  if (lastX <= firstX) return 0;
  for (let y = firstRow; y < lastRow; y++) {
    const sourceY = y * args.strideHeight + tapY;
    if (sourceY < 0 || sourceY >= args.sourceHeight) continue;
    const sourceRow = (sourceY - sourceTop) * args.sourceWidth;
    const dyRow = (y - firstRow) * args.targetWidth;
    // Without a stride neighbours stay neighbours, and the whole row is one run.
    const pixelsPerRun = stride == 1 ? lastX - firstX : 1;
    for (let x = firstX; x < lastX; x += pixelsPerRun) {
      const run = runs + <usize>count * RUN_BYTES;
      store<usize>(run, SOURCE_BYTES * <usize>((sourceRow + x * stride + tapX) * images));
      store<usize>(run, DY_BYTES * <usize>((dyRow + x) * images), 4);
      store<i32>(run, pixelsPerRun * images, 8);
      count++;
    }
  }
  return count;
}

/** Six channels by sixteen columns, summed over all runs in registers, plus the tile at `base`. */
function tile(
  runs: usize,
  runCount: i32,
  source: usize,
  dyPanel: usize,
  base: usize,
  sum: usize,
): void {
  const zero = f32x4.splat(0);
  let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
  let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
  let c20 = zero, c21 = zero, c22 = zero, c23 = zero;
  let c30 = zero, c31 = zero, c32 = zero, c33 = zero;
  let c40 = zero, c41 = zero, c42 = zero, c43 = zero;
  let c50 = zero, c51 = zero, c52 = zero, c53 = zero;
  for (; runCount > 0; runCount--) {
    let x = source + load<usize>(runs);
    let dy = dyPanel + load<usize>(runs, 4);
    let remaining = load<i32>(runs, 8);
    runs += RUN_BYTES;
    for (; remaining > 0; remaining--) {
      const b0 = v128.load(dy);
      const b1 = v128.load(dy, 16);
      const b2 = v128.load(dy, 32);
      const b3 = v128.load(dy, 48);
      let a = v128.load32_splat(x);
      c00 = f32x4.relaxed_madd(a, b0, c00);
      c01 = f32x4.relaxed_madd(a, b1, c01);
      c02 = f32x4.relaxed_madd(a, b2, c02);
      c03 = f32x4.relaxed_madd(a, b3, c03);
      a = v128.load32_splat(x, 4);
      c10 = f32x4.relaxed_madd(a, b0, c10);
      c11 = f32x4.relaxed_madd(a, b1, c11);
      c12 = f32x4.relaxed_madd(a, b2, c12);
      c13 = f32x4.relaxed_madd(a, b3, c13);
      a = v128.load32_splat(x, 8);
      c20 = f32x4.relaxed_madd(a, b0, c20);
      c21 = f32x4.relaxed_madd(a, b1, c21);
      c22 = f32x4.relaxed_madd(a, b2, c22);
      c23 = f32x4.relaxed_madd(a, b3, c23);
      a = v128.load32_splat(x, 12);
      c30 = f32x4.relaxed_madd(a, b0, c30);
      c31 = f32x4.relaxed_madd(a, b1, c31);
      c32 = f32x4.relaxed_madd(a, b2, c32);
      c33 = f32x4.relaxed_madd(a, b3, c33);
      a = v128.load32_splat(x, 16);
      c40 = f32x4.relaxed_madd(a, b0, c40);
      c41 = f32x4.relaxed_madd(a, b1, c41);
      c42 = f32x4.relaxed_madd(a, b2, c42);
      c43 = f32x4.relaxed_madd(a, b3, c43);
      a = v128.load32_splat(x, 20);
      c50 = f32x4.relaxed_madd(a, b0, c50);
      c51 = f32x4.relaxed_madd(a, b1, c51);
      c52 = f32x4.relaxed_madd(a, b2, c52);
      c53 = f32x4.relaxed_madd(a, b3, c53);
      x += SOURCE_BYTES;
      dy += DY_BYTES;
    }
  }
  c00 = f32x4.add(c00, v128.load(base));
  c01 = f32x4.add(c01, v128.load(base, 16));
  c02 = f32x4.add(c02, v128.load(base, 32));
  c03 = f32x4.add(c03, v128.load(base, 48));
  c10 = f32x4.add(c10, v128.load(base, 64));
  c11 = f32x4.add(c11, v128.load(base, 80));
  c12 = f32x4.add(c12, v128.load(base, 96));
  c13 = f32x4.add(c13, v128.load(base, 112));
  c20 = f32x4.add(c20, v128.load(base, 128));
  c21 = f32x4.add(c21, v128.load(base, 144));
  c22 = f32x4.add(c22, v128.load(base, 160));
  c23 = f32x4.add(c23, v128.load(base, 176));
  c30 = f32x4.add(c30, v128.load(base, 192));
  c31 = f32x4.add(c31, v128.load(base, 208));
  c32 = f32x4.add(c32, v128.load(base, 224));
  c33 = f32x4.add(c33, v128.load(base, 240));
  c40 = f32x4.add(c40, v128.load(base, 256));
  c41 = f32x4.add(c41, v128.load(base, 272));
  c42 = f32x4.add(c42, v128.load(base, 288));
  c43 = f32x4.add(c43, v128.load(base, 304));
  c50 = f32x4.add(c50, v128.load(base, 320));
  c51 = f32x4.add(c51, v128.load(base, 336));
  c52 = f32x4.add(c52, v128.load(base, 352));
  c53 = f32x4.add(c53, v128.load(base, 368));
  v128.store(sum, c00);
  v128.store(sum, c01, 16);
  v128.store(sum, c02, 32);
  v128.store(sum, c03, 48);
  v128.store(sum, c10, 64);
  v128.store(sum, c11, 80);
  v128.store(sum, c12, 96);
  v128.store(sum, c13, 112);
  v128.store(sum, c20, 128);
  v128.store(sum, c21, 144);
  v128.store(sum, c22, 160);
  v128.store(sum, c23, 176);
  v128.store(sum, c30, 192);
  v128.store(sum, c31, 208);
  v128.store(sum, c32, 224);
  v128.store(sum, c33, 240);
  v128.store(sum, c40, 256);
  v128.store(sum, c41, 272);
  v128.store(sum, c42, 288);
  v128.store(sum, c43, 304);
  v128.store(sum, c50, 320);
  v128.store(sum, c51, 336);
  v128.store(sum, c52, 352);
  v128.store(sum, c53, 368);
}

@unmanaged
class ReduceArgs {
  partials: usize;
  /** [taps, channels, columns] */
  gradient: usize;
  parts: i32;
  taps: i32;
  channels: i32;
  columns: i32;
}

/**
 * Adds the partial sums of all parts, in order, and lays them out as the filter. One task does the
 * six channels of a channel panel for one tap.
 */
export function reduceFilterGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ReduceArgs>(argsAddress);
  const channelPanels = pieces(args.channels, ROWS);
  const columnPanels = pieces(args.columns, COLUMNS);
  const tap = task / channelPanels;
  const channelPanel = task % channelPanels;
  const firstChannel = channelPanel * ROWS;
  const rows = min(ROWS, args.channels - firstChannel);
  const partBytes = TILE_BYTES * <usize>(args.taps * columnPanels * channelPanels);
  for (let panel = 0; panel < columnPanels; panel++) {
    const firstTile = args.partials + TILE_BYTES *
      <usize>((tap * columnPanels + panel) * channelPanels + channelPanel);
    const column = panel * COLUMNS;
    const width = min(COLUMNS, args.columns - column);
    for (let row = 0; row < rows; row++) {
      let from = firstTile + DY_BYTES * <usize>row;
      let v0 = v128.load(from), v1 = v128.load(from, 16);
      let v2 = v128.load(from, 32), v3 = v128.load(from, 48);
      for (let part = 1; part < args.parts; part++) {
        from += partBytes;
        v0 = f32x4.add(v0, v128.load(from));
        v1 = f32x4.add(v1, v128.load(from, 16));
        v2 = f32x4.add(v2, v128.load(from, 32));
        v3 = f32x4.add(v3, v128.load(from, 48));
      }
      const to = args.gradient + FLOAT *
        <usize>((tap * args.channels + firstChannel + row) * args.columns + column);
      storePart(to, v0, width);
      storePart(to + 16, v1, width - 4);
      storePart(to + 32, v2, width - 8);
      storePart(to + 48, v3, width - 12);
    }
  }
}
