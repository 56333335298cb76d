/**
 * Operations on one tensor, value by value.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** Values of one task; the same in `wasm/assembly/unary_arguments.ts`. */
const CHUNK = 16384;

/** A kernel with the input x. */
export function unary(job: string): SimdKernel {
  return ({ inputs: { x }, backend }: KernelCall<"x">) => {
    const target = backend.output(x.shape);
    unaryInto(backend, job, x, target);
    return target;
  };
}

/** x, multiplied by alpha where it is negative. */
export function leakyRelu(
  { inputs: { x }, backend, attrs: { alpha } }: KernelCall<"x", tf.LeakyReluAttrs>,
): tf.TensorInfo {
  const target = backend.output(x.shape);
  unaryInto(backend, "leakyRelu", x, target, alpha);
  return target;
}

/** 1 where x > 0, else alpha; multiplied by dy, the gradient of relu. */
export function step(
  { inputs: { x }, backend, attrs: { alpha = 0 } }: KernelCall<"x", Partial<tf.StepAttrs>>,
): tf.TensorInfo {
  const target = backend.output(x.shape);
  unaryInto(backend, "step", x, target, alpha);
  return target;
}

/** x, clamped to bounds. */
export function clipByValue(
  { inputs: { x }, backend, attrs }: KernelCall<"x", tf.ClipByValueAttrs>,
): tf.TensorInfo {
  const target = backend.output(x.shape);
  unaryInto(backend, "clipByValue", x, target, attrs.clipValueMin, attrs.clipValueMax);
  return target;
}

/** One tensor into another of its shape, which may be the same tensor. */
export function unaryInto(
  backend: SimdBackend,
  job: string,
  source: tf.TensorInfo,
  target: tf.TensorInfo,
  alpha = 0,
  beta = 0,
): void {
  const size = tf.util.sizeFromShape(source.shape);
  backend.run(job, Math.ceil(size / CHUNK), [source, target, size], [alpha, beta]);
}
