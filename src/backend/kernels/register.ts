/**
 * The list of the `simd` backend's own kernels.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { batchMatMul } from "./batch_mat_mul.ts";
import { conv2d, conv2dBackpropInput } from "./convolution.ts";
import { add, multiply, relu, step } from "./elementwise.ts";
import { conv2dBackpropFilter } from "./filter_gradient.ts";
import * as batchNorm from "./fused_batch_norm.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import type { SimdKernel } from "./simd_kernel.ts";

/** Every kernel that this backend does not take over from the stock cpu backend, by name. */
const SIMD_KERNELS: Readonly<Record<string, SimdKernel>> = {
  Add: add,
  AvgPool: averagePool,
  AvgPoolGrad: averagePoolGradient,
  BatchMatMul: batchMatMul,
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv2DBackpropInput: conv2dBackpropInput,
  [batchNorm.FUSED_BATCH_NORM_GRADIENT]: batchNorm.fusedBatchNormGradient,
  [batchNorm.FUSED_BATCH_NORM_INFERENCE]: batchNorm.fusedBatchNormInference,
  [batchNorm.FUSED_BATCH_NORM_TRAINING]: batchNorm.fusedBatchNormTraining,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
  Multiply: multiply,
  Relu: relu,
  Step: step,
};

/** Registers the stock cpu kernels under `simd`, and then the SIMD kernels over them. */
export function registerSimdKernels(): void {
  for (const stock of tf.getKernelsForBackend("cpu")) {
    if (Object.hasOwn(SIMD_KERNELS, stock.kernelName)) continue;
    tf.registerKernel({ ...stock, backendName: "simd" });
  }
  for (const [kernelName, kernel] of Object.entries(SIMD_KERNELS)) {
    tf.registerKernel({
      kernelName,
      backendName: "simd",
      kernelFunc: (call) => {
        const { inputs, attrs = {} } = call;
        const isFloat = Object.values(inputs).every((input) => input?.dtype === "float32");
        const result = isFloat ? kernel({ ...call, attrs } as never) : undefined;
        if (result !== undefined) return result;
        const stock = tf.getKernel(kernelName, "cpu");
        if (!stock) throw new Error(`${kernelName} of the simd backend takes float32 alone`);
        return stock.kernelFunc({ ...call, attrs });
      },
    });
  }
}
