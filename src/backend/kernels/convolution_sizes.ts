/**
 * The sizes of a convolution, and those of the tiles it is computed in.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** Rows and columns of a register tile; the same in `wasm/assembly/layout.ts`. */
export const TILE_ROWS = 6;
export const TILE_COLUMNS = 16;
/** Bytes of a float32. */
export const FLOAT = 4;
/** Tasks a job is split into at least where it can be: enough to even out two or four threads. */
export const TASKS = 8;

/** The sizes of a 2D convolution, NHWC, all whole numbers. */
export interface ConvolutionSizes {
  readonly images: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/** The attributes that tfjs gives the kernels Conv2D, Conv2DBackpropInput and -Filter. */
interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The sizes of a convolution, or undefined for what the SIMD kernels do not cover: channels first,
 * and dilations.
 */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: tf.NamedAttrMap,
): ConvolutionSizes | undefined {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } =
    attributes as unknown as ConvolutionAttributes;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC"),
  );
  const sizes = {
    images: info.batchSize,
    inputHeight: info.inHeight,
    inputWidth: info.inWidth,
    inputChannels: info.inChannels,
    outputHeight: info.outHeight,
    outputWidth: info.outWidth,
    outputChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
  const plain = info.dataFormat === "channelsLast" && info.dilationHeight === 1 &&
    info.dilationWidth === 1;
  return plain ? sizes : undefined;
}

/** The sizes of `[rows, inner] x [inner, columns]` as a convolution of 1x1 pictures. */
export function productSizes(rows: number, inner: number, columns: number): ConvolutionSizes {
  return {
    images: rows,
    inputHeight: 1,
    inputWidth: 1,
    inputChannels: inner,
    outputHeight: 1,
    outputWidth: 1,
    outputChannels: columns,
    filterHeight: 1,
    filterWidth: 1,
    strideHeight: 1,
    strideWidth: 1,
    padTop: 0,
    padLeft: 0,
  };
}

/** The sizes of the window in the order of the kernels' arguments. */
export function windowArguments(sizes: ConvolutionSizes): number[] {
  return [
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padTop,
    sizes.padLeft,
  ];
}

/** The nearest value within bounds. */
export function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(highest, value));
}
