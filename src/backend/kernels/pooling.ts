/**
 * Max and average pooling and their gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/** Largest value of each window. */
export const maxPool: SimdKernel = poolKernel("MaxPool", "maxPool");

/** Mean of each window, padding not counted. */
export const averagePool: SimdKernel = poolKernel("AvgPool", "averagePool");

/** The gradient of max pooling goes to the first largest pixel of each window. */
export const maxPoolGradient: SimdKernel = {
  kernelName: "MaxPoolGrad",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const x = inputs["input"]!;
    const sizes = poolSizes(x.shape, attrs);
    if (!sizes) return runStockKernel("MaxPoolGrad", call);
    const input = backend.address(x);
    const y = backend.address(inputs["output"]!);
    const dy = backend.address(inputs["dy"]!);
    const dx = backend.output(x.shape);
    const args = [input, y, dy, backend.address(dx), ...sizes.numbers];
    backend.pool.run("maxPoolGradient", sizes.images, args);
    return dx;
  },
};

/** The gradient of average pooling is spread evenly over each window. */
export const averagePoolGradient: SimdKernel = {
  kernelName: "AvgPoolGrad",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const x = inputs["input"]!;
    const sizes = poolSizes(x.shape, attrs);
    if (!sizes) return runStockKernel("AvgPoolGrad", call);
    const dy = backend.address(inputs["dy"]!);
    const dx = backend.output(x.shape);
    const args = [0, 0, dy, backend.address(dx), ...sizes.numbers];
    backend.pool.run("averagePoolGradient", sizes.images, args);
    return dx;
  },
};

function poolKernel(kernelName: string, job: "maxPool" | "averagePool"): SimdKernel {
  return {
    kernelName,
    kernelFunc(call) {
      const { inputs, backend, attrs } = call;
      const x = inputs["x"]!;
      const sizes = poolSizes(x.shape, attrs);
      if (!sizes) return runStockKernel(kernelName, call);
      const input = backend.address(x);
      const y = backend.output(sizes.outputShape);
      const args = [input, backend.address(y), 0, 0, ...sizes.numbers];
      backend.pool.run(job, sizes.images * sizes.outputShape[1]!, args);
      return y;
    },
  };
}

interface PoolSizes {
  readonly images: number;
  readonly outputShape: number[];
  /** The sizes in the order of the kernel's arguments. */
  readonly numbers: number[];
}

/** The sizes of a pooling, or undefined where a window can lie wholly in the padding. */
function poolSizes(inputShape: number[], attrs: tf.NamedAttrMap): PoolSizes | undefined {
  const info = tf.backend_util.computePool2DInfo(
    inputShape as [number, number, number, number],
    attrs["filterSize"] as number | [number, number],
    attrs["strides"] as number | [number, number],
    1,
    attrs["pad"] as "valid" | "same" | number,
    attrs["dimRoundingMode"] as "floor" | "round" | "ceil",
  );
  const { top, left } = info.padInfo;
  const lastTop = (info.outHeight - 1) * info.strideHeight - top;
  const lastLeft = (info.outWidth - 1) * info.strideWidth - left;
  const meetsPicture = top < info.filterHeight && left < info.filterWidth &&
    lastTop < info.inHeight && lastLeft < info.inWidth;
  if (!meetsPicture) return undefined;
  return {
    images: info.batchSize,
    outputShape: info.outShape,
    numbers: [
      info.inHeight,
      info.inWidth,
      info.outHeight,
      info.outWidth,
      info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      top,
      left,
    ],
  };
}
