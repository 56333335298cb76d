import { COLUMNS, copyPair, FLOAT } from "./layout";

@unmanaged
class PackFilterArgs {
  /** [taps, rows, columns], or [taps, columns, rows] when transposed. */
  filter: usize;
  /** [ceil(columns / 16)][taps * rows][16], columns past the last are zero. */
  packed: usize;
  taps: i32;
  rows: i32;
  columns: i32;
  transposed: i32;
}

/**
 * Lays a filter out in panels of sixteen columns, so that the convolution reads it front to back.
 * One task packs one panel.
 */
export function packFilter(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PackFilterArgs>(argsAddress);
  const firstColumn = task * COLUMNS;
  const width = min(COLUMNS, args.columns - firstColumn);
  let target = args.packed + <usize>(task * args.taps * args.rows * COLUMNS) * FLOAT;
  const rowStride: usize = FLOAT * <usize>(args.transposed ? 1 : args.columns);
  const columnStride: usize = FLOAT * <usize>(args.transposed ? args.rows : 1);
  for (let tap = 0; tap < args.taps; tap++) {
    let source = args.filter + <usize>(tap * args.rows * args.columns) * FLOAT +
      <usize>firstColumn * columnStride;
    if (width == COLUMNS && !args.transposed) {
      for (let row = 0; row < args.rows; row++) {
        copyPair(source, target);
        copyPair(source + 32, target + 32);
        source += rowStride;
        target += COLUMNS * FLOAT;
      }
      continue;
    }
    for (let row = 0; row < args.rows; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        const value = column < width ? load<f32>(source + <usize>column * columnStride) : <f32>0;
        store<f32>(target + <usize>column * FLOAT, value);
      }
      source += rowStride;
      target += COLUMNS * FLOAT;
    }
  }
}
