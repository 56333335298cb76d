import { FLOAT, loadPart, storePart } from "./layout";

@unmanaged
class PoolArgs {
  /** [images, sourceHeight, sourceWidth, channels] */
  x: usize;
  /** [images, targetHeight, targetWidth, channels] */
  y: usize;
  /** Gradients only: of y, and of x. */
  dy: usize;
  dx: usize;
  sourceHeight: i32;
  sourceWidth: i32;
  targetHeight: i32;
  targetWidth: i32;
  channels: i32;
  windowHeight: i32;
  windowWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padTop: i32;
  padLeft: i32;
}

/** The part of a window that lies inside the picture. */
@unmanaged
class Window {
  top: i32;
  bottom: i32;
  left: i32;
  right: i32;
}

/** Every kernel here keeps one window in its thread's own memory. */
export function maxPoolScratch(argsAddress: usize): usize {
  return offsetof<Window>();
}

export function averagePoolScratch(argsAddress: usize): usize {
  return offsetof<Window>();
}

export function maxPoolGradientScratch(argsAddress: usize): usize {
  return offsetof<Window>();
}

export function averagePoolGradientScratch(argsAddress: usize): usize {
  return offsetof<Window>();
}

// @ts-ignore: decorator
@inline
function setWindow(window: Window, args: PoolArgs, y: i32, x: i32): void {
  const top = y * args.strideHeight - args.padTop;
  const left = x * args.strideWidth - args.padLeft;
  window.top = max(0, top);
  window.bottom = min(args.sourceHeight, top + args.windowHeight);
  window.left = max(0, left);
  window.right = min(args.sourceWidth, left + args.windowWidth);
}

/** Loads `width` floats; V8 sees no branch where `width` is the constant 4. */
// @ts-ignore: decorator
@inline
function loadSome(address: usize, width: i32): v128 {
  return width >= 4 ? v128.load(address) : loadPart(address, width);
}

// @ts-ignore: decorator
@inline
function storeSome(address: usize, values: v128, width: i32): void {
  if (width >= 4) v128.store(address, values);
  else storePart(address, values, width);
}

/** The largest values of a window, of up to four channels. */
// @ts-ignore: decorator
@inline
function largestOf(window: Window, source: usize, rowBytes: usize, pixelBytes: usize, width: i32): v128 {
  let start = source + <usize>window.top * rowBytes + <usize>window.left * pixelBytes;
  const columns = window.right - window.left;
  if (columns == 2 && window.bottom - window.top == 2) {
    // The most frequent window by far.
    const below = start + rowBytes;
    return f32x4.max(
      f32x4.max(loadSome(start, width), loadSome(start + pixelBytes, width)),
      f32x4.max(loadSome(below, width), loadSome(below + pixelBytes, width)),
    );
  }
  let largest = f32x4.splat(-Infinity);
  for (let row = window.bottom - window.top; row > 0; row--) {
    let at = start;
    for (let column = columns; column > 0; column--) {
      largest = f32x4.max(largest, loadSome(at, width));
      at += pixelBytes;
    }
    start += rowBytes;
  }
  return largest;
}

/** The sums of a window, of up to four channels. */
// @ts-ignore: decorator
@inline
function sumOf(window: Window, source: usize, rowBytes: usize, pixelBytes: usize, width: i32): v128 {
  let sum = f32x4.splat(0);
  let start = source + <usize>window.top * rowBytes + <usize>window.left * pixelBytes;
  const columns = window.right - window.left;
  for (let row = window.bottom - window.top; row > 0; row--) {
    let at = start;
    for (let column = columns; column > 0; column--) {
      sum = f32x4.add(sum, loadSome(at, width));
      at += pixelBytes;
    }
    start += rowBytes;
  }
  return sum;
}

/** Adds dy, of up to four channels, to the first largest pixel of a window. */
// @ts-ignore: decorator
@inline
function addToLargest(
  window: Window,
  x: usize,
  dx: usize,
  rowBytes: usize,
  pixelBytes: usize,
  largest: v128,
  dy: v128,
  width: i32,
): void {
  let start = <usize>window.top * rowBytes + <usize>window.left * pixelBytes;
  const columns = window.right - window.left;
  for (let row = window.bottom - window.top; row > 0; row--) {
    let at = start;
    for (let column = columns; column > 0; column--) {
      const found = f32x4.eq(loadSome(x + at, width), largest);
      storeSome(dx + at, f32x4.add(loadSome(dx + at, width), v128.and(dy, found)), width);
      // Lanes that have found their largest pixel hold zero from then on.
      dy = v128.andnot(dy, found);
      at += pixelBytes;
    }
    start += rowBytes;
  }
}

/** Adds a value to each pixel of a window, of up to four channels. */
// @ts-ignore: decorator
@inline
function addToAll(
  window: Window,
  dx: usize,
  rowBytes: usize,
  pixelBytes: usize,
  part: v128,
  width: i32,
): void {
  let start = dx + <usize>window.top * rowBytes + <usize>window.left * pixelBytes;
  const columns = window.right - window.left;
  for (let row = window.bottom - window.top; row > 0; row--) {
    let at = start;
    for (let column = columns; column > 0; column--) {
      storeSome(at, f32x4.add(loadSome(at, width), part), width);
      at += pixelBytes;
    }
    start += rowBytes;
  }
}

