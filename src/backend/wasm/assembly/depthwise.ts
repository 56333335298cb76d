import { FLOAT, loadPart, storePart } from "./layout";
import { multiplyAdd } from "./multiply_add";

@unmanaged
class DepthwiseArgs {
  /** [images, sourceHeight, sourceWidth, channels]: x, or dx in its gradient */
  x: usize;
  /** [filterHeight, filterWidth, channels, multiplier], or that per chunk of images: its gradient */
  filter: usize;
  /** [images, targetHeight, targetWidth, channels * multiplier]: y, or dy in the gradients */
  y: usize;
  images: i32;
  sourceHeight: i32;
  sourceWidth: i32;
  targetHeight: i32;
  targetWidth: i32;
  channels: i32;
  multiplier: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padTop: i32;
  padLeft: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  /** Filter gradient only. */
  imagesPerChunk: i32;
}

/** Loads up to four floats, `step` apart. */
// @ts-ignore: decorator
@inline
function loadApart(address: usize, step: i32, count: i32): v128 {
  if (step == 1) return count >= 4 ? v128.load(address) : loadPart(address, count);
  const bytes = <usize>step * FLOAT;
  let values = f32x4.splat(load<f32>(address));
  if (count > 1) values = f32x4.replace_lane(values, 1, load<f32>(address + bytes));
  if (count > 2) values = f32x4.replace_lane(values, 2, load<f32>(address + 2 * bytes));
  if (count > 3) values = f32x4.replace_lane(values, 3, load<f32>(address + 3 * bytes));
  return values;
}

/** Stores up to four floats `step` apart. */
// @ts-ignore: decorator
@inline
function storeApart(address: usize, step: i32, values: v128, count: i32): void {
  if (step == 1) {
    if (count >= 4) v128.store(address, values);
    else storePart(address, values, count);
    return;
  }
  const bytes = <usize>step * FLOAT;
  store<f32>(address, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(address + bytes, f32x4.extract_lane(values, 1));
  if (count > 2) store<f32>(address + 2 * bytes, f32x4.extract_lane(values, 2));
  if (count > 3) store<f32>(address + 3 * bytes, f32x4.extract_lane(values, 3));
}

/** The first tap not before 0, of taps `dilation` apart from `start` on. */
// @ts-ignore: decorator
@inline
function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** One past the last of `taps` taps that is before `size`. */
// @ts-ignore: decorator
@inline
function lastTap(start: i32, dilation: i32, size: i32, taps: i32): i32 {
  return start >= size ? 0 : min(taps, (size - 1 - start) / dilation + 1);
}

/** The sum over a window of taps, of up to four channels. */
// @ts-ignore: decorator
@inline
function windowSum(
  args: DepthwiseArgs,
  source: usize,
  filter: usize,
  rows: i32,
  columns: i32,
  multiplier: i32,
  width: i32,
): v128 {
  const pixelBytes = <usize>args.channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const pixelStep = <usize>args.dilationWidth * pixelBytes;
  const rowStep = <usize>(args.dilationHeight * args.sourceWidth) * pixelBytes;
  const filterStep = <usize>args.filterWidth * tapBytes;
  let sum = f32x4.splat(0);
  for (; rows > 0; rows--) {
    let at = source;
    let tap = filter;
    for (let column = columns; column > 0; column--) {
      sum = multiplyAdd(loadApart(at, 1, width), loadApart(tap, multiplier, width), sum);
      at += pixelStep;
      tap += tapBytes;
    }
    source += rowStep;
    filter += filterStep;
  }
  return sum;
}

/** Each task computes one row of one picture of y. */
export function depthwise(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const pixelBytes = <usize>channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const image = task / args.targetHeight;
  const top = task % args.targetHeight * args.strideHeight - args.padTop;
  const firstY = firstTap(top, args.dilationHeight);
  const rows = lastTap(top, args.dilationHeight, args.sourceHeight, args.filterHeight) - firstY;
  const sourceRow = image * args.sourceHeight + top + firstY * args.dilationHeight;
  let target = args.y + <usize>(task * args.targetWidth) * tapBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    const left = x * args.strideWidth - args.padLeft;
    const firstX = firstTap(left, args.dilationWidth);
    const columns = lastTap(left, args.dilationWidth, args.sourceWidth, args.filterWidth) - firstX;
    const pixel = sourceRow * args.sourceWidth + left + firstX * args.dilationWidth;
    const source = args.x + <usize>pixel * pixelBytes;
    const filter = args.filter + <usize>(firstY * args.filterWidth + firstX) * tapBytes;
    let channel = 0;
    if (multiplier == 1) {
      for (; channel + 4 <= channels; channel += 4) {
        const offset = <usize>channel * FLOAT;
        const sum = windowSum(args, source + offset, filter + offset, rows, columns, 1, 4);
        v128.store(target + offset, sum);
      }
    }
    for (; channel < channels; channel += 4) {
      const width = channels - channel;
      for (let copy = 0; copy < multiplier; copy++) {
        const at = source + <usize>channel * FLOAT;
        const offset = <usize>(channel * multiplier + copy) * FLOAT;
        const sum = windowSum(args, at, filter + offset, rows, columns, multiplier, width);
        storeApart(target + offset, multiplier, sum, width);
      }
    }
    target += tapBytes;
  }
}

