import { COLUMNS, copyPair, FLOAT } from "./layout";

/** Floats of a cache line. */
const LINE: i32 = 16;

@unmanaged
class PackFilterArgs {
  /** [..., filterWidth, rows, columns], or [..., filterWidth, columns, rows] when transposed. */
  filter: usize;
  /** [ceil(columns / 16)][height * width * rows][16], columns past the last are zero. */
  packed: usize;
  filterWidth: i32;
  /** The window of taps that is packed. */
  top: i32;
  left: i32;
  height: i32;
  width: i32;
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
  let target = args.packed + <usize>(task * args.height * args.width * args.rows * COLUMNS) * FLOAT;
  const rowStride: usize = FLOAT * <usize>(args.transposed ? 1 : args.columns);
  const columnStride: usize = FLOAT * <usize>(args.transposed ? args.rows : 1);
  for (let index = 0; index < args.height * args.width; index++) {
    const tap = (args.top + index / args.width) * args.filterWidth + args.left + index % args.width;
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
    let row = 0;
    // Whole cache lines of sixteen rows: their columns are often a power of two apart.
    for (; width == COLUMNS && row + LINE <= args.rows; row += LINE) {
      for (let column: usize = 0; column < <usize>COLUMNS; column += 4) {
        for (let part: usize = 0; part < <usize>LINE; part += 4) {
          transpose(
            source + column * columnStride + part * FLOAT, columnStride,
            target + (part * COLUMNS + column) * FLOAT);
        }
      }
      source += LINE * FLOAT;
      target += LINE * COLUMNS * FLOAT;
    }
    for (; row < args.rows; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        const value = column < width ? load<f32>(source + <usize>column * columnStride) : <f32>0;
        store<f32>(target + <usize>column * FLOAT, value);
      }
      source += rowStride;
      target += COLUMNS * FLOAT;
    }
  }
}

/** Four rows of a panel from four columns of neighbouring values. */
// @ts-ignore: decorator
@inline
function transpose(source: usize, columnStride: usize, target: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + columnStride);
  const c = v128.load(source + 2 * columnStride);
  const d = v128.load(source + 3 * columnStride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const rowBytes: usize = COLUMNS * FLOAT;
  v128.store(target, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(target + rowBytes, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(target + 2 * rowBytes, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(target + 3 * rowBytes, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}