/**
 * Largest value of each window, padding left out. Each task computes one row of one picture of y.
 */
export function maxPool(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const rowBytes = <usize>args.sourceWidth * pixelBytes;
  const image = task / args.targetHeight;
  const source = args.x + <usize>(image * args.sourceHeight * args.sourceWidth) * pixelBytes;
  let target = args.y + <usize>(task * args.targetWidth) * pixelBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    setWindow(window, args, task % args.targetHeight, x);
    let channel = 0;
    for (; channel + 4 <= args.channels; channel += 4) {
      const offset = <usize>channel * FLOAT;
      v128.store(target + offset, largestOf(window, source + offset, rowBytes, pixelBytes, 4));
    }
    const width = args.channels - channel;
    if (width > 0) {
      const offset = <usize>channel * FLOAT;
      const largest = largestOf(window, source + offset, rowBytes, pixelBytes, width);
      storePart(target + offset, largest, width);
    }
    target += pixelBytes;
  }
}

/** Mean of each window, padding left out. Each task computes one row of one picture of y. */
export function averagePool(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const rowBytes = <usize>args.sourceWidth * pixelBytes;
  const image = task / args.targetHeight;
  const source = args.x + <usize>(image * args.sourceHeight * args.sourceWidth) * pixelBytes;
  let target = args.y + <usize>(task * args.targetWidth) * pixelBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    setWindow(window, args, task % args.targetHeight, x);
    const count = (window.bottom - window.top) * (window.right - window.left);
    const share = f32x4.splat(<f32>1 / <f32>count);
    let channel = 0;
    for (; channel + 4 <= args.channels; channel += 4) {
      const offset = <usize>channel * FLOAT;
      const sum = sumOf(window, source + offset, rowBytes, pixelBytes, 4);
      v128.store(target + offset, f32x4.mul(sum, share));
    }
    const width = args.channels - channel;
    if (width > 0) {
      const offset = <usize>channel * FLOAT;
      const sum = sumOf(window, source + offset, rowBytes, pixelBytes, width);
      storePart(target + offset, f32x4.mul(sum, share), width);
    }
    target += pixelBytes;
  }
}

/** Adds dy to the first largest pixel of its window. Each task computes one picture. */
export function maxPoolGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const rowBytes = <usize>args.sourceWidth * pixelBytes;
  const x = args.x + <usize>(task * args.sourceHeight) * rowBytes;
  const dx = args.dx + <usize>(task * args.sourceHeight) * rowBytes;
  memory.fill(dx, 0, <usize>args.sourceHeight * rowBytes);
  let target = <usize>(task * args.targetHeight * args.targetWidth) * pixelBytes;
  for (let row = 0; row < args.targetHeight; row++) {
    for (let column = 0; column < args.targetWidth; column++) {
      setWindow(window, args, row, column);
      let channel = 0;
      for (; channel + 4 <= args.channels; channel += 4) {
        const offset = <usize>channel * FLOAT;
        const largest = v128.load(args.y + target + offset);
        const dy = v128.load(args.dy + target + offset);
        addToLargest(window, x + offset, dx + offset, rowBytes, pixelBytes, largest, dy, 4);
      }
      const width = args.channels - channel;
      if (width > 0) {
        const offset = <usize>channel * FLOAT;
        const largest = loadPart(args.y + target + offset, width);
        const dy = loadPart(args.dy + target + offset, width);
        addToLargest(window, x + offset, dx + offset, rowBytes, pixelBytes, largest, dy, width);
      }
      target += pixelBytes;
    }
  }
}

/** Spreads dy evenly over its window. Each task computes one picture. */
export function averagePoolGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const rowBytes = <usize>args.sourceWidth * pixelBytes;
  const source = args.dx + <usize>(task * args.sourceHeight * args.sourceWidth) * pixelBytes;
  memory.fill(source, 0, <usize>(args.sourceHeight * args.sourceWidth) * pixelBytes);
  let dy = args.dy + <usize>(task * args.targetHeight * args.targetWidth) * pixelBytes;
  for (let y = 0; y < args.targetHeight; y++) {
    for (let x = 0; x < args.targetWidth; x++) {
      setWindow(window, args, y, x);
      const count = (window.bottom - window.top) * (window.right - window.left);
      const share = f32x4.splat(<f32>1 / <f32>count);
      let channel = 0;
      for (; channel + 4 <= args.channels; channel += 4) {
        const offset = <usize>channel * FLOAT;
        const part = f32x4.mul(v128.load(dy + offset), share);
        addToAll(window, source + offset, rowBytes, pixelBytes, part, 4);
      }
      const width = args.channels - channel;
      if (width > 0) {
        const offset = <usize>channel * FLOAT;
        const part = f32x4.mul(loadPart(dy + offset, width), share);
        addToAll(window, source + offset, rowBytes, pixelBytes, part, width);
      }
      dy += pixelBytes;
    }
  }
}
