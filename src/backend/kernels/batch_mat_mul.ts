/**
 * Matrix products.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { convolve } from "./convolution.ts";
import { productSizes, TASKS } from "./convolution_sizes.ts";
import { filterGradient } from "./filter_gradient.ts";
import type { KernelCall } from "./simd_kernel.ts";

type Call = KernelCall<"a" | "b", tf.BatchMatMulAttrs>;

/**
 * Products of matrices, each optionally transposed. The stock kernel handles batches that
 * broadcast.
 */
export function batchMatMul(call: Call): tf.TensorInfo | undefined {
  const { inputs: { a, b }, backend, attrs: { transposeA, transposeB } } = call;
  if (a.shape.includes(0) || b.shape.includes(0)) return undefined;
  const batches = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  if (batches.some((size) => size !== 1) || (transposeA && transposeB)) return products(call);
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const columns = transposeB ? bRows : bColumns;
  const sizes = productSizes(aRows, aColumns, columns);
  const shape = [...a.shape.slice(0, -2), transposeA ? aColumns : aRows, columns];
  // A sum of outer products over the rows of both: a filter gradient of 1x1 pictures.
  if (transposeA) return filterGradient(backend, sizes, a, b, shape);
  return convolve(backend, sizes, a, b, shape, { transposed: transposeB });
}

/** One product per batch, where both have the same batches, or one has a single matrix for all. */
function products(
  { inputs: { a, b }, backend, attrs: { transposeA, transposeB } }: Call,
): tf.TensorInfo | undefined {
  const [aBatches, bBatches] = [batchesOf(a), batchesOf(b)];
  const outer = aBatches > 1 ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  const isCovered = a.shape.length === b.shape.length &&
    (aBatches === 1 || bBatches === 1 ||
      tf.util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2)));
  const [left, right] = [matrixOf(a, transposeA), matrixOf(b, transposeB)];
  const { rows, columns: inner } = left;
  const { columns } = right;
  // The stock kernel reports what does not fit.
  if (!isCovered || right.rows !== inner) return undefined;
  if (!backend.pool.fits("batchProduct", [0, 0, 0, rows, inner, columns])) return undefined;
  const batches = Math.max(aBatches, bBatches);
  const rowsPerTask = Math.ceil(rows / Math.ceil(TASKS / batches));
  const target = backend.output([...outer, rows, columns]);
  backend.run("batchProduct", batches * Math.ceil(rows / rowsPerTask), [
    ...[a, b, target, rows, inner, columns],
    ...[aBatches === 1 ? 0 : rows * inner, left.row, left.column],
    ...[bBatches === 1 ? 0 : inner * columns, right.row, right.column],
    rowsPerTask,
  ]);
  return target;
}

function batchesOf({ shape }: tf.TensorInfo): number {
  return tf.util.sizeFromShape(shape.slice(0, -2));
}

/** Rows and columns as multiplied, and the strides between neighbours of each. */
function matrixOf({ shape }: tf.TensorInfo, isTransposed: boolean) {
  const [height, width] = shape.slice(-2) as [number, number];
  return isTransposed
    ? { rows: width, columns: height, row: 1, column: width }
    : { rows: height, columns: width, row: width, column: 1 };
}
