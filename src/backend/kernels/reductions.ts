/**
 * Sums, means, products and extremes along axes.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** Values of a chunk, and approximately of a task. */
const CHUNK = 16384;
/**
 * Columns to which rows of partial results are padded; also the results per task of the second job.
 */
const LINE = 8;
const RESULTS_PER_TASK = 1024;
/** Bytes of a float64. */
const DOUBLE = 8;

/** The kinds of reduction; their jobs are called `<name>Chunks` and `<name>Results`. */
type Reduction = "sum" | "product" | "max" | "min";

/** A kernel that reduces along the attribute `axis`. */
export function reduction(name: Reduction): SimdKernel {
  return ({ inputs: { x }, backend, attrs: { axis, keepDims } }: KernelCall<"x", tf.SumAttrs>) =>
    reduce(backend, name, x, axis, keepDims);
}

/** A kernel that reduces along the attribute `reductionIndices`. */
export function maxReduction(
  { inputs: { x }, backend, attrs }: KernelCall<"x", tf.MaxAttrs>,
): tf.TensorInfo {
  return reduce(backend, "max", x, attrs.reductionIndices, attrs.keepDims);
}

/** The mean along axes. */
export function mean(
  { inputs: { x }, backend, attrs: { axis, keepDims } }: KernelCall<"x", tf.MeanAttrs>,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return reduce(backend, "sum", x, axis, keepDims, count);
}

function reduce(
  backend: SimdBackend,
  name: Reduction,
  x: tf.TensorInfo,
  axis: number | number[],
  keepDims: boolean,
  divisor = 1,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((size, i) => axes.includes(i) ? 1 : size);
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  const runs = runsOf(x.shape, axes);
  // Axes that are not adjacent are reduced run by run, the innermost first.
  let source: tf.TensorInfo = x;
  do {
    const last = runs.findLastIndex(({ reduced }) => reduced);
    const sizes = (from: number, to?: number) =>
      runs.slice(from, to).reduce((product, { size }) => product * size, 1);
    const [outer, reduced, inner] = last < 0
      ? [1, 1, sizes(0)]
      : [sizes(0, last), runs[last]!.size, sizes(last + 1)];
    if (last >= 0) runs.splice(last, 1);
    const isLast = !runs.some(({ reduced }) => reduced);
    const target = backend.output(isLast ? shape : [outer, inner]);
    reduceRun(backend, name, source, target, [outer, reduced, inner], isLast ? divisor : 1);
    if (source !== x) backend.disposeIntermediateTensorInfo(source);
    source = target;
  } while (runs.some(({ reduced }) => reduced));
  return source;
}

/**
 * Reduces [outer, reduced, inner] to [outer, inner].
 *
 * @param source a tensor, or an address in kernel memory
 * @param divisor the divisor of the result
 */
export function reduceRun(
  backend: SimdBackend,
  name: Reduction,
  source: tf.TensorInfo | number,
  target: tf.TensorInfo,
  [outer, reduced, inner]: [number, number, number],
  divisor = 1,
): void {
  const rowsPerChunk = Math.min(reduced, Math.max(1, Math.floor(CHUNK / inner)));
  const chunks = outer * Math.ceil(reduced / rowsPerChunk);
  const chunksPerTask = Math.max(1, Math.floor(CHUNK / (rowsPerChunk * inner)));
  const rowBytes = inner === 1 ? DOUBLE : Math.ceil(inner / LINE) * LINE * DOUBLE;
  backend.pool.memory.using(chunks * rowBytes, (partials) => {
    const sizes = [outer, reduced, inner, rowsPerChunk, chunksPerTask];
    const args = [source, partials, target, ...sizes];
    backend.run(`${name}Chunks`, Math.ceil(chunks / chunksPerTask), args, [divisor]);
    const tasks = Math.ceil(outer * inner / RESULTS_PER_TASK);
    backend.run(`${name}Results`, tasks, args, [divisor]);
  });
}

/** Neighbouring axes that are all reduced, or all kept, joined; axes of one value left out. */
function runsOf(shape: number[], axes: number[]): { size: number; reduced: boolean }[] {
  const runs: { size: number; reduced: boolean }[] = [];
  shape.forEach((size, axis) => {
    const reduced = axes.includes(axis);
    const before = runs.at(-1);
    if (size === 1) return;
    if (before?.reduced === reduced) before.size *= size;
    else runs.push({ size, reduced });
  });
  return runs;
}
