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

/** Largest value of each window, padding left out. One task does one row of one picture of y. */
export function maxPool(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const image = task / args.targetHeight;
  const source = args.x + <usize>(image * args.sourceHeight * args.sourceWidth) * pixelBytes;
  let target = args.y + <usize>(task * args.targetWidth) * pixelBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    setWindow(window, args, task % args.targetHeight, x);
    for (let channel = 0; channel < args.channels; channel += 4) {
      const width = args.channels - channel;
      const offset = <usize>channel * FLOAT;
      let largest = f32x4.splat(-Infinity);
      for (let row = window.top; row < window.bottom; row++) {
        let at = source + <usize>(row * args.sourceWidth + window.left) * pixelBytes + offset;
        for (let column = window.left; column < window.right; column++) {
          largest = f32x4.max(largest, loadPart(at, width));
          at += pixelBytes;
        }
      }
      storePart(target + offset, largest, width);
    }
    target += pixelBytes;
  }
}

/** Mean of each window, padding left out. One task does one row of one picture of y. */
export function averagePool(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const image = task / args.targetHeight;
  const source = args.x + <usize>(image * args.sourceHeight * args.sourceWidth) * pixelBytes;
  let target = args.y + <usize>(task * args.targetWidth) * pixelBytes;
  for (let x = 0; x < args.targetWidth; x++) {
    setWindow(window, args, task % args.targetHeight, x);
    const count = (window.bottom - window.top) * (window.right - window.left);
    const share = f32x4.splat(<f32>1 / <f32>count);
    for (let channel = 0; channel < args.channels; channel += 4) {
      const width = args.channels - channel;
      const offset = <usize>channel * FLOAT;
      let sum = f32x4.splat(0);
      for (let row = window.top; row < window.bottom; row++) {
        let at = source + <usize>(row * args.sourceWidth + window.left) * pixelBytes + offset;
        for (let column = window.left; column < window.right; column++) {
          sum = f32x4.add(sum, loadPart(at, width));
          at += pixelBytes;
        }
      }
      storePart(target + offset, f32x4.mul(sum, share), width);
    }
    target += pixelBytes;
  }
}

/** Adds dy to the first largest pixel of its window. One task does one picture. */
export function maxPoolGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const sourceStart = <usize>(task * args.sourceHeight * args.sourceWidth) * pixelBytes;
  memory.fill(args.dx + sourceStart, 0,
    <usize>(args.sourceHeight * args.sourceWidth) * pixelBytes);
  let target = <usize>(task * args.targetHeight * args.targetWidth) * pixelBytes;
  for (let y = 0; y < args.targetHeight; y++) {
    for (let x = 0; x < args.targetWidth; x++) {
      setWindow(window, args, y, x);
      for (let channel = 0; channel < args.channels; channel += 4) {
        const width = args.channels - channel;
        const offset = <usize>channel * FLOAT;
        const largest = loadPart(args.y + target + offset, width);
        // Lanes that have found their largest pixel hold zero from then on.
        let dy = loadPart(args.dy + target + offset, width);
        for (let row = window.top; row < window.bottom; row++) {
          let at = sourceStart + offset +
            <usize>(row * args.sourceWidth + window.left) * pixelBytes;
          for (let column = window.left; column < window.right; column++) {
            const found = f32x4.eq(loadPart(args.x + at, width), largest);
            const sum = f32x4.add(loadPart(args.dx + at, width), v128.and(dy, found));
            storePart(args.dx + at, sum, width);
            dy = v128.andnot(dy, found);
            at += pixelBytes;
          }
        }
      }
      target += pixelBytes;
    }
  }
}

/** Spreads dy evenly over its window. One task does one picture. */
export function averagePoolGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PoolArgs>(argsAddress);
  const window = changetype<Window>(scratch);
  const pixelBytes = <usize>args.channels * FLOAT;
  const source = args.dx + <usize>(task * args.sourceHeight * args.sourceWidth) * pixelBytes;
  memory.fill(source, 0, <usize>(args.sourceHeight * args.sourceWidth) * pixelBytes);
  let dy = args.dy + <usize>(task * args.targetHeight * args.targetWidth) * pixelBytes;
  for (let y = 0; y < args.targetHeight; y++) {
    for (let x = 0; x < args.targetWidth; x++) {
      setWindow(window, args, y, x);
      const count = (window.bottom - window.top) * (window.right - window.left);
      const share = f32x4.splat(<f32>1 / <f32>count);
      for (let channel = 0; channel < args.channels; channel += 4) {
        const width = args.channels - channel;
        const offset = <usize>channel * FLOAT;
        const part = f32x4.mul(loadPart(dy + offset, width), share);
        for (let row = window.top; row < window.bottom; row++) {
          let at = source + offset + <usize>(row * args.sourceWidth + window.left) * pixelBytes;
          for (let column = window.left; column < window.right; column++) {
            storePart(at, f32x4.add(loadPart(at, width), part), width);
            at += pixelBytes;
          }
        }
      }
      dy += pixelBytes;
    }
  }
}
