import { FLOAT, storePart } from "./layout";

/** Values of one task. */
const CHUNK: i32 = 16384;

/** Two tensors broadcast to one shape, of which neighbouring axes are joined to four at most. */
@unmanaged
class BinaryArgs {
  a: usize;
  b: usize;
  /** [.., size1, size2, size3]; the same place as `a` or `b`, or one that overlaps neither. */
  target: usize;
  /** Number of values of the target. */
  size: i32;
  size1: i32;
  size2: i32;
  size3: i32;
  /** How many values of `a` lie between neighbours along each axis: 0 where it is broadcast. */
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

/** target = operation(a, b). One task does a run of values, wherever in a row it begins and ends. */
// @ts-ignore: decorator
@inline
function binary<Operation>(argsAddress: usize, task: i32): void {
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
    operation.store(target, low);
    operation.store(target + bytes, high);
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
    operation.store(target, low);
    operation.store(target + bytes, high);
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
    operation.store(target, low);
    operation.store(target + bytes, high);
    a += 32;
    target += 2 * bytes;
  }
  for (; count > 0; count -= 4) {
    operation.storePart(target, operation.of(v128.load(a), scalar), count);
    a += 16;
    target += bytes;
  }
}

/** Operations whose result is float32. */
@unmanaged
class Arithmetic {
  // @ts-ignore: decorator
  @inline
  resultBytes(): usize {
    return FLOAT;
  }

  // @ts-ignore: decorator
  @inline
  store(target: usize, result: v128): void {
    v128.store(target, result);
  }

  // @ts-ignore: decorator
  @inline
  storePart(target: usize, result: v128, count: i32): void {
    storePart(target, result, count);
  }
}

/** Operations whose result is a byte, 0 or 1; `of` gives lanes of ones or zeros. */
@unmanaged
class Comparison {
  // @ts-ignore: decorator
  @inline
  resultBytes(): usize {
    return 1;
  }

  // @ts-ignore: decorator
  @inline
  bytes(result: v128): i32 {
    const halves = i16x8.narrow_i32x4_s(result, result);
    return i32x4.extract_lane(i8x16.narrow_i16x8_s(halves, halves), 0) & 0x01010101;
  }

  // @ts-ignore: decorator
  @inline
  store(target: usize, result: v128): void {
    store<i32>(target, this.bytes(result));
  }

  // @ts-ignore: decorator
  @inline
  storePart(target: usize, result: v128, count: i32): void {
    let bytes = this.bytes(result);
    for (let i = min(count, 4); i > 0; i--) {
      store<u8>(target++, <u8>bytes);
      bytes >>= 8;
    }
  }
}

@unmanaged
class Add extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

/** a + b */
export function add(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Add>(argsAddress, task);
}

@unmanaged
class AddRelu extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.max(f32x4.add(a, b), f32x4.splat(0));
  }
}

/** max(a + b, 0); NaN stays NaN. */
export function addRelu(argsAddress: usize, task: i32, scratch: usize): void {
  binary<AddRelu>(argsAddress, task);
}

@unmanaged
class Divide extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}

/** a / b */
export function divide(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Divide>(argsAddress, task);
}

@unmanaged
class EluGradient extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return v128.bitselect(
      a, f32x4.mul(a, f32x4.add(b, f32x4.splat(1))), f32x4.ge(b, f32x4.splat(0)));
  }
}

/** a, the gradient of elu, where its value b is not negative, else a * (b + 1). */
export function eluGradient(argsAddress: usize, task: i32, scratch: usize): void {
  binary<EluGradient>(argsAddress, task);
}

@unmanaged
class Maximum extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

/** The larger one; NaN where either is. */
export function maximum(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Maximum>(argsAddress, task);
}

@unmanaged
class Minimum extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

/** The smaller one; NaN where either is. */
export function minimum(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Minimum>(argsAddress, task);
}

@unmanaged
class Multiply extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

/** a * b */
export function multiply(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Multiply>(argsAddress, task);
}

@unmanaged
class Prelu extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  }
}

/** a, times b where a is negative. */
export function prelu(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Prelu>(argsAddress, task);
}

/** Of the first two values; in float64, where the difference is not rounded. */
// @ts-ignore: decorator
@inline
function squaredDifferenceInDouble(a: v128, b: v128): v128 {
  const difference = f64x2.sub(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b));
  return f32x4.demote_f64x2_zero(f64x2.mul(difference, difference));
}

@unmanaged
class SquaredDifference extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    const low = squaredDifferenceInDouble(a, b);
    const high = squaredDifferenceInDouble(
      v128.shuffle<i64>(a, a, 1, 1), v128.shuffle<i64>(b, b, 1, 1));
    return v128.shuffle<i64>(low, high, 0, 2);
  }
}

/** (a - b) * (a - b) */
export function squaredDifference(argsAddress: usize, task: i32, scratch: usize): void {
  binary<SquaredDifference>(argsAddress, task);
}

@unmanaged
class Subtract extends Arithmetic {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}

/** a - b */
export function subtract(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Subtract>(argsAddress, task);
}

@unmanaged
class Equal extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.eq(a, b);
  }
}

/** a = b */
export function equal(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Equal>(argsAddress, task);
}

@unmanaged
class Greater extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.gt(a, b);
  }
}

/** a > b */
export function greater(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Greater>(argsAddress, task);
}

@unmanaged
class GreaterEqual extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.ge(a, b);
  }
}

/** a >= b */
export function greaterEqual(argsAddress: usize, task: i32, scratch: usize): void {
  binary<GreaterEqual>(argsAddress, task);
}

@unmanaged
class Less extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.lt(a, b);
  }
}

/** a < b */
export function less(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Less>(argsAddress, task);
}

@unmanaged
class LessEqual extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.le(a, b);
  }
}

/** a <= b */
export function lessEqual(argsAddress: usize, task: i32, scratch: usize): void {
  binary<LessEqual>(argsAddress, task);
}

@unmanaged
class NotEqual extends Comparison {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f32x4.ne(a, b);
  }
}

/** 1 where a is not b, and where either is NaN. */
export function notEqual(argsAddress: usize, task: i32, scratch: usize): void {
  binary<NotEqual>(argsAddress, task);
}
