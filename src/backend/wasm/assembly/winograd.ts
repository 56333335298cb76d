import { COLUMNS, FLOAT, pieces, ROWS } from "./layout";
import { TAP_BYTES, tile } from "./tile";

/** Side of a tile of results, of the patch of pixels it needs, and products per tile. */
const RESULTS: i32 = 4;
const PATCH: i32 = 6;
const PRODUCTS: i32 = 36;
/** Transforms work on eight channels at a time: two vectors that V8 can join. */
const PAIR: usize = 32;
/** Between the planes of one product: keeps their lines out of each other's cache sets. */
const PLANE_GAP: usize = 64;

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

/** G g Gt of every filter of a panel. One task does one panel. */
export function winogradFilter(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<TransformFilterArgs>(argsAddress);
  const tapBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const planeBytes = <usize>args.panels * tapBytes + PLANE_GAP;
  const source = args.packed + <usize>(task * 9) * tapBytes;
  const target = args.transformed + <usize>task * tapBytes;
  for (let at: usize = 0; at < tapBytes; at += PAIR) {
    for (let column = 0; column < 3; column++) {
      const first = source + at + tapBytes * <usize>(args.reversed ? 8 - column : column);
      const down = args.reversed ? <usize>0 - 3 * tapBytes : 3 * tapBytes;
      filterLine(
        first, first + down, first + 2 * down,
        scratch + <usize>column * PAIR, 3 * PAIR);
    }
    for (let row = 0; row < PATCH; row++) {
      const line = scratch + <usize>(3 * row) * PAIR;
      filterLine(
        line, line + PAIR, line + 2 * PAIR,
        target + at + <usize>(PATCH * row) * planeBytes, planeBytes);
    }
  }
}

/** One line of G: six values from three. */
// @ts-ignore: decorator
@inline
function filterLine(g0: usize, g1: usize, g2: usize, target: usize, stride: usize): void {
  const sixth = f32x4.splat(<f32>(1.0 / 6.0));
  const minusSixth = f32x4.splat(<f32>(-1.0 / 6.0));
  const twelfth = f32x4.splat(<f32>(1.0 / 12.0));
  const twentyFourth = f32x4.splat(<f32>(1.0 / 24.0));
  const quarter = f32x4.splat(0.25);
  const a0 = v128.load(g0), a1 = v128.load(g1), a2 = v128.load(g2);
  const aOuter = f32x4.add(f32x4.mul(a0, twentyFourth), f32x4.mul(a2, sixth));
  const aInner = f32x4.mul(a1, twelfth);
  const aSum = f32x4.add(a0, a2);
  const aFirst = f32x4.mul(a0, quarter);
  const aSecond = f32x4.mul(f32x4.add(aSum, a1), minusSixth);
  const aThird = f32x4.mul(f32x4.sub(aSum, a1), minusSixth);
  const aFourth = f32x4.add(aOuter, aInner);
  const aFifth = f32x4.sub(aOuter, aInner);
  const b0 = v128.load(g0, 16), b1 = v128.load(g1, 16), b2 = v128.load(g2, 16);
  const bOuter = f32x4.add(f32x4.mul(b0, twentyFourth), f32x4.mul(b2, sixth));
  const bInner = f32x4.mul(b1, twelfth);
  const bSum = f32x4.add(b0, b2);
  const bFirst = f32x4.mul(b0, quarter);
  const bSecond = f32x4.mul(f32x4.add(bSum, b1), minusSixth);
  const bThird = f32x4.mul(f32x4.sub(bSum, b1), minusSixth);
  const bFourth = f32x4.add(bOuter, bInner);
  const bFifth = f32x4.sub(bOuter, bInner);
  v128.store(target, aFirst);
  v128.store(target, bFirst, 16);
  v128.store(target + stride, aSecond);
  v128.store(target + stride, bSecond, 16);
  v128.store(target + 2 * stride, aThird);
  v128.store(target + 2 * stride, bThird, 16);
  v128.store(target + 3 * stride, aFourth);
  v128.store(target + 3 * stride, bFourth, 16);
  v128.store(target + 4 * stride, aFifth);
  v128.store(target + 4 * stride, bFifth, 16);
  v128.store(target + 5 * stride, a2);
  v128.store(target + 5 * stride, b2, 16);
}

