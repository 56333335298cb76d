import * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./simd_kernel.ts";

/**
 * Sums of the rows of x that have the same int32 id: the gradient of an embedding. The stock kernel
 * goes through all of x once per id. It still handles infinite values and NaN, which in it reach
 * all sums.
 */
export function unsortedSegmentSum(
  { inputs: { x, segmentIds }, backend, attrs: { numSegments } }: KernelCall<
    "x" | "segmentIds",
    tf.UnsortedSegmentSumAttrs
  >,
): tf.TensorInfo | undefined {
  if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) return undefined;
  const [values, ids] = [backend.values(x), backend.values(segmentIds)];
  if (!values.every((value) => Number.isFinite(value))) return undefined;
  const inner = values.length / ids.length;
  // In float64, as in the stock kernel.
  const sums = new Float64Array(numSegments * inner);
  ids.forEach((id, row) => {
    if (id < 0 || id >= numSegments) return;
    for (let i = 0; i < inner; i++) sums[id * inner + i]! += values[row * inner + i]!;
  });
  const target = backend.output([numSegments, ...x.shape.slice(1)]);
  backend.values(target).set(sums);
  return target;
}
