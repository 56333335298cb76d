import {
  exp as exponential,
  expm1 as exponentialLess1,
  log as logarithm,
  log1p as logarithmOf1And,
} from "./exponential";
import { FLOAT, storePart } from "./layout";

/** Values of one task. */
const CHUNK: i32 = 16384;

@unmanaged
class UnaryArgs {
  source: usize;
  /** The same place as `source`, or one that does not overlap it. */
  target: usize;
  /** Number of values. */
  size: i32;
  /** What these mean says each operation. */
  alpha: f32;
  beta: f32;
}

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
    v128.store(target, low);
    v128.store(target, high, 16);
    source += 32;
    target += 32;
  }
  for (; count > 0; count -= 4) {
    storePart(target, operation.of(v128.load(source), alpha, beta), count);
    source += 16;
    target += 16;
  }
}

/** target = operation(source), each value as a float64. */
// @ts-ignore: decorator
@inline
function unaryInDouble<Operation>(argsAddress: usize, task: i32): void {
  const args = changetype<UnaryArgs>(argsAddress);
  const operation = changetype<Operation>(0);
  const first = task * CHUNK;
  let source = args.source + <usize>first * FLOAT;
  let target = args.target + <usize>first * FLOAT;
  for (let count = min(args.size - first, CHUNK); count > 0; count -= 4) {
    const x = v128.load(source);
    const low = operation.of(f64x2.promote_low_f32x4(x));
    const high = operation.of(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)));
    const both = v128.shuffle<i64>(
      f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
    storePart(target, both, count);
    source += 16;
    target += 16;
  }
}

/** Of selu: as tfjs has them. */
const SELU_SCALE: f64 = 1.0507009873554805;
const SELU_SCALE_ALPHA: f64 = 1.7580993408473768;
/** Beyond minus and plus this softplus is exp(x) and x: log(2^-23) + 2. */
const SOFTPLUS_THRESHOLD: f64 = -13.942385152878742;

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

/** The least whole number that is not less. */
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

/** x from alpha to beta; NaN stays NaN. */
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

/** The largest whole number that is not more. */
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

/** x, times alpha where it is negative. */
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

/** x from 0 to 6; NaN stays NaN. */
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

/** The nearest whole number, of two the even one. */
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

@unmanaged
class Elu {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return v128.bitselect(x, exponentialLess1(x), f64x2.ge(x, f64x2.splat(0)));
  }
}

/** x, exp(x) - 1 where it is negative. */
export function elu(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Elu>(argsAddress, task);
}

@unmanaged
class Exp {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return exponential(x);
  }
}

/** e to the power of x. */
export function exp(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Exp>(argsAddress, task);
}

@unmanaged
class Expm1 {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return exponentialLess1(x);
  }
}

/** exp(x) - 1 */
export function expm1(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Expm1>(argsAddress, task);
}

@unmanaged
class Log {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return logarithm(x);
  }
}

/** The natural logarithm. */
export function log(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Log>(argsAddress, task);
}

@unmanaged
class Log1p {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return logarithmOf1And(x);
  }
}

/** log(1 + x) */
export function log1p(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Log1p>(argsAddress, task);
}

@unmanaged
class Rsqrt {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return f64x2.div(f64x2.splat(1), f64x2.sqrt(x));
  }
}

/** 1 / sqrt(x) */
export function rsqrt(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Rsqrt>(argsAddress, task);
}

@unmanaged
class Selu {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return v128.bitselect(
      f64x2.mul(x, f64x2.splat(SELU_SCALE)),
      f64x2.mul(exponentialLess1(x), f64x2.splat(SELU_SCALE_ALPHA)),
      f64x2.ge(x, f64x2.splat(0)));
  }
}

/** Elu with the slopes that normalise themselves (Klambauer et al., 2017). */
export function selu(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Selu>(argsAddress, task);
}

@unmanaged
class Sigmoid {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    return f64x2.div(
      f64x2.splat(1), f64x2.add(f64x2.splat(1), exponential(f64x2.neg(x))));
  }
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Sigmoid>(argsAddress, task);
}

@unmanaged
class Softplus {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    const power = exponential(x);
    const middle = logarithm(f64x2.add(f64x2.splat(1), power));
    const large = f64x2.gt(x, f64x2.splat(-SOFTPLUS_THRESHOLD));
    const small = f64x2.lt(x, f64x2.splat(SOFTPLUS_THRESHOLD));
    return v128.bitselect(power, v128.bitselect(x, middle, large), small);
  }
}

/** log(1 + exp(x)); x and exp(x) where that is as good, as the stock kernel has it. */
export function softplus(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Softplus>(argsAddress, task);
}

@unmanaged
class Tanh {
  // @ts-ignore: decorator
  @inline
  of(x: v128): v128 {
    const power = exponentialLess1(f64x2.add(x, x));
    return f64x2.div(power, f64x2.add(power, f64x2.splat(2)));
  }
}

/** The hyperbolic tangent. */
export function tanh(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Tanh>(argsAddress, task);
}
