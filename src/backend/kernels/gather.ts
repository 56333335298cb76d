import * as tf from "@tensorflow/tfjs-core";
import { FLOAT } from "./convolution_sizes.ts";
import { CHUNK } from "./copy_block.ts";
import type { KernelCall } from "./simd_kernel.ts";

/** Parts of x along an axis, by int32 indices; the stock kernel handles batches. */
export function gather(
  { inputs: { x, indices }, backend, attrs: { axis, batchDims = 0 } }: KernelCall<
    "x" | "indices",
    tf.GatherV2Attrs
  >,
): tf.TensorInfo | undefined {
  if (batchDims !== 0) return undefined;
  const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const size = x.shape[along]!;
  const wanted = backend.values(indices);
  // The stock kernel reports what is wrong with an index.
  if (wanted.some((index) => !(index >= 0 && index < size))) return undefined;
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  const outer = tf.util.sizeFromShape(x.shape.slice(0, along));
  const inner = tf.util.sizeFromShape(x.shape.slice(along + 1));
  const rows = outer * wanted.length;
  const rowsPerTask = Math.max(1, Math.floor(CHUNK / inner));
  const target = backend.output(shape);
  if (!backend.isInKernelMemory(x)) {
    // x may be a large data set from which batches are taken, so it is not moved.
    const [from, to] = [backend.values(x), backend.values(target)];
    for (let row = 0; row < rows; row++) {
      const place = Math.floor(row / wanted.length) * size + wanted[row % wanted.length]!;
      to.set(from.subarray(place * inner, (place + 1) * inner), row * inner);
    }
    return target;
  }
  const { memory } = backend.pool;
  memory.using(wanted.length * FLOAT, (address) => {
    new Int32Array(memory.memory.buffer, address, wanted.length).set(wanted);
    backend.run("gather", Math.ceil(rows / rowsPerTask), [
      ...[x, address, target, rows, rowsPerTask],
      ...[size, wanted.length, inner],
    ]);
  });
  return target;
}
