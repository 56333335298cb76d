import { CONSTANTS_BYTES, exp, writeConstants } from "./exponential";
import { FLOAT, storePart } from "./layout";

@unmanaged
class SoftmaxArgs {
  /** [rows, columns] */
  source: usize;
  target: usize;
  rows: i32;
  columns: i32;
  rowsPerTask: i32;
}

export function softmaxScratch(argsAddress: usize): usize {
  return CONSTANTS_BYTES;
}

/** exp(x) over the sum of exp(x) of the row. */
export function softmax(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<SoftmaxArgs>(argsAddress);
  const last = min(args.rows, (task + 1) * args.rowsPerTask);
  const columns = args.columns;
  writeConstants(scratch);
  for (let row = task * args.rowsPerTask; row < last; row++) {
    const source = args.source + <usize>(row * columns) * FLOAT;
    const target = args.target + <usize>(row * columns) * FLOAT;
    let largest: f32 = -Infinity;
    for (let i = 0; i < columns; i++) {
      largest = max<f32>(largest, load<f32>(source + <usize>i * FLOAT));
    }
    const shift = f32x4.splat(largest);
    for (let i = 0; i < columns; i += 4) {
      const offset = <usize>i * FLOAT;
      const x = f32x4.sub(v128.load(source + offset), shift);
      const low = exp(f64x2.promote_low_f32x4(x), scratch);
      const high = exp(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), scratch);
      const powers = v128.shuffle<i64>(
        f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
      storePart(target + offset, powers, columns - i);
    }
    let sum: f64 = 0;
    for (let i = 0; i < columns; i++) sum += <f64>load<f32>(target + <usize>i * FLOAT);
    const divisor = f32x4.splat(<f32>sum);
    for (let i = 0; i < columns; i += 4) {
      const at = target + <usize>i * FLOAT;
      storePart(at, f32x4.div(v128.load(at), divisor), columns - i);
    }
  }
}
