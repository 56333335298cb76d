/**
 * Constant tensors, and casts to another type.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** A float32 tensor filled with one value. */
export function fill(
  { backend, attrs: { shape, value, dtype } }: KernelCall<never, tf.FillAttrs>,
): tf.TensorInfo | undefined {
  if (dtype !== "float32") return undefined;
  const target = backend.output(shape);
  backend.values(target).fill(value as number);
  return target;
}

/** A kernel that fills the shape of x with a value. */
export function filledLike(value: number): SimdKernel {
  return ({ inputs: { x }, backend }: KernelCall<"x">) => {
    const target = backend.output(x.shape);
    backend.values(target).fill(value);
    return target;
  };
}

/**
 * int32 and bool as float32. With the stock kernel both tensors would share their values, which is
 * impossible if one has them in kernel memory as floats.
 */
export function cast(
  { inputs: { x }, backend, attrs: { dtype } }: KernelCall<"x", tf.CastAttrs>,
): tf.TensorInfo | undefined {
  if (dtype !== "float32" || x.dtype === "float32") return undefined;
  const target = backend.output(x.shape);
  backend.values(target).set(backend.values(x));
  return target;
}
