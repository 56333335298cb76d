/**
 * Convolutions and their input gradients, by Winograd's algorithm where that is faster.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  convolutionSizes,
  FLOAT,
  metWindow,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";
import type { KernelCall } from "./simd_kernel.ts";
import { winogradConvolve, winogradPays } from "./winograd.ts";

/** 2D convolution, NHWC by HWIO. */
export function conv2d(
  { inputs: { x, filter }, backend, attrs }: KernelCall<"x" | "filter", tf.Conv2DAttrs>,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(x.shape, filter.shape, attrs);
  return sizes && convolve(backend, sizes, x, filter, sizes.outShape);
}

/** The gradient of a 2D convolution with respect to its input. */
export function conv2dBackpropInput(
  { inputs: { dy, filter }, backend, attrs }: KernelCall<
    "dy" | "filter",
    tf.Conv2DBackpropInputAttrs
  >,
): tf.TensorInfo | undefined {
  const sizes = convolutionSizes(attrs.inputShape, filter.shape, attrs);
  return sizes && convolve(backend, sizes, dy, filter, attrs.inputShape, { backward: true });
}

/** The most tile rows of one task of a plain convolution. */
const GROUPS_PER_TASK = 16;

/**
 * Convolves `source` with `filter` to a tensor of the given shape; undefined if a task's tables do
 * not fit a thread's own memory, as with a filter of thousands of taps.
 *
 * @param options `backward`: from the output's gradient to the input's; `transposed`: whether the
 *   last two axes of the filter are swapped, by default only backward
 */
export function convolve(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  source: tf.TensorInfo,
  filter: tf.TensorInfo,
  shape: number[],
  options: { readonly backward?: boolean; readonly transposed?: boolean } = {},
): tf.TensorInfo | undefined {
  const { backward = false, transposed = backward } = options;
  const input = [sizes.inHeight, sizes.inWidth, sizes.inChannels] as const;
  const output = [sizes.outHeight, sizes.outWidth, sizes.outChannels] as const;
  const [from, to] = backward ? [output, input] : [input, output];
  const channels = from[2];
  const [height, width, columns] = to;
  const met = metWindow(sizes);
  const { filterHeight, filterWidth } = met.sizes;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const pixels = height * width;
  const uniformGroups = Math.floor(sizes.batchSize / TILE_ROWS) * pixels;
  const groups = uniformGroups + Math.ceil(sizes.batchSize % TILE_ROWS * pixels / TILE_ROWS);
  const args = [
    ...[backend.zeros(Math.max(channels, TILE_COLUMNS)), sizes.batchSize, ...from, ...to],
    ...[...windowArguments(met.sizes), backward ? 1 : 0],
  ];
  const fits = (groups: number) => backend.pool.fits("convolve", [0, 0, 0, ...args, groups]);
  let groupsPerTask = clamp(Math.ceil(groups / TASKS), 1, GROUPS_PER_TASK);
  while (groupsPerTask > 1 && !fits(groupsPerTask)) groupsPerTask = Math.ceil(groupsPerTask / 2);
  if (!fits(groupsPerTask)) return undefined;
  const target = backend.output(shape);
  const packedBytes = panels * filterHeight * filterWidth * channels * TILE_COLUMNS * FLOAT;
  backend.pool.memory.using(packedBytes, (packed) => {
    backend.run("packFilter", panels, [
      ...[filter, packed, sizes.filterWidth, met.top, met.left, filterHeight, filterWidth],
      ...[channels, columns, transposed ? 1 : 0],
    ]);
    const convolution = { sizes, source, target, packed, channels, columns, backward };
    if (winogradPays(sizes) && winogradConvolve(backend, convolution)) return;
    const tasks = Math.ceil(groups / groupsPerTask);
    backend.run("convolve", tasks, [source, packed, target, ...args, groupsPerTask]);
  });
  return target;
}