@unmanaged
class WinogradArgs {
  /** [images, height, width, channels] */
  source: usize;
  /** Of winogradFilter. */
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

/**
 * A 3x3 convolution with stride and padding 1 by Winograd's minimal filtering F(4x4, 3x3): patches of
 * 6x6 pixels and filters are transformed, multiplied as 36 matrix products over the channels, and
 * the products transformed back: 36 multiplications for 16 results where there were 144.
 *
 * Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016).
 *
 * One task does `tilesPerTask` tiles; all of it stays in the thread's own memory.
 */
export function winograd(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<WinogradArgs>(argsAddress);
  const tilesPerImage = pieces(args.height, RESULTS) * pieces(args.width, RESULTS);
  const first = task * args.tilesPerTask;
  const tiles = min(args.tilesPerTask, args.images * tilesPerImage - first);

  const panels = pieces(args.columns, COLUMNS);
  const pixelBytes = <usize>args.channels * FLOAT;
  const productBytes = <usize>(panels * COLUMNS) * FLOAT;
  const pixelPlane = <usize>args.tilesPerTask * pixelBytes + PLANE_GAP;
  const productPlane = <usize>args.tilesPerTask * productBytes + PLANE_GAP;
  const pixels = scratch;
  const products = pixels + <usize>PRODUCTS * pixelPlane;
  const patch = products + <usize>PRODUCTS * productPlane;
  const lines = patch + <usize>PRODUCTS * pixelBytes;
  const table = lines + <usize>PRODUCTS * PAIR;

  for (let index = 0; index < tiles; index++) {
    const target = pixels + <usize>index * pixelBytes;
    transformPatch(args, first + index, target, pixelPlane, patch, lines);
  }

  // The rows of a last group that do not exist multiply what an earlier group left there.
  const targets = table + TAP_BYTES;
  const zeroRows = targets + TAP_BYTES;
  for (let row: usize = 0; row < <usize>ROWS; row++) store<usize>(zeroRows + row * 4, args.zeros);
  store<usize>(table, 0, 24);
  const panelBytes = <usize>(args.channels * COLUMNS) * FLOAT;
  const filterPlane = <usize>panels * panelBytes + PLANE_GAP;
  for (let product = 0; product < PRODUCTS; product++) {
    const plane = pixels + <usize>product * pixelPlane;
    const results = products + <usize>product * productPlane;
    for (let panel = 0; panel < panels; panel++) {
      const filter = args.filter + <usize>product * filterPlane + <usize>panel * panelBytes;
      const offset = <usize>(panel * COLUMNS) * FLOAT;
      for (let row = 0; row < tiles; row += ROWS) {
        for (let lane = 0; lane < ROWS; lane++) {
          store<usize>(table + <usize>lane * 4, plane + <usize>(row + lane) * pixelBytes);
          store<usize>(targets + <usize>lane * 4, results + <usize>(row + lane) * productBytes);
        }
        tile(table, 1, args.channels, filter, targets, offset, zeroRows, 0);
      }
    }
  }

  for (let index = 0; index < tiles; index++) {
    const source = products + <usize>index * productBytes;
    transformProducts(args, first + index, source, productPlane, lines);
  }
}

/** Bt d B of one patch, into one row of each of the 36 planes. */
function transformPatch(
  args: WinogradArgs,
  index: i32,
  target: usize,
  planeBytes: usize,
  patch: usize,
  lines: usize,
): void {
  const tilesAcross = pieces(args.width, RESULTS);
  const tilesPerImage = pieces(args.height, RESULTS) * tilesAcross;
  const image = index / tilesPerImage;
  const top = index % tilesPerImage / tilesAcross * RESULTS - 1;
  const left = index % tilesAcross * RESULTS - 1;
  const pixelBytes = <usize>args.channels * FLOAT;
  let source = args.source +
    <usize>((image * args.height + top) * args.width + left) * pixelBytes;
  let rowBytes = <usize>args.width * pixelBytes;
  const inside = top >= 0 && left >= 0 && top + PATCH <= args.height &&
    left + PATCH <= args.width;
  if (!inside) {
    copyPadded(args, image, top, left, patch);
    source = patch;
    rowBytes = <usize>PATCH * pixelBytes;
  }
  for (let at: usize = 0; at < pixelBytes; at += PAIR) {
    for (let column: usize = 0; column < <usize>PATCH; column++) {
      patchLine(source + at + column * pixelBytes, rowBytes, lines + column * PAIR, 6 * PAIR);
    }
    for (let row: usize = 0; row < <usize>PATCH; row++) {
      patchLine(lines + row * 6 * PAIR, PAIR, target + at + row * 6 * planeBytes, planeBytes);
    }
  }
}

/** Copies a patch that sticks out of the picture, with zeros outside. */
function copyPadded(args: WinogradArgs, image: i32, top: i32, left: i32, patch: usize): void {
  const pixelBytes = <usize>args.channels * FLOAT;
  memory.fill(patch, 0, <usize>PRODUCTS * pixelBytes);
  const firstColumn = max(0, -left);
  const columns = min(PATCH, args.width - left) - firstColumn;
  for (let row = max(0, -top); row < min(PATCH, args.height - top); row++) {
    memory.copy(
      patch + <usize>(row * PATCH + firstColumn) * pixelBytes,
      args.source + pixelBytes *
        <usize>((image * args.height + top + row) * args.width + left + firstColumn),
      <usize>columns * pixelBytes,
    );
  }
}

/** One line of Bt: six values from six. */
// @ts-ignore: decorator
@inline
function patchLine(source: usize, stride: usize, target: usize, targetStride: usize): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const minusFour = f32x4.splat(-4);
  const minusFive = f32x4.splat(-5);
  const a0 = v128.load(source);
  const a1 = v128.load(source + stride);
  const a2 = v128.load(source + 2 * stride);
  const a3 = v128.load(source + 3 * stride);
  const a4 = v128.load(source + 4 * stride);
  const a5 = v128.load(source + 5 * stride);
  const aEven = f32x4.relaxed_madd(a2, minusFour, a4);
  const aOdd = f32x4.relaxed_madd(a1, minusFour, a3);
  const aEvenDifference = f32x4.sub(a4, a2);
  const aOddDifference = f32x4.mul(f32x4.sub(a3, a1), two);
  const aFirst = f32x4.relaxed_madd(a0, four, f32x4.relaxed_madd(a2, minusFive, a4));
  const aSecond = f32x4.add(aEven, aOdd);
  const aThird = f32x4.sub(aEven, aOdd);
  const aFourth = f32x4.add(aEvenDifference, aOddDifference);
  const aFifth = f32x4.sub(aEvenDifference, aOddDifference);
  const aSixth = f32x4.relaxed_madd(a1, four, f32x4.relaxed_madd(a3, minusFive, a5));
  const b0 = v128.load(source, 16);
  const b1 = v128.load(source + stride, 16);
  const b2 = v128.load(source + 2 * stride, 16);
  const b3 = v128.load(source + 3 * stride, 16);
  const b4 = v128.load(source + 4 * stride, 16);
  const b5 = v128.load(source + 5 * stride, 16);
  const bEven = f32x4.relaxed_madd(b2, minusFour, b4);
  const bOdd = f32x4.relaxed_madd(b1, minusFour, b3);
  const bEvenDifference = f32x4.sub(b4, b2);
  const bOddDifference = f32x4.mul(f32x4.sub(b3, b1), two);
  const bFirst = f32x4.relaxed_madd(b0, four, f32x4.relaxed_madd(b2, minusFive, b4));
  const bSecond = f32x4.add(bEven, bOdd);
  const bThird = f32x4.sub(bEven, bOdd);
  const bFourth = f32x4.add(bEvenDifference, bOddDifference);
  const bFifth = f32x4.sub(bEvenDifference, bOddDifference);
  const bSixth = f32x4.relaxed_madd(b1, four, f32x4.relaxed_madd(b3, minusFive, b5));
  v128.store(target, aFirst);
  v128.store(target, bFirst, 16);
  v128.store(target + targetStride, aSecond);
  v128.store(target + targetStride, bSecond, 16);
  v128.store(target + 2 * targetStride, aThird);
  v128.store(target + 2 * targetStride, bThird, 16);
  v128.store(target + 3 * targetStride, aFourth);
  v128.store(target + 3 * targetStride, bFourth, 16);
  v128.store(target + 4 * targetStride, aFifth);
  v128.store(target + 4 * targetStride, bFifth, 16);
  v128.store(target + 5 * targetStride, aSixth);
  v128.store(target + 5 * targetStride, bSixth, 16);
}

