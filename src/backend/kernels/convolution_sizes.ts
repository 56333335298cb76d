/**
 * The sizes of a convolution, and of the tiles in which it is computed.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** Rows and columns of a register tile; the same in `wasm/assembly/layout.ts`. */
export const TILE_ROWS = 6;
export const TILE_COLUMNS = 16;
/** Bytes of a float32. */
export const FLOAT = 4;
/** The fewest tasks of a job that can be split: enough to balance two or four threads. */
export const TASKS = 8;
/** Partial sums of a filter's gradient should stay in the last-level cache. */
export const PARTIAL_SUM_BYTES = 10 * 2 ** 20;

/** The sizes of a 2D convolution or pooling, NHWC, all whole numbers. */
export type ConvolutionSizes = tf.backend_util.Conv2DInfo;

type Shape4D = [number, number, number, number];

/**
 * The sizes of a convolution, or undefined if the SIMD kernels do not cover it: channels first, and
 * dilations.
 */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat = "NHWC", dilations = 1, dimRoundingMode }: Partial<tf.Conv2DAttrs>,
): ConvolutionSizes | undefined {
  const sizes = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides!,
    dilations,
    pad!,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
  const { dilationHeight, dilationWidth } = sizes;
  const isPlain = dataFormat === "NHWC" && dilationHeight === 1 && dilationWidth === 1;
  return isPlain ? sizes : undefined;
}

/** The sizes of `[rows, inner] x [inner, columns]` as a convolution of 1x1 pictures. */
export function productSizes(rows: number, inner: number, columns: number): ConvolutionSizes {
  const filter: Shape4D = [1, 1, inner, columns];
  return tf.backend_util.computeConv2DInfo([rows, 1, 1, inner], filter, 1, 1, "valid");
}

/** The sizes of the window in the order of the kernels' arguments. */
export function windowArguments(sizes: ConvolutionSizes): number[] {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo: { top, left } } = sizes;
  return [filterHeight, filterWidth, strideHeight, strideWidth, top, left];
}

/** The taps of a filter that meet the picture for at least one output pixel. */
export interface MetWindow {
  /** Row of the first of these taps. */
  readonly top: number;
  readonly left: number;
  /** The sizes of the convolution with these taps only. */
  readonly sizes: ConvolutionSizes;
}

/**
 * Leaves out taps that always fall into the padding: of 3x3 at a single pixel, all but the centre.
 */
export function metWindow(sizes: ConvolutionSizes): MetWindow {
  const { padInfo } = sizes;
  const [top, filterHeight] = metTaps(
    sizes.filterHeight,
    padInfo.top,
    sizes.inHeight,
    sizes.outHeight,
    sizes.strideHeight,
  );
  const [left, filterWidth] = metTaps(
    sizes.filterWidth,
    padInfo.left,
    sizes.inWidth,
    sizes.outWidth,
    sizes.strideWidth,
  );
  const padded = { ...padInfo, top: padInfo.top - top, left: padInfo.left - left };
  return { top, left, sizes: { ...sizes, filterHeight, filterWidth, padInfo: padded } };
}

/** The first tap that meets the picture along one axis, and the number of such taps. */
function metTaps(taps: number, pad: number, input: number, output: number, stride: number) {
  const first = Math.max(0, pad - (output - 1) * stride);
  const last = Math.min(taps - 1, pad + input - 1);
  return last < first ? [0, taps] as const : [first, last - first + 1] as const;
}

/** The nearest value within bounds. */
export function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(highest, value));
}
