import { COLUMNS, FLOAT, pieces, ROWS, storePart } from "./layout";
import { RUN_BYTES, sumTile } from "./sum_tile";

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
  /** Images of a block, and rows of dy of each. */
  imagesPerBlock: i32;
  rowsPerBlock: i32;
  /** Number of parts among which the blocks are divided, each with its own partial sums. */
  parts: i32;
  /** Panels in each group of columns. */
  panelsPerGroup: i32;
}

const TILE_BYTES: usize = <usize>(ROWS * COLUMNS) * FLOAT;
const SOURCE_BYTES: usize = <usize>ROWS * FLOAT;
const DY_BYTES: usize = <usize>COLUMNS * FLOAT;
/** Keeps panels from starting at the same place of every cache set. */
const PANEL_GAP: usize = 64;

export function filterGradientScratch(argsAddress: usize): usize {
  const args = changetype<FilterGradientArgs>(argsAddress);
  const sourceRows = min(
    args.sourceHeight,
    (args.rowsPerBlock - 1) * args.strideHeight + args.filterHeight,
  );
  const sourcePixels = sourceRows * args.sourceWidth * args.imagesPerBlock;
  const dyPixels = args.rowsPerBlock * args.targetWidth;
  return <usize>pieces(args.channels, ROWS) * (<usize>sourcePixels * SOURCE_BYTES + PANEL_GAP) +
    <usize>(args.panelsPerGroup * dyPixels * args.imagesPerBlock) * DY_BYTES +
    <usize>dyPixels * RUN_BYTES;
}

/**
 * The gradient of a convolution with respect to its filter: for every tap the sum over all pixels
 * of the outer product of a source pixel and a dy pixel.
 *
 * A block of pixels is packed into panels of six channels and of sixteen columns, images innermost,
 * so that the same pixel of several images is one run and no run meets the padding; then each
 * register tile runs over the block once per tap.
 *
 * One task sums one part of the blocks for one group of column panels. Values past the last channel
 * or column are read from whatever follows in memory; those sums are never used.
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
        const base = accumulate ? sum : args.zeros;
        sumTile(runs, runCount, source, SOURCE_BYTES, dy, DY_BYTES, base, sum);
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
          v128.store(to, v128.load(from, 16), 16);
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 48), 48);
          v128.store(to, v128.load(from, 32), 32);
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

@unmanaged
class ReduceArgs {
  partials: usize;
  /** [..., filterWidth, channels, columns] */
  gradient: usize;
  parts: i32;
  channels: i32;
  columns: i32;
  filterWidth: i32;
  /** The window of taps that have partial sums; the gradient of others is zero. */
  top: i32;
  left: i32;
  height: i32;
  width: i32;
}

/**
 * Adds the partial sums of all parts, in order, and lays them out as the filter. Each task computes
 * the six channels of a channel panel for one tap.
 */
export function reduceFilterGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ReduceArgs>(argsAddress);
  const channelPanels = pieces(args.channels, ROWS);
  const columnPanels = pieces(args.columns, COLUMNS);
  const tap = task / channelPanels;
  const channelPanel = task % channelPanels;
  const firstChannel = channelPanel * ROWS;
  const rows = min(ROWS, args.channels - firstChannel);
  const y = tap / args.filterWidth - args.top;
  const x = tap % args.filterWidth - args.left;
  if (y < 0 || y >= args.height || x < 0 || x >= args.width) {
    const first = <usize>((tap * args.channels + firstChannel) * args.columns) * FLOAT;
    memory.fill(args.gradient + first, 0, <usize>(rows * args.columns) * FLOAT);
    return;
  }
  const summedTap = y * args.width + x;
  const partBytes = TILE_BYTES *
    <usize>(args.height * args.width * columnPanels * channelPanels);
  for (let panel = 0; panel < columnPanels; panel++) {
    const firstTile = args.partials + TILE_BYTES *
      <usize>((summedTap * columnPanels + panel) * channelPanels + channelPanel);
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
