/**
 * Multiply-add: fused into one operation where the module may use WebAssembly's relaxed SIMD, two
 * operations where it may not, for browsers that lack it.
 *
 * @module
 */

/** a b + c, of floats. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** a b + c, of doubles. */
@inline
export function multiplyAddDouble(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

/** c - a b, of doubles. */
@inline
export function subtractProductDouble(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_nmadd(a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
}
