import {
  exp as expOf,
  expm1 as expm1Of,
  log as logOf,
  log1p as log1pOf,
  CONSTANTS_BYTES,
  writeConstants,
} from "./exponential";
import { FLOAT, storePart } from "./layout";
import { CHUNK, UnaryArgs } from "./unary_arguments";

/** Constants of selu, as in tfjs. */
const SELU_SCALE: f64 = 1.0507009873554805;
const SELU_SCALE_ALPHA: f64 = 1.7580993408473768;
/** Beyond minus and plus this softplus is exp(x) and x: log(2^-23) + 2. */
const SOFTPLUS_THRESHOLD: f64 = -13.942385152878742;

/** target = operation(source), each value as a float64. */
// @ts-ignore: decorator
@inline
function unaryInDouble<Operation>(argsAddress: usize, task: i32, constants: usize): void {
  writeConstants(constants);
  const args = changetype<UnaryArgs>(argsAddress);
  const operation = changetype<Operation>(0);
  const first = task * CHUNK;
  let source = args.source + <usize>first * FLOAT;
  let target = args.target + <usize>first * FLOAT;
  for (let count = min(args.size - first, CHUNK); count > 0; count -= 4) {
    const x = v128.load(source);
    const low = operation.of(f64x2.promote_low_f32x4(x), constants);
    const high = operation.of(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), constants);
    const both = v128.shuffle<i64>(
      f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
    if (count >= 4) v128.store(target, both);
    else storePart(target, both, count);
    source += 16;
    target += 16;
  }
}

@unmanaged
class Elu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return v128.bitselect(x, expm1Of(x, constants), f64x2.ge(x, f64x2.splat(0)));
  }
}

/** x, exp(x) - 1 where it is negative. */
export function elu(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Elu>(argsAddress, task, scratch);
}

@unmanaged
class Exp {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return expOf(x, constants);
  }
}

/** e to the power of x. */
export function exp(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Exp>(argsAddress, task, scratch);
}

@unmanaged
class Expm1 {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return expm1Of(x, constants);
  }
}

/** exp(x) - 1 */
export function expm1(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Expm1>(argsAddress, task, scratch);
}

@unmanaged
class Log {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return logOf(x, constants);
  }
}

/** The natural logarithm. */
export function log(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Log>(argsAddress, task, scratch);
}

@unmanaged
class Log1p {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return log1pOf(x, constants);
  }
}

/** log(1 + x) */
export function log1p(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Log1p>(argsAddress, task, scratch);
}

@unmanaged
class Rsqrt {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return f64x2.div(f64x2.splat(1), f64x2.sqrt(x));
  }
}

/** 1 / sqrt(x) */
export function rsqrt(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Rsqrt>(argsAddress, task, scratch);
}

@unmanaged
class Selu {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return v128.bitselect(
      f64x2.mul(x, f64x2.splat(SELU_SCALE)),
      f64x2.mul(expm1Of(x, constants), f64x2.splat(SELU_SCALE_ALPHA)),
      f64x2.ge(x, f64x2.splat(0)));
  }
}

/** Elu with the slopes that normalise themselves (Klambauer et al., 2017). */
export function selu(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Selu>(argsAddress, task, scratch);
}

@unmanaged
class Sigmoid {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    return f64x2.div(
      f64x2.splat(1), f64x2.add(f64x2.splat(1), expOf(f64x2.neg(x), constants)));
  }
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Sigmoid>(argsAddress, task, scratch);
}

@unmanaged
class Softplus {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    const power = expOf(x, constants);
    const middle = logOf(f64x2.add(v128.load64_splat(constants, 40), power), constants);
    const large = f64x2.gt(x, f64x2.splat(-SOFTPLUS_THRESHOLD));
    const small = f64x2.lt(x, f64x2.splat(SOFTPLUS_THRESHOLD));
    return v128.bitselect(power, v128.bitselect(x, middle, large), small);
  }
}

/** log(1 + exp(x)); x and exp(x) where these are as exact, as in the stock kernel. */
export function softplus(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Softplus>(argsAddress, task, scratch);
}

@unmanaged
class Tanh {
  // @ts-ignore: decorator
  @inline
  of(x: v128, constants: usize): v128 {
    const power = expm1Of(f64x2.add(x, x), constants);
    return f64x2.div(power, f64x2.add(power, f64x2.splat(2)));
  }
}

/** The hyperbolic tangent. */
export function tanh(argsAddress: usize, task: i32, scratch: usize): void {
  unaryInDouble<Tanh>(argsAddress, task, scratch);
}

// All of them keep the constants of exponentials and logarithms in their thread's own memory.

export function eluScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function expScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function expm1Scratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function logScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function log1pScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function rsqrtScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function seluScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function sigmoidScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function softplusScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

export function tanhScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}
