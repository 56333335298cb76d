/**
 * Depthwise convolutions and their gradients: each channel has its own filters.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { type ConvolutionSizes, FLOAT, windowArguments } from "./convolution_sizes.ts";
import { reduceRun } from "./reductions.ts";
import type { KernelCall } from "./simd_kernel.ts";

type Attributes = Omit<tf.DepthwiseConv2dNativeAttrs, "dataFormat">;
type Shape4D = [number, number, number, number];

/** The most chunks of images with separate sums in a filter gradient. */
const CHUNKS = 32;

/** Depthwise 2D convolution, NHWC by [height, width, channels, filters per channel]. */
export function depthwiseConv2d(
  { inputs: { x, filter }, backend, attrs }: KernelCall<"x" | "filter", Attributes>,
): tf.TensorInfo | undefined {
  const sizes = depthwiseSizes(x.shape, filter.shape, attrs);
  if (!sizes) return undefined;
  const y = backend.output(sizes.outShape);
  const tasks = sizes.batchSize * sizes.outHeight;
  backend.run("depthwise", tasks, [x, filter, y, ...depthwiseArguments(sizes)]);
  return y;
}

/** The gradient of a depthwise convolution with respect to its input. */
export function depthwiseBackpropInput(
  { inputs: { dy, filter }, backend, attrs }: KernelCall<
    "dy" | "filter",
    Attributes & { readonly inputShape: number[] }
  >,
): tf.TensorInfo | undefined {
  const sizes = depthwiseSizes(attrs.inputShape, filter.shape, attrs);
  if (!sizes || isDilated(sizes)) return undefined;
  const dx = backend.output(attrs.inputShape);
  const tasks = sizes.batchSize * sizes.inHeight;
  backend.run("depthwiseInputGradient", tasks, [dx, filter, dy, ...depthwiseArguments(sizes)]);
  return dx;
}

/** The gradient of a depthwise convolution with respect to its filter. */
export function depthwiseBackpropFilter(
  { inputs: { x, dy }, backend, attrs }: KernelCall<
    "x" | "dy",
    Attributes & { readonly filterShape: number[] }
  >,
): tf.TensorInfo | undefined {
  const sizes = depthwiseSizes(x.shape, attrs.filterShape, attrs);
  if (!sizes || isDilated(sizes)) return undefined;
  const dFilter = backend.output(attrs.filterShape);
  const length = tf.util.sizeFromShape(attrs.filterShape);
  const imagesPerChunk = Math.ceil(sizes.batchSize / CHUNKS);
  const chunks = Math.ceil(sizes.batchSize / imagesPerChunk);
  backend.pool.memory.using(chunks * length * FLOAT, (partials) => {
    const args = [x, partials, dy, ...depthwiseArguments(sizes), imagesPerChunk];
    backend.run("depthwiseFilterGradient", chunks, args);
    reduceRun(backend, "sum", partials, dFilter, [1, chunks, length]);
  });
  return dFilter;
}

/** The sizes, or undefined for strides and dilations at once, which the stock kernel refuses. */
function depthwiseSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Attributes,
): ConvolutionSizes | undefined {
  const spread = dilations ?? [1, 1];
  if (!tf.backend_util.eitherStridesOrDilationsAreOne(strides, spread)) return undefined;
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    spread,
    pad,
    dimRoundingMode,
    true,
  );
}

/** tfjs has no gradients of dilated depthwise convolutions; its kernels ignore the dilations. */
function isDilated({ dilationHeight, dilationWidth }: ConvolutionSizes): boolean {
  return dilationHeight > 1 || dilationWidth > 1;
}

/** The sizes in the order of the kernels' arguments. */
function depthwiseArguments(sizes: ConvolutionSizes): number[] {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, outChannels } = sizes;
  return [
    ...[batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, outChannels / inChannels],
    ...[...windowArguments(sizes), sizes.dilationHeight, sizes.dilationWidth],
  ];
}