/** At m A of one tile, from one row of each of the 36 planes. */
function transformProducts(
  args: WinogradArgs,
  index: i32,
  source: usize,
  planeBytes: usize,
  lines: usize,
): void {
  const tilesAcross = pieces(args.width, RESULTS);
  const tilesPerImage = pieces(args.height, RESULTS) * tilesAcross;
  const image = index / tilesPerImage;
  const top = index % tilesPerImage / tilesAcross * RESULTS;
  const left = index % tilesAcross * RESULTS;
  const rows = min(RESULTS, args.height - top);
  const columns = min(RESULTS, args.width - left);
  const pixelBytes = <usize>args.columns * FLOAT;
  const rowBytes = <usize>args.width * pixelBytes;
  const target = args.target +
    <usize>((image * args.height + top) * args.width + left) * pixelBytes;
  const results = lines + <usize>(RESULTS * PATCH) * PAIR;
  for (let at: usize = 0; at < pixelBytes; at += PAIR) {
    for (let column: usize = 0; column < <usize>PATCH; column++) {
      productLine(
        source + at + column * planeBytes, 6 * planeBytes, lines + column * PAIR, 6 * PAIR);
    }
    for (let row: usize = 0; row < <usize>rows; row++) {
      productLine(lines + row * 6 * PAIR, PAIR, results, PAIR);
      for (let column: usize = 0; column < <usize>columns; column++) {
        const result = results + column * PAIR;
        const low = v128.load(result), high = v128.load(result, 16);
        const pixel = target + at + row * rowBytes + column * pixelBytes;
        v128.store(pixel, low);
        v128.store(pixel, high, 16);
      }
    }
  }
}

