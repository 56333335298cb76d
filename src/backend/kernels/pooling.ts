/**
 * Max and average pooling and their gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { type ConvolutionSizes, windowArguments } from "./convolution_sizes.ts";
import type { KernelCall, SimdKernel } from "./simd_kernel.ts";

/** Largest value of each window. */
export const maxPool: SimdKernel = poolKernel("maxPool");

/** Mean of each window, padding not counted. */
export const averagePool: SimdKernel = poolKernel("averagePool");

/** The gradient of max pooling goes to the first largest pixel of each window. */
export const maxPoolGradient: SimdKernel = poolGradient("maxPoolGradient");

/** The gradient of average pooling is spread evenly over each window. */
export const averagePoolGradient: SimdKernel = poolGradient("averagePoolGradient");

function poolKernel(job: "maxPool" | "averagePool"): SimdKernel {
  return ({ inputs: { x }, backend, attrs }: KernelCall<"x", tf.AvgPoolAttrs>) => {
    const sizes = poolSizes(x, attrs);
    if (!sizes) return undefined;
    const y = backend.output(sizes.outShape);
    const tasks = sizes.batchSize * sizes.outHeight;
    backend.run(job, tasks, [x, y, 0, 0, ...poolArguments(sizes)]);
    return y;
  };
}

function poolGradient(job: "maxPoolGradient" | "averagePoolGradient"): SimdKernel {
  return (
    { inputs, backend, attrs }: KernelCall<"input" | "dy", tf.AvgPoolGradAttrs, "output">,
  ) => {
    // Max pooling also needs the output.
    const { input, output = 0, dy } = inputs;
    const sizes = poolSizes(input, attrs);
    if (!sizes) return undefined;
    const dx = backend.output(input.shape);
    backend.run(job, sizes.batchSize, [input, output, dy, dx, ...poolArguments(sizes)]);
    return dx;
  };
}

/** The sizes of a pooling, or undefined where a window can lie wholly in the padding. */
function poolSizes(
  { shape }: tf.TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: tf.AvgPoolGradAttrs & Partial<tf.AvgPoolAttrs>,
): ConvolutionSizes | undefined {
  const x = shape as [number, number, number, number];
  const sizes = tf.backend_util.computePool2DInfo(x, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, left } = sizes.padInfo;
  const lastTop = (sizes.outHeight - 1) * sizes.strideHeight - top;
  const lastLeft = (sizes.outWidth - 1) * sizes.strideWidth - left;
  const meetsPicture = top < sizes.filterHeight && left < sizes.filterWidth &&
    lastTop < sizes.inHeight && lastLeft < sizes.inWidth;
  return meetsPicture ? sizes : undefined;
}

/** The sizes in the order of the kernels' arguments. */
function poolArguments(sizes: ConvolutionSizes): number[] {
  const { inHeight, inWidth, outHeight, outWidth, inChannels } = sizes;
  return [inHeight, inWidth, outHeight, outWidth, inChannels, ...windowArguments(sizes)];
}
