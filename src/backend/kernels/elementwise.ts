/**
 * Sums, products and ReLUs of whole tensors.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** Values of one task; the same in `wasm/assembly/elementwise.ts`. */
const CHUNK = 16384;

/** Sum of two tensors of one shape; broadcasting is left to the stock kernel. */
export const add: SimdKernel = binaryKernel("add");

/** Product of two tensors of one shape; broadcasting is left to the stock kernel. */
export const multiply: SimdKernel = binaryKernel("multiply");

/** max(x, 0) */
export const relu: SimdKernel = unaryKernel("relu");

/** 1 where x > 0, else alpha: with {@linkcode multiply} the gradient of {@linkcode relu}. */
export const step: SimdKernel = unaryKernel("step");

function binaryKernel(job: "add" | "multiply"): SimdKernel {
  return ({ inputs: { a, b }, backend }: KernelCall<"a" | "b">) =>
    tf.util.arraysEqual(a.shape, b.shape) ? run(backend, job, a, b, 0) : undefined;
}

function unaryKernel(job: "relu" | "step"): SimdKernel {
  return ({ inputs: { x }, backend, attrs }: KernelCall<"x", Partial<tf.StepAttrs>>) =>
    run(backend, job, x, 0, attrs.alpha ?? 0);
}

function run(
  backend: SimdBackend,
  job: string,
  a: tf.TensorInfo,
  b: tf.TensorInfo | 0,
  alpha: number,
): tf.TensorInfo {
  const size = tf.util.sizeFromShape(a.shape);
  const result = backend.output(a.shape);
  backend.run(job, Math.ceil(size / CHUNK), [a, b, result, size], [alpha]);
  return result;
}
