/**
 * The one-dimensional transforms of Winograd's algorithms with the points 0, 1, -1, 2, -2 and
 * infinity, each of `count` times eight neighbouring channels; they may work in place.
 *
 * The strides, in bytes from one value of a line to the next, are parameters even if they are
 * constants: a constant is folded into the address of one vector of a pair and not of the other,
 * and V8 then does not join the two to a 256-bit operation. A value stored in halves and loaded
 * whole costs a stall each time.
 *
 * @module
 */

import { multiplyAdd } from "./multiply_add";

/** Bytes of eight channels: two vectors that V8 can join. */
export const PAIR: usize = 32;

/** Bt: six values from six, of a patch of pixels. */
export function patchLines(
  count: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const minusFour = f32x4.splat(-4);
  const minusFive = f32x4.splat(-5);
  for (; count > 0; count--) {
    let from = source;
    const a0 = v128.load(from), b0 = v128.load(from, 16);
    from += sourceStride;
    const a1 = v128.load(from), b1 = v128.load(from, 16);
    from += sourceStride;
    const a2 = v128.load(from), b2 = v128.load(from, 16);
    from += sourceStride;
    const a3 = v128.load(from), b3 = v128.load(from, 16);
    from += sourceStride;
    const a4 = v128.load(from), b4 = v128.load(from, 16);
    from += sourceStride;
    const a5 = v128.load(from), b5 = v128.load(from, 16);
    const aEven = multiplyAdd(a2, minusFour, a4);
    const aOdd = multiplyAdd(a1, minusFour, a3);
    const aEvenDifference = f32x4.sub(a4, a2);
    const aOddDifference = f32x4.mul(f32x4.sub(a3, a1), two);
    const aFirst = multiplyAdd(a0, four, multiplyAdd(a2, minusFive, a4));
    const aSecond = f32x4.add(aEven, aOdd);
    const aThird = f32x4.sub(aEven, aOdd);
    const aFourth = f32x4.add(aEvenDifference, aOddDifference);
    const aFifth = f32x4.sub(aEvenDifference, aOddDifference);
    const aSixth = multiplyAdd(a1, four, multiplyAdd(a3, minusFive, a5));
    const bEven = multiplyAdd(b2, minusFour, b4);
    const bOdd = multiplyAdd(b1, minusFour, b3);
    const bEvenDifference = f32x4.sub(b4, b2);
    const bOddDifference = f32x4.mul(f32x4.sub(b3, b1), two);
    const bFirst = multiplyAdd(b0, four, multiplyAdd(b2, minusFive, b4));
    const bSecond = f32x4.add(bEven, bOdd);
    const bThird = f32x4.sub(bEven, bOdd);
    const bFourth = f32x4.add(bEvenDifference, bOddDifference);
    const bFifth = f32x4.sub(bEvenDifference, bOddDifference);
    const bSixth = multiplyAdd(b1, four, multiplyAdd(b3, minusFive, b5));
    let to = target;
    v128.store(to, bFirst, 16);
    v128.store(to, aFirst);
    to += targetStride;
    v128.store(to, bSecond, 16);
    v128.store(to, aSecond);
    to += targetStride;
    v128.store(to, bThird, 16);
    v128.store(to, aThird);
    to += targetStride;
    v128.store(to, bFourth, 16);
    v128.store(to, aFourth);
    to += targetStride;
    v128.store(to, bFifth, 16);
    v128.store(to, aFifth);
    to += targetStride;
    v128.store(to, bSixth, 16);
    v128.store(to, aSixth);
    source += PAIR;
    target += PAIR;
  }
}