/** The sum over the taps that reach a pixel of x, of up to four channels. */
// @ts-ignore: decorator
@inline
function reachingSum(
  args: DepthwiseArgs,
  image: i32,
  sourceY: i32,
  sourceX: i32,
  offset: usize,
  multiplier: i32,
  width: i32,
): v128 {
  const tapBytes = <usize>(args.channels * multiplier) * FLOAT;
  let sum = f32x4.splat(0);
  for (let tapY = 0; tapY < args.filterHeight; tapY++) {
    const scaledY = sourceY + args.padTop - tapY;
    const y = scaledY / args.strideHeight;
    if (scaledY < 0 || scaledY % args.strideHeight != 0 || y >= args.targetHeight) continue;
    const row = (image * args.targetHeight + y) * args.targetWidth;
    for (let tapX = 0; tapX < args.filterWidth; tapX++) {
      const scaledX = sourceX + args.padLeft - tapX;
      const x = scaledX / args.strideWidth;
      if (scaledX < 0 || scaledX % args.strideWidth != 0 || x >= args.targetWidth) continue;
      let dy = args.y + <usize>(row + x) * tapBytes + offset;
      let filter = args.filter + <usize>(tapY * args.filterWidth + tapX) * tapBytes + offset;
      for (let copy = 0; copy < multiplier; copy++) {
        sum = multiplyAdd(
          loadApart(dy, multiplier, width), loadApart(filter, multiplier, width), sum);
        dy += FLOAT;
        filter += FLOAT;
      }
    }
  }
  return sum;
}

/** Each task computes one row of one picture of dx; not dilated. */
export function depthwiseInputGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const image = task / args.sourceHeight;
  const sourceY = task % args.sourceHeight;
  let target = args.x + <usize>(task * args.sourceWidth * channels) * FLOAT;
  for (let sourceX = 0; sourceX < args.sourceWidth; sourceX++) {
    let channel = 0;
    if (multiplier == 1) {
      for (; channel + 4 <= channels; channel += 4) {
        const offset = <usize>channel * FLOAT;
        v128.store(target, reachingSum(args, image, sourceY, sourceX, offset, 1, 4));
        target += 16;
      }
    }
    for (; channel < channels; channel += 4) {
      const width = channels - channel;
      const offset = <usize>(channel * multiplier) * FLOAT;
      const sum = reachingSum(args, image, sourceY, sourceX, offset, multiplier, width);
      storePart(target, sum, width);
      target += <usize>min(4, width) * FLOAT;
    }
  }
}

/** The sum over the rows and columns of dy whose tap meets the picture, of up to four channels. */
// @ts-ignore: decorator
@inline
function meetingSum(
  args: DepthwiseArgs,
  source: usize,
  dy: usize,
  rows: i32,
  columns: i32,
  multiplier: i32,
  width: i32,
): v128 {
  const pixelBytes = <usize>args.channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const pixelStep = <usize>args.strideWidth * pixelBytes;
  const sourceStep = <usize>(args.strideHeight * args.sourceWidth) * pixelBytes;
  const dyStep = <usize>args.targetWidth * tapBytes;
  let sum = f32x4.splat(0);
  for (; rows > 0; rows--) {
    let x = source;
    let y = dy;
    for (let column = columns; column > 0; column--) {
      sum = multiplyAdd(loadApart(x, 1, width), loadApart(y, multiplier, width), sum);
      x += pixelStep;
      y += tapBytes;
    }
    source += sourceStep;
    dy += dyStep;
  }
  return sum;
}

/** Each task computes one chunk of images; not dilated. */
export function depthwiseFilterGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const pixelBytes = <usize>channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const firstImage = task * args.imagesPerChunk;
  const lastImage = min(args.images, firstImage + args.imagesPerChunk);
  const taps = args.filterHeight * args.filterWidth;
  const chunk = args.filter + <usize>(task * taps) * tapBytes;
  memory.fill(chunk, 0, <usize>taps * tapBytes);
  for (let image = firstImage; image < lastImage; image++) {
    for (let tap = 0; tap < taps; tap++) {
      const shiftY = tap / args.filterWidth - args.padTop;
      const shiftX = tap % args.filterWidth - args.padLeft;
      const firstY = firstTap(shiftY, args.strideHeight);
      const firstX = firstTap(shiftX, args.strideWidth);
      const rows = lastTap(shiftY, args.strideHeight, args.sourceHeight, args.targetHeight) - firstY;
      const columns = lastTap(shiftX, args.strideWidth, args.sourceWidth, args.targetWidth) - firstX;
      const sourceRow = image * args.sourceHeight + shiftY + firstY * args.strideHeight;
      const pixel = sourceRow * args.sourceWidth + shiftX + firstX * args.strideWidth;
      const source = args.x + <usize>pixel * pixelBytes;
      const dyPixel = (image * args.targetHeight + firstY) * args.targetWidth + firstX;
      const dy = args.y + <usize>dyPixel * tapBytes;
      const target = chunk + <usize>tap * tapBytes;
      let channel = 0;
      if (multiplier == 1) {
        for (; channel + 4 <= channels; channel += 4) {
          const offset = <usize>channel * FLOAT;
          const sum = meetingSum(args, source + offset, dy + offset, rows, columns, 1, 4);
          v128.store(target + offset, f32x4.add(v128.load(target + offset), sum));
        }
      }
      for (; channel < channels; channel += 4) {
        const width = channels - channel;
        for (let copy = 0; copy < multiplier; copy++) {
          const at = source + <usize>channel * FLOAT;
          const offset = <usize>(channel * multiplier + copy) * FLOAT;
          const sum = meetingSum(args, at, dy + offset, rows, columns, multiplier, width);
          const before = loadApart(target + offset, multiplier, width);
          storeApart(target + offset, multiplier, f32x4.add(before, sum), width);
        }
      }
    }
  }
}
