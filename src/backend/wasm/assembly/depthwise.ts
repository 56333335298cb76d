import { FLOAT, loadPart, storePart } from "./layout";

@unmanaged
class DepthwiseArgs {
  /** [images, sourceHeight, sourceWidth, channels]: x, or dx where that is wanted */
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

/** Loads up to four floats that are `step` apart. */
// @ts-ignore: decorator
@inline
function loadApart(address: usize, step: i32, count: i32): v128 {
  if (step == 1) return loadPart(address, count);
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
    storePart(address, values, count);
    return;
  }
  const bytes = <usize>step * FLOAT;
  store<f32>(address, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(address + bytes, f32x4.extract_lane(values, 1));
  if (count > 2) store<f32>(address + 2 * bytes, f32x4.extract_lane(values, 2));
  if (count > 3) store<f32>(address + 3 * bytes, f32x4.extract_lane(values, 3));
}

/** The first tap, of those that are `dilation` apart from `start` on, that is not before 0. */
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

/** One task does one row of one picture of y. */
export function depthwise(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const pixelBytes = <usize>channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const image = task / args.targetHeight;
  const top = task % args.targetHeight * args.strideHeight - args.padTop;
  const firstY = firstTap(top, args.dilationHeight);
  const lastY = lastTap(top, args.dilationHeight, args.sourceHeight, args.filterHeight);
  let target = args.y + <usize>(task * args.targetWidth) * tapBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    const left = x * args.strideWidth - args.padLeft;
    const firstX = firstTap(left, args.dilationWidth);
    const lastX = lastTap(left, args.dilationWidth, args.sourceWidth, args.filterWidth);
    for (let copy = 0; copy < multiplier; copy++) {
      for (let channel = 0; channel < channels; channel += 4) {
        const width = channels - channel;
        const offset = <usize>channel * FLOAT;
        const filterOffset = <usize>(channel * multiplier + copy) * FLOAT;
        let sum = f32x4.splat(0);
        for (let tapY = firstY; tapY < lastY; tapY++) {
          const row = (image * args.sourceHeight + top + tapY * args.dilationHeight) *
            args.sourceWidth;
          for (let tapX = firstX; tapX < lastX; tapX++) {
            const pixel = row + left + tapX * args.dilationWidth;
            const tap = <usize>(tapY * args.filterWidth + tapX);
            sum = f32x4.relaxed_madd(
              loadPart(args.x + <usize>pixel * pixelBytes + offset, width),
              loadApart(args.filter + tap * tapBytes + filterOffset, multiplier, width),
              sum,
            );
          }
        }
        storeApart(target + filterOffset, multiplier, sum, width);
      }
    }
    target += tapBytes;
  }
}

/** One task does one row of one picture of dx. */
export function depthwiseInputGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const pixelBytes = <usize>channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const image = task / args.sourceHeight;
  const sourceY = task % args.sourceHeight;
  let target = args.x + <usize>(task * args.sourceWidth) * pixelBytes;
  for (let sourceX = 0; sourceX < args.sourceWidth; sourceX++) {
    for (let channel = 0; channel < channels; channel += 4) {
      const width = channels - channel;
      const offset = <usize>(channel * multiplier) * FLOAT;
      let sum = f32x4.splat(0);
      for (let tapY = 0; tapY < args.filterHeight; tapY++) {
        const scaledY = sourceY + args.padTop - tapY * args.dilationHeight;
        const y = scaledY / args.strideHeight;
        if (scaledY < 0 || scaledY % args.strideHeight != 0 || y >= args.targetHeight) continue;
        const row = (image * args.targetHeight + y) * args.targetWidth;
        for (let tapX = 0; tapX < args.filterWidth; tapX++) {
          const scaledX = sourceX + args.padLeft - tapX * args.dilationWidth;
          const x = scaledX / args.strideWidth;
          if (scaledX < 0 || scaledX % args.strideWidth != 0 || x >= args.targetWidth) continue;
          const dy = args.y + <usize>(row + x) * tapBytes + offset;
          const filter = args.filter + <usize>(tapY * args.filterWidth + tapX) * tapBytes + offset;
          for (let copy: usize = 0; copy < <usize>multiplier; copy++) {
            sum = f32x4.relaxed_madd(
              loadApart(dy + copy * FLOAT, multiplier, width),
              loadApart(filter + copy * FLOAT, multiplier, width),
              sum,
            );
          }
        }
      }
      storePart(target + <usize>channel * FLOAT, sum, width);
    }
    target += pixelBytes;
  }
}

/** One task does one chunk of images. */
export function depthwiseFilterGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<DepthwiseArgs>(argsAddress);
  const channels = args.channels;
  const multiplier = args.multiplier;
  const pixelBytes = <usize>channels * FLOAT;
  const tapBytes = pixelBytes * <usize>multiplier;
  const firstImage = task * args.imagesPerChunk;
  const lastImage = min(args.images, firstImage + args.imagesPerChunk);
  const taps = args.filterHeight * args.filterWidth;
  let target = args.filter + <usize>(task * taps) * tapBytes;
  memory.fill(target, 0, <usize>taps * tapBytes);
  for (let image = firstImage; image < lastImage; image++) {
    for (let tap = 0; tap < taps; tap++) {
      const shiftY = tap / args.filterWidth * args.dilationHeight - args.padTop;
      const shiftX = tap % args.filterWidth * args.dilationWidth - args.padLeft;
      // The rows and columns of dy whose tap meets the picture.
      const firstY = firstTap(shiftY, args.strideHeight);
      const lastY = lastTap(shiftY, args.strideHeight, args.sourceHeight, args.targetHeight);
      const firstX = firstTap(shiftX, args.strideWidth);
      const lastX = lastTap(shiftX, args.strideWidth, args.sourceWidth, args.targetWidth);
      for (let copy = 0; copy < multiplier; copy++) {
        for (let channel = 0; channel < channels; channel += 4) {
          const width = channels - channel;
          const offset = <usize>(channel * multiplier + copy) * FLOAT;
          const at = target + <usize>tap * tapBytes + offset;
          let sum = loadApart(at, multiplier, width);
          for (let y = firstY; y < lastY; y++) {
            const row = image * args.sourceHeight + shiftY + y * args.strideHeight;
            const pixel = row * args.sourceWidth + shiftX + firstX * args.strideWidth;
            let source = args.x + <usize>pixel * pixelBytes + <usize>channel * FLOAT;
            const dyPixel = (image * args.targetHeight + y) * args.targetWidth + firstX;
            let dy = args.y + <usize>dyPixel * tapBytes + offset;
            for (let x = firstX; x < lastX; x++) {
              sum = f32x4.relaxed_madd(
                loadPart(source, width), loadApart(dy, multiplier, width), sum);
              source += <usize>args.strideWidth * pixelBytes;
              dy += tapBytes;
            }
          }
          storeApart(at, multiplier, sum, width);
        }
      }
    }
  }
}
