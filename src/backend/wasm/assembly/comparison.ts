import { binary } from "./binary";

/** Operations with a byte as the result, 0 or 1; `of` returns lanes of ones or zeros. */
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

/** 1 where a differs from b or either is NaN. */
export function notEqual(argsAddress: usize, task: i32, scratch: usize): void {
  binary<NotEqual>(argsAddress, task);
}
