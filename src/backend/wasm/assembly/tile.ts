import { COLUMNS, FLOAT } from "./layout";
import { multiplyAdd } from "./multiply_add";

/**
 * Bytes of the entry of one tap, or of neighbouring ones: six row addresses, then the offset in a
 * filter panel, and the number of consecutive values in all of them.
 */
export const TAP_BYTES: usize = 32;

/**
 * Six rows by sixteen columns of the product, summed over `count` taps in registers, plus the
 * values at `bases`. V8 can join neighbouring vectors to 256-bit operations, but not across a
 * branch: hence only whole tiles, and zeros to add at the beginning of a sum.
 */
export function tile(
  entry: usize,
  count: i32,
  filter: usize,
  targets: usize,
  offset: usize,
  bases: usize,
  baseOffset: usize,
): void {
  const base0 = load<usize>(bases) + baseOffset;
  const base1 = load<usize>(bases, 4) + baseOffset;
  const base2 = load<usize>(bases, 8) + baseOffset;
  const base3 = load<usize>(bases, 12) + baseOffset;
  const base4 = load<usize>(bases, 16) + baseOffset;
  const base5 = load<usize>(bases, 20) + baseOffset;
  let c00 = v128.load(base0), c01 = v128.load(base0, 16);
  let c02 = v128.load(base0, 32), c03 = v128.load(base0, 48);
  let c10 = v128.load(base1), c11 = v128.load(base1, 16);
  let c12 = v128.load(base1, 32), c13 = v128.load(base1, 48);
  let c20 = v128.load(base2), c21 = v128.load(base2, 16);
  let c22 = v128.load(base2, 32), c23 = v128.load(base2, 48);
  let c30 = v128.load(base3), c31 = v128.load(base3, 16);
  let c32 = v128.load(base3, 32), c33 = v128.load(base3, 48);
  let c40 = v128.load(base4), c41 = v128.load(base4, 16);
  let c42 = v128.load(base4, 32), c43 = v128.load(base4, 48);
  let c50 = v128.load(base5), c51 = v128.load(base5, 16);
  let c52 = v128.load(base5, 32), c53 = v128.load(base5, 48);
  for (; count > 0; count--) {
    let a0 = load<usize>(entry);
    let a1 = load<usize>(entry, 4);
    let a2 = load<usize>(entry, 8);
    let a3 = load<usize>(entry, 12);
    let a4 = load<usize>(entry, 16);
    let a5 = load<usize>(entry, 20);
    let b = filter + load<usize>(entry, 24);
    let remaining = load<i32>(entry, 28);
    entry += TAP_BYTES;
    for (; remaining > 0; remaining--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      let a = v128.load32_splat(a0);
      c00 = multiplyAdd(a, b0, c00);
      c01 = multiplyAdd(a, b1, c01);
      c02 = multiplyAdd(a, b2, c02);
      c03 = multiplyAdd(a, b3, c03);
      a = v128.load32_splat(a1);
      c10 = multiplyAdd(a, b0, c10);
      c11 = multiplyAdd(a, b1, c11);
      c12 = multiplyAdd(a, b2, c12);
      c13 = multiplyAdd(a, b3, c13);
      a = v128.load32_splat(a2);
      c20 = multiplyAdd(a, b0, c20);
      c21 = multiplyAdd(a, b1, c21);
      c22 = multiplyAdd(a, b2, c22);
      c23 = multiplyAdd(a, b3, c23);
      a = v128.load32_splat(a3);
      c30 = multiplyAdd(a, b0, c30);
      c31 = multiplyAdd(a, b1, c31);
      c32 = multiplyAdd(a, b2, c32);
      c33 = multiplyAdd(a, b3, c33);
      a = v128.load32_splat(a4);
      c40 = multiplyAdd(a, b0, c40);
      c41 = multiplyAdd(a, b1, c41);
      c42 = multiplyAdd(a, b2, c42);
      c43 = multiplyAdd(a, b3, c43);
      a = v128.load32_splat(a5);
      c50 = multiplyAdd(a, b0, c50);
      c51 = multiplyAdd(a, b1, c51);
      c52 = multiplyAdd(a, b2, c52);
      c53 = multiplyAdd(a, b3, c53);
      a0 += FLOAT;
      a1 += FLOAT;
      a2 += FLOAT;
      a3 += FLOAT;
      a4 += FLOAT;
      a5 += FLOAT;
      b += COLUMNS * FLOAT;
    }
  }
  const target0 = load<usize>(targets) + offset;
  const target1 = load<usize>(targets, 4) + offset;
  const target2 = load<usize>(targets, 8) + offset;
  const target3 = load<usize>(targets, 12) + offset;
  const target4 = load<usize>(targets, 16) + offset;
  const target5 = load<usize>(targets, 20) + offset;
  v128.store(target0, c01, 16);
  v128.store(target0, c00);
  v128.store(target0, c03, 48);
  v128.store(target0, c02, 32);
  v128.store(target1, c11, 16);
  v128.store(target1, c10);
  v128.store(target1, c13, 48);
  v128.store(target1, c12, 32);
  v128.store(target2, c21, 16);
  v128.store(target2, c20);
  v128.store(target2, c23, 48);
  v128.store(target2, c22, 32);
  v128.store(target3, c31, 16);
  v128.store(target3, c30);
  v128.store(target3, c33, 48);
  v128.store(target3, c32, 32);
  v128.store(target4, c41, 16);
  v128.store(target4, c40);
  v128.store(target4, c43, 48);
  v128.store(target4, c42, 32);
  v128.store(target5, c51, 16);
  v128.store(target5, c50);
  v128.store(target5, c53, 48);
  v128.store(target5, c52, 32);
}
