/**
 * The list of the `simd` backend's own kernels.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { addN, arithmetic, comparison, eluGradient, prelu } from "./binary.ts";
import { conv2d, conv2dBackpropInput } from "./convolution.ts";
import { concat, pack, pad, slice, split, tile, transpose, unpack } from "./copies.ts";
import { depthwiseBackpropFilter, depthwiseBackpropInput, depthwiseConv2d } from "./depthwise.ts";
import { cast, fill, filledLike } from "./fill.ts";
import { conv2dBackpropFilter } from "./filter_gradient.ts";
import { fusedConv2d, fusedDepthwiseConv2d, fusedMatMul } from "./fused.ts";
import * as batchNorm from "./fused_batch_norm.ts";
import { gather } from "./gather.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import { maxReduction, mean, reduction } from "./reductions.ts";
import { unsortedSegmentSum } from "./segment_sum.ts";
import { logicalAnd, select } from "./select.ts";
import type { SimdKernel } from "./simd_kernel.ts";
import { softmax } from "./softmax.ts";
import { stockBatchNorm } from "./stock_batch_norm.ts";
import { clipByValue, leakyRelu, step, unary } from "./unary.ts";

/** Types of inputs that are not float32, by the inputs' names. */
type OtherTypes = Readonly<Record<string, readonly tf.DataType[]>>;

/** A kernel with the types it accepts besides float32. */
interface TypedKernel {
  readonly kernel: SimdKernel;
  readonly otherTypes: OtherTypes;
}

function taking<Kernel>(otherTypes: OtherTypes, kernel: Kernel) {
  return { kernel, otherTypes };
}

/** All kernels of this backend that replace those of the stock cpu backend, by name. */
const SIMD_KERNELS: Readonly<Record<string, SimdKernel | TypedKernel>> = {
  Abs: unary("abs"),
  Add: arithmetic("add"),
  AddN: addN,
  AvgPool: averagePool,
  AvgPoolGrad: averagePoolGradient,
  BatchMatMul: batchMatMul,
  Cast: taking({ x: ["bool", "int32"] }, cast),
  Ceil: unary("ceil"),
  ClipByValue: clipByValue,
  Concat: concat,
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv2DBackpropInput: conv2dBackpropInput,
  DepthwiseConv2dNative: depthwiseConv2d,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  Elu: unary("elu"),
  EluGrad: eluGradient,
  Equal: comparison("equal"),
  Exp: unary("exp"),
  Expm1: unary("expm1"),
  Fill: fill,
  Floor: unary("floor"),
  FusedBatchNorm: stockBatchNorm,
  [batchNorm.FUSED_BATCH_NORM_GRADIENT]: batchNorm.fusedBatchNormGradient,
  [batchNorm.FUSED_BATCH_NORM_INFERENCE]: batchNorm.fusedBatchNormInference,
  [batchNorm.FUSED_BATCH_NORM_TRAINING]: batchNorm.fusedBatchNormTraining,
  FusedConv2D: fusedConv2d,
  FusedDepthwiseConv2D: fusedDepthwiseConv2d,
  GatherV2: taking({ indices: ["int32"] }, gather),
  Greater: comparison("greater"),
  GreaterEqual: comparison("greaterEqual"),
  LeakyRelu: leakyRelu,
  Less: comparison("less"),
  LessEqual: comparison("lessEqual"),
  Log: unary("log"),
  Log1p: unary("log1p"),
  LogicalAnd: taking({ a: ["bool"], b: ["bool"] }, logicalAnd),
  Max: maxReduction,
  Maximum: arithmetic("maximum"),
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
  Mean: mean,
  Min: reduction("min"),
  Minimum: arithmetic("minimum"),
  Multiply: arithmetic("multiply"),
  Neg: unary("neg"),
  NotEqual: comparison("notEqual"),
  OnesLike: filledLike(1),
  Pack: pack,
  PadV2: pad,
  Prelu: prelu,
  Prod: reduction("product"),
  RealDiv: arithmetic("divide"),
  Reciprocal: unary("reciprocal"),
  Relu: unary("relu"),
  Relu6: unary("relu6"),
  Round: unary("round"),
  Rsqrt: unary("rsqrt"),
  Select: taking({ condition: ["bool"] }, select),
  Selu: unary("selu"),
  Sigmoid: unary("sigmoid"),
  Sign: unary("sign"),
  Slice: slice,
  Softmax: softmax,
  Softplus: unary("softplus"),
  SplitV: split,
  Sqrt: unary("sqrt"),
  Square: unary("square"),
  SquaredDifference: arithmetic("squaredDifference"),
  Step: step,
  Sub: arithmetic("subtract"),
  Sum: reduction("sum"),
  Tanh: unary("tanh"),
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  UnsortedSegmentSum: taking({ segmentIds: ["int32"] }, unsortedSegmentSum),
  ZerosLike: filledLike(0),
  _FusedMatMul: fusedMatMul,
};

/**
 * Registers all kernels of `simd`: the stock cpu kernels, and in front of them the SIMD kernels,
 * which pass on calls that they do not cover, other types and empty tensors.
 */
export function registerSimdKernels(): void {
  const stock = tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);
  for (const kernelName of new Set([...stock, ...Object.keys(SIMD_KERNELS)])) {
    tf.registerKernel({ kernelName, backendName: "simd", kernelFunc: kernelFunction(kernelName) });
  }
}

function kernelFunction(kernelName: string): tf.KernelFunc {
  const listed = SIMD_KERNELS[kernelName];
  const { kernel, otherTypes } = typeof listed === "object" ? listed : taking({}, listed);
  const stock = tf.getKernel(kernelName, "cpu");
  const covers = (name: string, input: tf.TensorInfo | null | undefined) =>
    // Omitted inputs, such as a bias, are undefined or null.
    input == null ||
    (otherTypes[name]?.includes(input.dtype) ?? input.dtype === "float32") &&
      !input.shape.includes(0);
  return (call) => {
    const { inputs, attrs = {} } = call;
    const backend = call.backend as SimdBackend;
    let isCovered = kernel !== undefined;
    for (const name in inputs) isCovered &&= covers(name, inputs[name]);
    const ours = isCovered ? kernel!({ ...call, attrs } as never) : undefined;
    if (ours === undefined && !stock) {
      throw new Error(`${kernelName} of the simd backend takes float32 only`);
    }
    const result = ours ?? stock!.kernelFunc({ ...call, attrs });
    const outputs = Array.isArray(result) ? result : [result];
    if (ours === undefined) { for (const { dataId } of outputs) backend.ownValues(dataId); }
    if (backend.onKernel) {
      const by = ours ? "simd" : isShared(backend, inputs, outputs) ? "none" : "cpu";
      backend.onKernel({ kernelName, inputs, by });
    }
    return result;
  };
}

/** Whether nothing was computed: the outputs are the inputs' own values, or parts of them. */
function isShared(
  backend: SimdBackend,
  inputs: tf.NamedTensorInfoMap,
  outputs: tf.TensorInfo[],
): boolean {
  const { memory } = backend.pool.memory;
  const buffers = Object.values(inputs).map((input) => input && backend.values(input).buffer);
  return outputs.every((output) => {
    const { buffer } = backend.values(output);
    if (buffer !== memory.buffer) return buffers.includes(buffer);
    return Object.values(inputs).some((input) => input?.dataId === output.dataId);
  });
}
