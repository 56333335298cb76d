import { COLUMNS, FLOAT, pieces, storePart } from "./layout";
import { multiplyAdd } from "./multiply_add";

@unmanaged
class BatchProductArgs {
  /** [batches, rows, inner], the last two possibly swapped */
  a: usize;
  /** [batches, inner, columns], the last two possibly swapped */
  b: usize;
  /** [batches, rows, columns] */
  target: usize;
  rows: i32;
  inner: i32;
  columns: i32;
  /** Strides in values: of the batches (0 for one shared matrix), rows and columns. */
  aBatch: i32;
  aRow: i32;
  aColumn: i32;
  bBatch: i32;
  bRow: i32;
  bColumn: i32;
  rowsPerTask: i32;
}

export function batchProductScratch(argsAddress: usize): usize {
  return <usize>(changetype<BatchProductArgs>(argsAddress).inner * COLUMNS) * FLOAT;
}

/**
 * Products of matrices, one per batch. Each task computes some rows of one batch: it lays out
 * sixteen columns of b one after the other, and then goes through its rows in pairs.
 */
export function batchProduct(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<BatchProductArgs>(argsAddress);
  const tasksPerBatch = pieces(args.rows, args.rowsPerTask);
  const batch = task / tasksPerBatch;
  const first = task % tasksPerBatch * args.rowsPerTask;
  const last = min(args.rows, first + args.rowsPerTask);
  const a = args.a + <usize>(batch * args.aBatch) * FLOAT;
  const b = args.b + <usize>(batch * args.bBatch) * FLOAT;
  const rowBytes = <usize>args.columns * FLOAT;
  const target = args.target + <usize>(batch * args.rows) * rowBytes;
  for (let column = 0; column < args.columns; column += COLUMNS) {
    const width = min(COLUMNS, args.columns - column);
    packColumns(args, b + <usize>(column * args.bColumn) * FLOAT, width, scratch);
    for (let row = first; row < last; row += 2) {
      // A single last row is paired with itself.
      const next = min(row + 1, last - 1);
      pairOfRows(
        args,
        a + <usize>(row * args.aRow) * FLOAT,
        a + <usize>(next * args.aRow) * FLOAT,
        scratch,
        target + <usize>row * rowBytes + <usize>column * FLOAT,
        target + <usize>next * rowBytes + <usize>column * FLOAT,
        width,
      );
    }
  }
}

/** Lays out columns as [inner][16], with zeros after the last. */
function packColumns(args: BatchProductArgs, b: usize, width: i32, target: usize): void {
  for (let row = 0; row < args.inner; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const at = b + <usize>(column * args.bColumn) * FLOAT;
      store<f32>(target + <usize>column * FLOAT, column < width ? load<f32>(at) : <f32>0);
    }
    b += <usize>args.bRow * FLOAT;
    target += <usize>COLUMNS * FLOAT;
  }
}

function pairOfRows(
  args: BatchProductArgs,
  a0: usize,
  a1: usize,
  packed: usize,
  target0: usize,
  target1: usize,
  width: i32,
): void {
  const zero = f32x4.splat(0);
  const step = <usize>args.aColumn * FLOAT;
  let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
  let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
  for (let i = args.inner; i > 0; i--) {
    const b0 = v128.load(packed);
    const b1 = v128.load(packed, 16);
    const b2 = v128.load(packed, 32);
    const b3 = v128.load(packed, 48);
    let value = v128.load32_splat(a0);
    c00 = multiplyAdd(value, b0, c00);
    c01 = multiplyAdd(value, b1, c01);
    c02 = multiplyAdd(value, b2, c02);
    c03 = multiplyAdd(value, b3, c03);
    value = v128.load32_splat(a1);
    c10 = multiplyAdd(value, b0, c10);
    c11 = multiplyAdd(value, b1, c11);
    c12 = multiplyAdd(value, b2, c12);
    c13 = multiplyAdd(value, b3, c13);
    a0 += step;
    a1 += step;
    packed += <usize>COLUMNS * FLOAT;
  }
  storePart(target0, c00, width);
  storePart(target0 + 16, c01, width - 4);
  storePart(target0 + 32, c02, width - 8);
  storePart(target0 + 48, c03, width - 12);
  storePart(target1, c10, width);
  storePart(target1 + 16, c11, width - 4);
  storePart(target1 + 32, c12, width - 8);
  storePart(target1 + 48, c13, width - 12);
}
