import type * as tf from "@tensorflow/tfjs-core";
import { convolve } from "./convolution.ts";
import { productSizes } from "./convolution_sizes.ts";
import { filterGradient } from "./filter_gradient.ts";
import type { KernelCall } from "./simd_kernel.ts";

/**
 * Matrix product of two matrices, each optionally transposed; real batches, and products of two
 * transposed matrices, are left to the stock kernel.
 */
export function batchMatMul(
  { inputs: { a, b }, backend, attrs: { transposeA, transposeB } }: KernelCall<
    "a" | "b",
    tf.BatchMatMulAttrs
  >,
): tf.TensorInfo | undefined {
  const batches = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  const isEmpty = a.shape.includes(0) || b.shape.includes(0);
  if (batches.some((size) => size !== 1) || isEmpty || (transposeA && transposeB)) return undefined;
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const columns = transposeB ? bRows : bColumns;
  const sizes = productSizes(aRows, aColumns, columns);
  const shape = [...a.shape.slice(0, -2), transposeA ? aColumns : aRows, columns];
  // A sum of outer products over the rows of both: a filter gradient of 1x1 pictures.
  if (transposeA) return filterGradient(backend, sizes, a, b, shape);
  return convolve(backend, sizes, a, b, shape, { transposed: transposeB });
}
