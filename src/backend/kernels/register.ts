/**
 * The list of the `simd` backend's own kernels.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { adamUpdate } from "./adam_update.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import { add, multiply, relu, step } from "./elementwise.ts";
import {
  fusedBatchNormGradient,
  fusedBatchNormInference,
  fusedBatchNormTraining,
} from "./fused_batch_norm.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import type { SimdBackend } from "../simd_backend.ts";
import type { SimdKernel } from "./stock_kernel.ts";

/** Every kernel that this backend does not take over from the stock cpu backend. */
export const SIMD_KERNELS: readonly SimdKernel[] = [
  adamUpdate,
  add,
  averagePool,
  averagePoolGradient,
  batchMatMul,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  fusedBatchNormGradient,
  fusedBatchNormInference,
  fusedBatchNormTraining,
  maxPool,
  maxPoolGradient,
  multiply,
  relu,
  step,
];

/** Registers the stock cpu kernels under `simd`, and then {@linkcode SIMD_KERNELS} over them. */
export function registerSimdKernels(): void {
  const own = new Set(SIMD_KERNELS.map((kernel) => kernel.kernelName));
  for (const stock of tf.getKernelsForBackend("cpu")) {
    if (!own.has(stock.kernelName)) tf.registerKernel({ ...stock, backendName: "simd" });
  }
  for (const { kernelName, kernelFunc } of SIMD_KERNELS) {
    tf.registerKernel({
      kernelName,
      backendName: "simd",
      kernelFunc: ({ inputs, backend, attrs = {} }) =>
        kernelFunc({ inputs, backend: backend as SimdBackend, attrs }),
    });
  }
}
