import { binary } from "./binary";
import { FLOAT, storePart } from "./layout";

/** Operations with a float32 result. */
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

/** The larger one; NaN where either is NaN. */
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

/** The smaller one; NaN where either is NaN. */
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

/** a, multiplied by b where a is negative. */
export function prelu(argsAddress: usize, task: i32, scratch: usize): void {
  binary<Prelu>(argsAddress, task);
}

/** The square for the first two values, in float64, where the difference is not rounded. */
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
