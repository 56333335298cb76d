import { FLOAT, loadPart, storePart } from "./layout";

/** Values of one task of an elementwise kernel. */
const CHUNK: i32 = 16384;

@unmanaged
class ElementwiseArgs {
  a: usize;
  /** The second operand; kernels of one operand do not read it. */
  b: usize;
  target: usize;
  /** Number of values. */
  size: i32;
  /** Slope of `step` below zero. */
  alpha: f32;
}

/** target = a + b */
export function add(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ElementwiseArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const sum = f32x4.add(loadPart(args.a + offset, width), loadPart(args.b + offset, width));
    storePart(args.target + offset, sum, width);
  }
}

/** target = a * b */
export function multiply(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ElementwiseArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const product = f32x4.mul(loadPart(args.a + offset, width), loadPart(args.b + offset, width));
    storePart(args.target + offset, product, width);
  }
}

/** target = max(a, 0); NaN stays NaN. */
export function relu(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ElementwiseArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const positive = f32x4.max(loadPart(args.a + offset, width), f32x4.splat(0));
    storePart(args.target + offset, positive, width);
  }
}

/** target = 1 where a > 0, NaN where a is NaN, alpha elsewhere. */
export function step(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ElementwiseArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  const one = f32x4.splat(1);
  const alpha = f32x4.splat(args.alpha);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const a = loadPart(args.a + offset, width);
    const steps = v128.bitselect(one, alpha, f32x4.gt(a, f32x4.splat(0)));
    storePart(args.target + offset, v128.bitselect(steps, a, f32x4.eq(a, a)), width);
  }
}
