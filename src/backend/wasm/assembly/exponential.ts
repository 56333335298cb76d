// Exponentials and logarithms of two values at a time, in float64: the stock cpu kernels compute in
// float64 too, and what the polynomials leave out is far below the last digit of a float32.

/** Powers of two beyond these have no float64; as float32 they are 0 and Infinity long before. */
const LARGEST: f64 = 708;
const LOG2_E: f64 = 1.4426950408889634;
const LN_2: f64 = 0.6931471805599453;
/** Added to a float64 below 2^51, it leaves that value, rounded, in the lowest bits. */
const ROUNDER: f64 = 6755399441055744;
const EXPONENT_BIAS: i64 = 1023;
const MANTISSA_BITS: i32 = 52;
/** The bits of sqrt(0.5), without the lower half. */
const ROOT_OF_HALF: i64 = 0x3fe6a09e00000000;

/** x * log2(e) plus ROUNDER: its lowest bits are k of exp(x) = 2^k * exp(x - k * ln(2)). */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128): v128 {
  return f64x2.relaxed_madd(x, f64x2.splat(LOG2_E), f64x2.splat(ROUNDER));
}

/** exp(x - k * ln(2)) - 1 by its Taylor series; relative error 2e-11. */
// @ts-ignore: decorator
@inline
function reducedExpm1(x: v128, rounded: v128): v128 {
  const k = f64x2.sub(rounded, f64x2.splat(ROUNDER));
  const r = f64x2.relaxed_nmadd(k, f64x2.splat(LN_2), x);
  let sum = f64x2.splat(1.0 / 362880);
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 40320));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 5040));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 720));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 120));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 24));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1.0 / 6));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(0.5));
  sum = f64x2.relaxed_madd(sum, r, f64x2.splat(1));
  return f64x2.mul(sum, r);
}

/** 2^k */
// @ts-ignore: decorator
@inline
function powerOfTwo(rounded: v128): v128 {
  const exponent = i64x2.shl(rounded, MANTISSA_BITS);
  return i64x2.add(exponent, i64x2.splat(EXPONENT_BIAS << MANTISSA_BITS));
}

/** x, or the next number whose exponential is a float64; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function limited(x: v128): v128 {
  return f64x2.min(f64x2.max(x, f64x2.splat(-LARGEST)), f64x2.splat(LARGEST));
}

/** exp(x) of two float64. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const within = limited(x);
  const rounded = roundedExponent(within);
  const power = powerOfTwo(rounded);
  return f64x2.relaxed_madd(power, reducedExpm1(within, rounded), power);
}

/** exp(x) - 1 of two float64, with all digits near zero; -0 stays -0. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const within = limited(x);
  const rounded = roundedExponent(within);
  const power = powerOfTwo(rounded);
  const result = f64x2.relaxed_madd(
    power,
    reducedExpm1(within, rounded),
    f64x2.sub(power, f64x2.splat(1)),
  );
  return v128.bitselect(x, result, f64x2.eq(x, f64x2.splat(0)));
}

/** The natural logarithm of two float64 that are float32 or sums of two of them. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // x = 2^k * m with m from sqrt(0.5) to sqrt(2), and log(m) = 2 * artanh((m - 1) / (m + 1)).
  const k = i64x2.shr_s(i64x2.sub(x, i64x2.splat(ROOT_OF_HALF)), MANTISSA_BITS);
  const m = i64x2.sub(x, i64x2.shl(k, MANTISSA_BITS));
  const fraction = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(fraction, f64x2.add(fraction, f64x2.splat(2)));
  const square = f64x2.mul(s, s);
  let sum = f64x2.splat(2.0 / 13);
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2.0 / 11));
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2.0 / 9));
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2.0 / 7));
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2.0 / 5));
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2.0 / 3));
  sum = f64x2.relaxed_madd(sum, square, f64x2.splat(2));
  const power = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(k, k, 0, 2, 0, 2));
  let result = f64x2.relaxed_madd(power, f64x2.splat(LN_2), f64x2.mul(sum, s));
  result = v128.bitselect(f64x2.splat(-Infinity), result, f64x2.eq(x, f64x2.splat(0)));
  result = v128.bitselect(f64x2.splat(NaN), result, f64x2.lt(x, f64x2.splat(0)));
  // Infinity and NaN are their own logarithms.
  return v128.bitselect(result, x, f64x2.lt(x, f64x2.splat(Infinity)));
}

/** log(1 + x) of two float64, with all digits near zero; -0 stays -0. */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const series = f64x2.sub(x, f64x2.mul(f64x2.mul(x, x), f64x2.splat(0.5)));
  const isSmall = f64x2.lt(f64x2.abs(x), f64x2.splat(1e-6));
  return v128.bitselect(series, log(f64x2.add(x, f64x2.splat(1))), isSmall);
}