/** One line of At: four values from six. */
// @ts-ignore: decorator
@inline
function productLine(source: usize, stride: usize, target: usize, targetStride: usize): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const eight = f32x4.splat(8);
  const a0 = v128.load(source);
  const a1 = v128.load(source + stride);
  const a2 = v128.load(source + 2 * stride);
  const a3 = v128.load(source + 3 * stride);
  const a4 = v128.load(source + 4 * stride);
  const a5 = v128.load(source + 5 * stride);
  const aSum12 = f32x4.add(a1, a2);
  const aSum34 = f32x4.add(a3, a4);
  const aDifference12 = f32x4.sub(a1, a2);
  const aDifference34 = f32x4.sub(a3, a4);
  const aFirst = f32x4.add(a0, f32x4.add(aSum12, aSum34));
  const aSecond = f32x4.relaxed_madd(aDifference34, two, aDifference12);
  const aThird = f32x4.relaxed_madd(aSum34, four, aSum12);
  const aFourth = f32x4.add(a5, f32x4.relaxed_madd(aDifference34, eight, aDifference12));
  const b0 = v128.load(source, 16);
  const b1 = v128.load(source + stride, 16);
  const b2 = v128.load(source + 2 * stride, 16);
  const b3 = v128.load(source + 3 * stride, 16);
  const b4 = v128.load(source + 4 * stride, 16);
  const b5 = v128.load(source + 5 * stride, 16);
  const bSum12 = f32x4.add(b1, b2);
  const bSum34 = f32x4.add(b3, b4);
  const bDifference12 = f32x4.sub(b1, b2);
  const bDifference34 = f32x4.sub(b3, b4);
  const bFirst = f32x4.add(b0, f32x4.add(bSum12, bSum34));
  const bSecond = f32x4.relaxed_madd(bDifference34, two, bDifference12);
  const bThird = f32x4.relaxed_madd(bSum34, four, bSum12);
  const bFourth = f32x4.add(b5, f32x4.relaxed_madd(bDifference34, eight, bDifference12));
  v128.store(target, aFirst);
  v128.store(target, bFirst, 16);
  v128.store(target + targetStride, aSecond);
  v128.store(target + targetStride, bSecond, 16);
  v128.store(target + 2 * targetStride, aThird);
  v128.store(target + 2 * targetStride, bThird, 16);
  v128.store(target + 3 * targetStride, aFourth);
  v128.store(target + 3 * targetStride, bFourth, 16);
}
