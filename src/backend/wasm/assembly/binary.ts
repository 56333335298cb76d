import { FLOAT } from "./layout";

/** Values of one task. */
const CHUNK: i32 = 16384;

/** Two tensors broadcast to one shape, with neighbouring axes joined to at most four. */
@unmanaged
class BinaryArgs {
  a: usize;
  b: usize;
  /** [.., size1, size2, size3]; the same address as `a` or `b`, or overlapping neither. */
  target: usize;
  /** Number of values of the target. */
  size: i32;
  size1: i32;
  size2: i32;
  size3: i32;
  /** Strides of `a` along each axis, in values: 0 where it is broadcast. */
  a0: i32;
  a1: i32;
  a2: i32;
  /** 0 or 1 */
  a3: i32;
  b0: i32;
  b1: i32;
  b2: i32;
  b3: i32;
}

/**
 * target = operation(a, b). Each task computes a run of values, which may begin and end anywhere in
 * a row.
 */
// @ts-ignore: decorator
@inline
export function binary<Operation>(argsAddress: usize, task: i32): void {
  const args = changetype<BinaryArgs>(argsAddress);
  const operation = changetype<Operation>(0);
  let position = task * CHUNK;
  const last = min(args.size, position + CHUNK);
  let i3 = position % args.size3;
  let i2 = position / args.size3;
  let i1 = i2 / args.size2;
  i2 %= args.size2;
  let i0 = i1 / args.size1;
  i1 %= args.size1;
  while (position < last) {
    const count = min(args.size3 - i3, last - position);
    const a = args.a + FLOAT * <usize>(i0 * args.a0 + i1 * args.a1 + i2 * args.a2 + i3 * args.a3);
    const b = args.b + FLOAT * <usize>(i0 * args.b0 + i1 * args.b1 + i2 * args.b2 + i3 * args.b3);
    const target = args.target + <usize>position * operation.resultBytes();
    if (args.b3 == 0) withScalarB<Operation>(a, b, target, count);
    else if (args.a3 == 0) withScalarA<Operation>(a, b, target, count);
    else rows<Operation>(a, b, target, count);
    position += count;
    i3 = 0;
    if (++i2 == args.size2) {
      i2 = 0;
      if (++i1 == args.size1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function rows<Operation>(a: usize, b: usize, target: usize, count: i32): void {
  const operation = changetype<Operation>(0);
  const bytes = 4 * operation.resultBytes();
  for (; count >= 8; count -= 8) {
    const low = operation.of(v128.load(a), v128.load(b));
    const high = operation.of(v128.load(a, 16), v128.load(b, 16));
    operation.store(target + bytes, high);
    operation.store(target, low);
    a += 32;
    b += 32;
    target += 2 * bytes;
  }
  for (; count > 0; count -= 4) {
    operation.storePart(target, operation.of(v128.load(a), v128.load(b)), count);
    a += 16;
    b += 16;
    target += bytes;
  }
}

// @ts-ignore: decorator
@inline
function withScalarA<Operation>(a: usize, b: usize, target: usize, count: i32): void {
  const operation = changetype<Operation>(0);
  const bytes = 4 * operation.resultBytes();
  const scalar = v128.load32_splat(a);
  for (; count >= 8; count -= 8) {
    const low = operation.of(scalar, v128.load(b));
    const high = operation.of(scalar, v128.load(b, 16));
    operation.store(target + bytes, high);
    operation.store(target, low);
    b += 32;
    target += 2 * bytes;
  }
  for (; count > 0; count -= 4) {
    operation.storePart(target, operation.of(scalar, v128.load(b)), count);
    b += 16;
    target += bytes;
  }
}

// @ts-ignore: decorator
@inline
function withScalarB<Operation>(a: usize, b: usize, target: usize, count: i32): void {
  const operation = changetype<Operation>(0);
  const bytes = 4 * operation.resultBytes();
  const scalar = v128.load32_splat(b);
  for (; count >= 8; count -= 8) {
    const low = operation.of(v128.load(a), scalar);
    const high = operation.of(v128.load(a, 16), scalar);
    operation.store(target + bytes, high);
    operation.store(target, low);
    a += 32;
    target += 2 * bytes;
  }
  for (; count > 0; count -= 4) {
    operation.storePart(target, operation.of(v128.load(a), scalar), count);
    a += 16;
    target += bytes;
  }
}
