import { FLOAT, storePart } from "./layout";
import { CHUNK, UnaryArgs } from "./unary_arguments";

/** target = operation(source), four values at a time. */
// @ts-ignore: decorator
@inline
function unary<Operation>(argsAddress: usize, task: i32): void {
  const args = changetype<UnaryArgs>(argsAddress);
  const operation = changetype<Operation>(0);
  const first = task * CHUNK;
  let count = min(args.size - first, CHUNK);
  let source = args.source + <usize>first * FLOAT;
  let target = args.target + <usize>first * FLOAT;
  const alpha = f32x4.splat(args.alpha);
  const beta = f32x4.splat(args.beta);
  for (; count >= 8; count -= 8) {
    const low = operation.of(v128.load(source), alpha, beta);
    const high = operation.of(v128.load(source, 16), alpha, beta);
    v128.store(target, high, 16);
    v128.store(target, low);
    source += 32;
    target += 32;
  }
  for (; count > 0; count -= 4) {
    storePart(target, operation.of(v128.load(source), alpha, beta), count);
    source += 16;
    target += 16;
  }
}

@unmanaged
class Abs {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.abs(x);
  }
}

/** |x| */
export function abs(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Abs>(argsAddress, task);
}

@unmanaged
class Ceil {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.ceil(x);
  }
}

/** The smallest whole number not less than x. */
export function ceil(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Ceil>(argsAddress, task);
}

@unmanaged
class ClipByValue {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return v128.bitselect(
      beta, v128.bitselect(alpha, x, f32x4.lt(x, alpha)), f32x4.gt(x, beta));
  }
}

/** x, clamped to alpha ... beta; NaN stays NaN. */
export function clipByValue(argsAddress: usize, task: i32, scratch: usize): void {
  unary<ClipByValue>(argsAddress, task);
}

@unmanaged
class Floor {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.floor(x);
  }
}

/** The largest whole number not greater than x. */
export function floor(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Floor>(argsAddress, task);
}

@unmanaged
class LeakyRelu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return v128.bitselect(f32x4.mul(x, alpha), x, f32x4.lt(x, f32x4.splat(0)));
  }
}

/** x, multiplied by alpha where it is negative. */
export function leakyRelu(argsAddress: usize, task: i32, scratch: usize): void {
  unary<LeakyRelu>(argsAddress, task);
}

@unmanaged
class Neg {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.neg(x);
  }
}

/** -x */
export function neg(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Neg>(argsAddress, task);
}

@unmanaged
class Reciprocal {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
}

/** 1 / x */
export function reciprocal(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Reciprocal>(argsAddress, task);
}

@unmanaged
class Relu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.max(x, f32x4.splat(0));
  }
}

/** max(x, 0); NaN stays NaN. */
export function relu(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Relu>(argsAddress, task);
}

@unmanaged
class Relu6 {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.min(f32x4.max(x, f32x4.splat(0)), f32x4.splat(6));
  }
}

/** x, clamped to 0 ... 6; NaN stays NaN. */
export function relu6(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Relu6>(argsAddress, task);
}

@unmanaged
class Round {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    // The stock kernel makes -0.5 zero, not -0.
    return v128.andnot(f32x4.nearest(x), f32x4.eq(x, f32x4.splat(-0.5)));
  }
}

/** The nearest whole number; ties go to the even one. */
export function round(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Round>(argsAddress, task);
}

@unmanaged
class Sign {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return v128.or(
      v128.and(f32x4.splat(-1), f32x4.lt(x, f32x4.splat(0))),
      v128.and(f32x4.splat(1), f32x4.gt(x, f32x4.splat(0))));
  }
}

/** -1, 0 or 1; 0 where x is NaN. */
export function sign(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Sign>(argsAddress, task);
}

@unmanaged
class Sqrt {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.sqrt(x);
  }
}

/** The square root. */
export function sqrt(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Sqrt>(argsAddress, task);
}

@unmanaged
class Square {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.mul(x, x);
  }
}

/** x * x */
export function square(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Square>(argsAddress, task);
}

@unmanaged
class Step {
  // @ts-ignore: decorator
  @inline
  of(x: v128, alpha: v128, beta: v128): v128 {
    return v128.bitselect(
      v128.bitselect(f32x4.splat(1), alpha, f32x4.gt(x, f32x4.splat(0))), x, f32x4.eq(x, x));
  }
}

/** 1 where x > 0, NaN where x is NaN, alpha elsewhere. */
export function step(argsAddress: usize, task: i32, scratch: usize): void {
  unary<Step>(argsAddress, task);
}
