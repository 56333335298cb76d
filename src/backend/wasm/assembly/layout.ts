/** Bytes of a float32. */
export const FLOAT: usize = 4;
/** Output channels of one packed filter panel and of one register tile: four 128-bit vectors. */
export const COLUMNS: i32 = 16;
/**
 * Rows of one register tile: with COLUMNS 24 accumulators, which are 12 of the 16 registers once V8
 * has made 256-bit operations of neighbouring pairs (see the engine's README).
 */
export const ROWS: i32 = 6;

/** `total` divided by `size`, rounded up. */
// @ts-ignore: decorator
@inline
export function pieces(total: i32, size: i32): i32 {
  return (total + size - 1) / size;
}

/** Loads the first `count` (1 to 4, fewer give zeros) floats at `address`. */
export function loadPart(address: usize, count: i32): v128 {
  let values = f32x4.splat(0);
  if (count >= 4) return v128.load(address);
  if (count > 0) values = f32x4.replace_lane(values, 0, load<f32>(address));
  if (count > 1) values = f32x4.replace_lane(values, 1, load<f32>(address, 4));
  if (count > 2) values = f32x4.replace_lane(values, 2, load<f32>(address, 8));
  return values;
}

/** Stores the first `count` (up to 4) lanes at `address`. */
export function storePart(address: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, values);
    return;
  }
  if (count > 0) store<f32>(address, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(address, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(address, f32x4.extract_lane(values, 2), 8);
}

/**
 * Copies eight floats. As everywhere here, of two neighbouring vectors the second is stored first:
 * V8 then joins the two to one 256-bit store; otherwise it makes one of 128 bits and one of 256.
 */
// @ts-ignore: decorator
@inline
export function copyPair(from: usize, to: usize): void {
  const low = v128.load(from), high = v128.load(from, 16);
  v128.store(to, high, 16);
  v128.store(to, low);
}
