import { multiplyAddDouble, subtractProductDouble } from "./multiply_add";

// Exponentials and logarithms of two values at a time, in float64: the stock cpu kernels also
// compute in float64, and the polynomials' error is far below the last digit of a float32.
//
// Their constants are read from memory: V8 builds a vector constant in a loop anew each time, of
// several instructions, and reads one in a single one.

/**
 * Powers of two beyond these are not representable in float64; as float32 they are 0 and Infinity
 * long before.
 */
const LARGEST: f64 = 708;
const LN_2: f64 = 0.6931471805599453;
/** Added to a float64 below 2^51, it leaves that value, rounded, in the lowest bits. */
const ROUNDER: f64 = 6755399441055744;
const EXPONENT_BIAS: i64 = 1023;
const MANTISSA_BITS: i32 = 52;
/** The bits of sqrt(0.5), without the lower half. */
const ROOT_OF_HALF: i64 = 0x3fe6a09e00000000;

/** Bytes of the constants of this file. */
export const CONSTANTS_BYTES: usize = 224;

/** Writes the constants of this file to a thread's own memory, once per task. */
export function writeConstants(constants: usize): void {
  store<f64>(constants, LARGEST);
  store<f64>(constants, -LARGEST, 8);
  store<f64>(constants, 1 / LN_2, 16);
  store<f64>(constants, LN_2, 24);
  store<f64>(constants, ROUNDER, 32);
  store<f64>(constants, 1, 40);
  // exp(x) = 1 + x + x^2 / 2! + ...
  store<f64>(constants, 1.0 / 362880, 48);
  store<f64>(constants, 1.0 / 40320, 56);
  store<f64>(constants, 1.0 / 5040, 64);
  store<f64>(constants, 1.0 / 720, 72);
  store<f64>(constants, 1.0 / 120, 80);
  store<f64>(constants, 1.0 / 24, 88);
  store<f64>(constants, 1.0 / 6, 96);
  store<f64>(constants, 0.5, 104);
  store<i64>(constants, EXPONENT_BIAS << MANTISSA_BITS, 112);
  store<i64>(constants, ROOT_OF_HALF, 120);
  store<f64>(constants, 2, 128);
  // 2 * artanh(s) = 2 * s + 2 / 3 * s^3 + ...
  store<f64>(constants, 2.0 / 13, 136);
  store<f64>(constants, 2.0 / 11, 144);
  store<f64>(constants, 2.0 / 9, 152);
  store<f64>(constants, 2.0 / 7, 160);
  store<f64>(constants, 2.0 / 5, 168);
  store<f64>(constants, 2.0 / 3, 176);
  store<f64>(constants, Infinity, 184);
  store<f64>(constants, -Infinity, 192);
  store<f64>(constants, NaN, 200);
  store<f64>(constants, 1e-6, 208);
  store<i64>(constants, -1 << MANTISSA_BITS, 216);
}

/** x * log2(e) plus ROUNDER: its lowest bits are k of exp(x) = 2^k * exp(x - k * ln(2)). */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128, constants: usize): v128 {
  return multiplyAddDouble(
    x, v128.load64_splat(constants, 16), v128.load64_splat(constants, 32));
}

/** exp(x - k * ln(2)) - 1 by its Taylor series; relative error 2e-11. */
// @ts-ignore: decorator
@inline
function reducedExpm1(x: v128, rounded: v128, constants: usize): v128 {
  const k = f64x2.sub(rounded, v128.load64_splat(constants, 32));
  const r = subtractProductDouble(k, v128.load64_splat(constants, 24), x);
  let sum = v128.load64_splat(constants, 48);
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 56));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 64));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 72));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 80));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 88));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 96));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 104));
  sum = multiplyAddDouble(sum, r, v128.load64_splat(constants, 40));
  return f64x2.mul(sum, r);
}

/** 2^k */
// @ts-ignore: decorator
@inline
function powerOfTwo(rounded: v128, constants: usize): v128 {
  return i64x2.add(i64x2.shl(rounded, MANTISSA_BITS), v128.load64_splat(constants, 112));
}

/** x, or the next number whose exponential is a float64; NaN stays NaN. */
// @ts-ignore: decorator
@inline
function limited(x: v128, constants: usize): v128 {
  return f64x2.pmin(
    f64x2.pmax(x, v128.load64_splat(constants, 8)), v128.load64_splat(constants));
}

/** exp(x) of two float64. */
// @ts-ignore: decorator
@inline
export function exp(x: v128, constants: usize): v128 {
  const within = limited(x, constants);
  const rounded = roundedExponent(within, constants);
  const power = powerOfTwo(rounded, constants);
  return multiplyAddDouble(power, reducedExpm1(within, rounded, constants), power);
}

/** exp(x) - 1 of two float64, with all digits near zero; -0 stays -0. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128, constants: usize): v128 {
  const within = limited(x, constants);
  const rounded = roundedExponent(within, constants);
  const power = powerOfTwo(rounded, constants);
  const result = multiplyAddDouble(
    power,
    reducedExpm1(within, rounded, constants),
    f64x2.sub(power, v128.load64_splat(constants, 40)),
  );
  return v128.bitselect(x, result, f64x2.eq(x, f64x2.splat(0)));
}

/** The natural logarithm of two float64; positive ones must be at least 2^-1022. */
// @ts-ignore: decorator
@inline
export function log(x: v128, constants: usize): v128 {
  // x = 2^k * m with m from sqrt(0.5) to sqrt(2), and log(m) = 2 * artanh((m - 1) / (m + 1)).
  const difference = i64x2.sub(x, v128.load64_splat(constants, 120));
  const m = i64x2.sub(x, v128.and(difference, v128.load64_splat(constants, 216)));
  const upper = v128.shuffle<i32>(difference, difference, 1, 3, 1, 3);
  const k = f64x2.convert_low_i32x4_s(i32x4.shr_s(upper, MANTISSA_BITS - 32));
  const fraction = f64x2.sub(m, v128.load64_splat(constants, 40));
  const s = f64x2.div(fraction, f64x2.add(fraction, v128.load64_splat(constants, 128)));
  const square = f64x2.mul(s, s);
  let sum = v128.load64_splat(constants, 136);
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 144));
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 152));
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 160));
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 168));
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 176));
  sum = multiplyAddDouble(sum, square, v128.load64_splat(constants, 128));
  const ln2 = v128.load64_splat(constants, 24);
  let result = multiplyAddDouble(k, ln2, f64x2.mul(sum, s));
  const zero = f64x2.splat(0);
  result = v128.bitselect(v128.load64_splat(constants, 192), result, f64x2.eq(x, zero));
  result = v128.bitselect(v128.load64_splat(constants, 200), result, f64x2.lt(x, zero));
  // Infinity and NaN are their own logarithms.
  return v128.bitselect(result, x, f64x2.lt(x, v128.load64_splat(constants, 184)));
}

/** log(1 + x) of two float64, with all digits near zero; -0 stays -0. */
// @ts-ignore: decorator
@inline
export function log1p(x: v128, constants: usize): v128 {
  const half = v128.load64_splat(constants, 104);
  const series = f64x2.sub(x, f64x2.mul(f64x2.mul(x, x), half));
  const isSmall = f64x2.lt(f64x2.abs(x), v128.load64_splat(constants, 208));
  const sum = f64x2.add(x, v128.load64_splat(constants, 40));
  return v128.bitselect(series, log(sum, constants), isSmall);
}
