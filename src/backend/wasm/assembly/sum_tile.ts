/**
 * Bytes of a run's entry: offsets of its first row in the source and in dy, and its number of rows.
 */

import { multiplyAdd } from "./multiply_add";
export const RUN_BYTES: usize = 12;

/**
 * Outer products of six source values and sixteen dy values, summed over all rows of all runs in
 * registers, plus the tile [6][16] at `base`, to the tile at `sum`.
 *
 * @param sourceStride bytes from one row of a run to the next
 */
export function sumTile(
  runs: usize,
  runCount: i32,
  source: usize,
  sourceStride: usize,
  dy: usize,
  dyStride: usize,
  base: usize,
  sum: usize,
): void {
  let c00 = v128.load(base), c01 = v128.load(base, 16);
  let c02 = v128.load(base, 32), c03 = v128.load(base, 48);
  let c10 = v128.load(base, 64), c11 = v128.load(base, 80);
  let c12 = v128.load(base, 96), c13 = v128.load(base, 112);
  let c20 = v128.load(base, 128), c21 = v128.load(base, 144);
  let c22 = v128.load(base, 160), c23 = v128.load(base, 176);
  let c30 = v128.load(base, 192), c31 = v128.load(base, 208);
  let c32 = v128.load(base, 224), c33 = v128.load(base, 240);
  let c40 = v128.load(base, 256), c41 = v128.load(base, 272);
  let c42 = v128.load(base, 288), c43 = v128.load(base, 304);
  let c50 = v128.load(base, 320), c51 = v128.load(base, 336);
  let c52 = v128.load(base, 352), c53 = v128.load(base, 368);
  for (; runCount > 0; runCount--) {
    let x = source + load<usize>(runs);
    let y = dy + load<usize>(runs, 4);
    let remaining = load<i32>(runs, 8);
    runs += RUN_BYTES;
    for (; remaining > 0; remaining--) {
      const b0 = v128.load(y);
      const b1 = v128.load(y, 16);
      const b2 = v128.load(y, 32);
      const b3 = v128.load(y, 48);
      let a = v128.load32_splat(x);
      c00 = multiplyAdd(a, b0, c00);
      c01 = multiplyAdd(a, b1, c01);
      c02 = multiplyAdd(a, b2, c02);
      c03 = multiplyAdd(a, b3, c03);
      a = v128.load32_splat(x, 4);
      c10 = multiplyAdd(a, b0, c10);
      c11 = multiplyAdd(a, b1, c11);
      c12 = multiplyAdd(a, b2, c12);
      c13 = multiplyAdd(a, b3, c13);
      a = v128.load32_splat(x, 8);
      c20 = multiplyAdd(a, b0, c20);
      c21 = multiplyAdd(a, b1, c21);
      c22 = multiplyAdd(a, b2, c22);
      c23 = multiplyAdd(a, b3, c23);
      a = v128.load32_splat(x, 12);
      c30 = multiplyAdd(a, b0, c30);
      c31 = multiplyAdd(a, b1, c31);
      c32 = multiplyAdd(a, b2, c32);
      c33 = multiplyAdd(a, b3, c33);
      a = v128.load32_splat(x, 16);
      c40 = multiplyAdd(a, b0, c40);
      c41 = multiplyAdd(a, b1, c41);
      c42 = multiplyAdd(a, b2, c42);
      c43 = multiplyAdd(a, b3, c43);
      a = v128.load32_splat(x, 20);
      c50 = multiplyAdd(a, b0, c50);
      c51 = multiplyAdd(a, b1, c51);
      c52 = multiplyAdd(a, b2, c52);
      c53 = multiplyAdd(a, b3, c53);
      x += sourceStride;
      y += dyStride;
    }
  }
  v128.store(sum, c01, 16);
  v128.store(sum, c00);
  v128.store(sum, c03, 48);
  v128.store(sum, c02, 32);
  v128.store(sum, c11, 80);
  v128.store(sum, c10, 64);
  v128.store(sum, c13, 112);
  v128.store(sum, c12, 96);
  v128.store(sum, c21, 144);
  v128.store(sum, c20, 128);
  v128.store(sum, c23, 176);
  v128.store(sum, c22, 160);
  v128.store(sum, c31, 208);
  v128.store(sum, c30, 192);
  v128.store(sum, c33, 240);
  v128.store(sum, c32, 224);
  v128.store(sum, c41, 272);
  v128.store(sum, c40, 256);
  v128.store(sum, c43, 304);
  v128.store(sum, c42, 288);
  v128.store(sum, c51, 336);
  v128.store(sum, c50, 320);
  v128.store(sum, c53, 368);
  v128.store(sum, c52, 352);
}