/** G: six values from the three of a filter. */
export function filterLines(
  count: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
): void {
  const sixth = f32x4.splat(<f32>(1.0 / 6.0));
  const minusSixth = f32x4.splat(<f32>(-1.0 / 6.0));
  const twelfth = f32x4.splat(<f32>(1.0 / 12.0));
  const twentyFourth = f32x4.splat(<f32>(1.0 / 24.0));
  const quarter = f32x4.splat(0.25);
  for (; count > 0; count--) {
    let from = source;
    const a0 = v128.load(from), b0 = v128.load(from, 16);
    from += sourceStride;
    const a1 = v128.load(from), b1 = v128.load(from, 16);
    from += sourceStride;
    const a2 = v128.load(from), b2 = v128.load(from, 16);
    const aOuter = f32x4.add(f32x4.mul(a0, twentyFourth), f32x4.mul(a2, sixth));
    const aInner = f32x4.mul(a1, twelfth);
    const aSum = f32x4.add(a0, a2);
    const aFirst = f32x4.mul(a0, quarter);
    const aSecond = f32x4.mul(f32x4.add(aSum, a1), minusSixth);
    const aThird = f32x4.mul(f32x4.sub(aSum, a1), minusSixth);
    const aFourth = f32x4.add(aOuter, aInner);
    const aFifth = f32x4.sub(aOuter, aInner);
    const bOuter = f32x4.add(f32x4.mul(b0, twentyFourth), f32x4.mul(b2, sixth));
    const bInner = f32x4.mul(b1, twelfth);
    const bSum = f32x4.add(b0, b2);
    const bFirst = f32x4.mul(b0, quarter);
    const bSecond = f32x4.mul(f32x4.add(bSum, b1), minusSixth);
    const bThird = f32x4.mul(f32x4.sub(bSum, b1), minusSixth);
    const bFourth = f32x4.add(bOuter, bInner);
    const bFifth = f32x4.sub(bOuter, bInner);
    let to = target;
    v128.store(to, bFirst, 16);
    v128.store(to, aFirst);
    to += targetStride;
    v128.store(to, bSecond, 16);
    v128.store(to, aSecond);
    to += targetStride;
    v128.store(to, bThird, 16);
    v128.store(to, aThird);
    to += targetStride;
    v128.store(to, bFourth, 16);
    v128.store(to, aFourth);
    to += targetStride;
    v128.store(to, bFifth, 16);
    v128.store(to, aFifth);
    to += targetStride;
    v128.store(to, b2, 16);
    v128.store(to, a2);
    source += PAIR;
    target += PAIR;
  }
}

/** At: four results from six products. */
export function resultLines(
  count: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const eight = f32x4.splat(8);
  for (; count > 0; count--) {
    let from = source;
    const a0 = v128.load(from), b0 = v128.load(from, 16);
    from += sourceStride;
    const a1 = v128.load(from), b1 = v128.load(from, 16);
    from += sourceStride;
    const a2 = v128.load(from), b2 = v128.load(from, 16);
    from += sourceStride;
    const a3 = v128.load(from), b3 = v128.load(from, 16);
    from += sourceStride;
    const a4 = v128.load(from), b4 = v128.load(from, 16);
    from += sourceStride;
    const a5 = v128.load(from), b5 = v128.load(from, 16);
    const aSum12 = f32x4.add(a1, a2);
    const aSum34 = f32x4.add(a3, a4);
    const aDifference12 = f32x4.sub(a1, a2);
    const aDifference34 = f32x4.sub(a3, a4);
    const aFirst = f32x4.add(a0, f32x4.add(aSum12, aSum34));
    const aSecond = multiplyAdd(aDifference34, two, aDifference12);
    const aThird = multiplyAdd(aSum34, four, aSum12);
    const aFourth = f32x4.add(a5, multiplyAdd(aDifference34, eight, aDifference12));
    const bSum12 = f32x4.add(b1, b2);
    const bSum34 = f32x4.add(b3, b4);
    const bDifference12 = f32x4.sub(b1, b2);
    const bDifference34 = f32x4.sub(b3, b4);
    const bFirst = f32x4.add(b0, f32x4.add(bSum12, bSum34));
    const bSecond = multiplyAdd(bDifference34, two, bDifference12);
    const bThird = multiplyAdd(bSum34, four, bSum12);
    const bFourth = f32x4.add(b5, multiplyAdd(bDifference34, eight, bDifference12));
    let to = target;
    v128.store(to, bFirst, 16);
    v128.store(to, aFirst);
    to += targetStride;
    v128.store(to, bSecond, 16);
    v128.store(to, aSecond);
    to += targetStride;
    v128.store(to, bThird, 16);
    v128.store(to, aThird);
    to += targetStride;
    v128.store(to, bFourth, 16);
    v128.store(to, aFourth);
    source += PAIR;
    target += PAIR;
  }
}

