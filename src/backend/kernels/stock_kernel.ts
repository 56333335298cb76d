/**
 * The stock cpu kernels, for the cases that a SIMD kernel leaves to them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";

/** What tfjs hands to a kernel of this backend. */
export interface KernelCall {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly backend: SimdBackend;
  readonly attrs: tf.NamedAttrMap;
}

/** A kernel of this backend. */
export interface SimdKernel {
  readonly kernelName: string;
  readonly kernelFunc: (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];
}

/** Runs the stock cpu kernel of that name on the tensors of this backend. */
export function runStockKernel(
  kernelName: string,
  call: KernelCall,
): tf.TensorInfo | tf.TensorInfo[] {
  const stock = tf.getKernel(kernelName, "cpu");
  if (!stock) throw new Error(`the stock cpu backend has no kernel "${kernelName}"`);
  return stock.kernelFunc(call);
}
