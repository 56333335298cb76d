/**
 * Operations on two tensors that are broadcast to one shape.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import { broadcast } from "./broadcast.ts";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** Values of one task; the same in `wasm/assembly/binary.ts`. */
const CHUNK = 16384;

/** A kernel with inputs a and b and a float32 result. */
export function arithmetic(job: string): SimdKernel {
  return ({ inputs: { a, b }, backend }: KernelCall<"a" | "b">) => binary(backend, job, a, b);
}

/** A kernel with inputs a and b and a bool result. */
export function comparison(job: string): SimdKernel {
  return ({ inputs: { a, b }, backend }: KernelCall<"a" | "b">) =>
    binary(backend, job, a, b, "bool");
}

/** x, multiplied by alpha where it is negative. */
export function prelu(
  { inputs: { x, alpha }, backend }: KernelCall<"x" | "alpha">,
): tf.TensorInfo | undefined {
  return binary(backend, "prelu", x, alpha);
}

/** The gradient of elu from its value y. */
export function eluGradient(
  { inputs: { dy, y }, backend }: KernelCall<"dy" | "y">,
): tf.TensorInfo | undefined {
  return binary(backend, "eluGradient", dy, y);
}

/** The sum of tensors of one shape. */
export function addN(
  { inputs, backend }: { readonly inputs: tf.TensorInfo[]; readonly backend: SimdBackend },
): tf.TensorInfo | undefined {
  const [first, second, ...rest] = inputs;
  if (!first || !second) return undefined;
  const sum = binary(backend, "add", first, second)!;
  for (const input of rest) binaryInto(backend, "add", sum, input, sum);
  return sum;
}

/** Both tensors in one job; undefined if broadcasting them needs more axes than a job has. */
export function binary(
  backend: SimdBackend,
  job: string,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  dtype: "float32" | "bool" = "float32",
): tf.TensorInfo | undefined {
  const layout = broadcast(a.shape, b.shape);
  if (!layout) return undefined;
  const target = backend.output(layout.shape, dtype);
  backend.run(job, Math.ceil(layout.size / CHUNK), [a, b, target, layout.size, ...layout.axes]);
  return target;
}

/**
 * Both tensors in one job, into a third one of the first one's shape; the third may be the first
 * itself.
 *
 * @returns whether it was done: false if broadcasting needs more axes than a job has, or makes the
 *   result larger than the first tensor
 */
export function binaryInto(
  backend: SimdBackend,
  job: string,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  target: tf.TensorInfo,
): boolean {
  const layout = broadcast(a.shape, b.shape);
  if (!layout || String(layout.shape) !== String(a.shape)) return false;
  backend.run(job, Math.ceil(layout.size / CHUNK), [a, b, target, layout.size, ...layout.axes]);
  return true;
}