/** Six values from the four of a tile of dy, without their factors: see {@linkcode gradientLines}. */
export function dyLines(
  count: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  for (; count > 0; count--) {
    let from = source;
    const a0 = v128.load(from), b0 = v128.load(from, 16);
    from += sourceStride;
    const a1 = v128.load(from), b1 = v128.load(from, 16);
    from += sourceStride;
    const a2 = v128.load(from), b2 = v128.load(from, 16);
    from += sourceStride;
    const a3 = v128.load(from), b3 = v128.load(from, 16);
    const aEven = f32x4.add(a0, a2);
    const aOdd = f32x4.add(a1, a3);
    const aEvenDouble = multiplyAdd(a2, four, a0);
    const aOddDouble = f32x4.mul(multiplyAdd(a3, four, a1), two);
    const aSecond = f32x4.add(aEven, aOdd);
    const aThird = f32x4.sub(aEven, aOdd);
    const aFourth = f32x4.add(aEvenDouble, aOddDouble);
    const aFifth = f32x4.sub(aEvenDouble, aOddDouble);
    const bEven = f32x4.add(b0, b2);
    const bOdd = f32x4.add(b1, b3);
    const bEvenDouble = multiplyAdd(b2, four, b0);
    const bOddDouble = f32x4.mul(multiplyAdd(b3, four, b1), two);
    const bSecond = f32x4.add(bEven, bOdd);
    const bThird = f32x4.sub(bEven, bOdd);
    const bFourth = f32x4.add(bEvenDouble, bOddDouble);
    const bFifth = f32x4.sub(bEvenDouble, bOddDouble);
    let to = target;
    v128.store(to, b0, 16);
    v128.store(to, a0);
    to += targetStride;
    v128.store(to, bSecond, 16);
    v128.store(to, aSecond);
    to += targetStride;
    v128.store(to, bThird, 16);
    v128.store(to, aThird);
    to += targetStride;
    v128.store(to, bFourth, 16);
    v128.store(to, aFourth);
    to += targetStride;
    v128.store(to, bFifth, 16);
    v128.store(to, aFifth);
    to += targetStride;
    v128.store(to, b3, 16);
    v128.store(to, a3);
    source += PAIR;
    target += PAIR;
  }
}

/** Three values of a filter's gradient from six sums of products, with the factors of dy. */
export function gradientLines(
  count: i32,
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
): void {
  const quarter = f32x4.splat(0.25);
  const sixth = f32x4.splat(<f32>(1.0 / 6.0));
  const twelfth = f32x4.splat(<f32>(1.0 / 12.0));
  const twentyFourth = f32x4.splat(<f32>(1.0 / 24.0));
  for (; count > 0; count--) {
    let from = source;
    const a0 = v128.load(from), b0 = v128.load(from, 16);
    from += sourceStride;
    const a1 = v128.load(from), b1 = v128.load(from, 16);
    from += sourceStride;
    const a2 = v128.load(from), b2 = v128.load(from, 16);
    from += sourceStride;
    const a3 = v128.load(from), b3 = v128.load(from, 16);
    from += sourceStride;
    const a4 = v128.load(from), b4 = v128.load(from, 16);
    from += sourceStride;
    const a5 = v128.load(from), b5 = v128.load(from, 16);
    const aSum12 = f32x4.mul(f32x4.add(a1, a2), sixth);
    const aSum34 = f32x4.add(a3, a4);
    const aFirst = f32x4.add(f32x4.sub(f32x4.mul(a0, quarter), aSum12), f32x4.mul(aSum34, twentyFourth));
    const aSecond = f32x4.sub(f32x4.mul(f32x4.sub(a3, a4), twelfth), f32x4.mul(f32x4.sub(a1, a2), sixth));
    const aThird = f32x4.add(f32x4.sub(f32x4.mul(aSum34, sixth), aSum12), a5);
    const bSum12 = f32x4.mul(f32x4.add(b1, b2), sixth);
    const bSum34 = f32x4.add(b3, b4);
    const bFirst = f32x4.add(f32x4.sub(f32x4.mul(b0, quarter), bSum12), f32x4.mul(bSum34, twentyFourth));
    const bSecond = f32x4.sub(f32x4.mul(f32x4.sub(b3, b4), twelfth), f32x4.mul(f32x4.sub(b1, b2), sixth));
    const bThird = f32x4.add(f32x4.sub(f32x4.mul(bSum34, sixth), bSum12), b5);
    let to = target;
    v128.store(to, bFirst, 16);
    v128.store(to, aFirst);
    to += targetStride;
    v128.store(to, bSecond, 16);
    v128.store(to, aSecond);
    to += targetStride;
    v128.store(to, bThird, 16);
    v128.store(to, aThird);
    source += PAIR;
    target += PAIR;
  }
}
