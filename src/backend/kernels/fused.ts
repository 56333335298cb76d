/**
 * Convolutions and products followed by a bias and an activation, applied in place.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { binaryInto } from "./binary.ts";
import { conv2d } from "./convolution.ts";
import { depthwiseConv2d } from "./depthwise.ts";
import type { KernelCall } from "./simd_kernel.ts";
import { unaryInto } from "./unary.ts";

/** The activations that are a single job on one tensor, by their names in tfjs. */
const UNARY_JOBS: Readonly<Record<string, string>> = {
  elu: "elu",
  leakyrelu: "leakyRelu",
  relu: "relu",
  relu6: "relu6",
  sigmoid: "sigmoid",
};

interface Following {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

type FusedCall<Inputs extends string, Attributes> = KernelCall<
  Inputs,
  Attributes & Following,
  "bias" | "preluActivationWeights"
>;

/** 2D convolution, bias, activation. */
export function fusedConv2d(
  call: FusedCall<"x" | "filter", tf.Conv2DAttrs>,
): tf.TensorInfo | undefined {
  return followed(call, () => conv2d(call));
}

/** Depthwise 2D convolution, bias, activation. */
export function fusedDepthwiseConv2d(
  call: FusedCall<"x" | "filter", tf.DepthwiseConv2dNativeAttrs>,
): tf.TensorInfo | undefined {
  return followed(call, () => depthwiseConv2d(call));
}

/** Matrix product, bias, activation. */
export function fusedMatMul(
  call: FusedCall<"a" | "b", tf.BatchMatMulAttrs>,
): tf.TensorInfo | undefined {
  return followed(call, () => batchMatMul(call));
}

function followed(
  { backend, inputs, attrs }: FusedCall<never, unknown>,
  compute: () => tf.TensorInfo | undefined,
): tf.TensorInfo | undefined {
  const { bias, preluActivationWeights: slopes } = inputs;
  const { activation: name, leakyreluAlpha } = attrs;
  const activation = name ?? "linear";
  const isKnown = activation === "linear" || activation in UNARY_JOBS ||
    (activation === "prelu" && slopes);
  const y = isKnown ? compute() : undefined;
  if (!y) return undefined;
  const isFollowed = bias && activation === "relu"
    ? binaryInto(backend, "addRelu", y, bias, y)
    : (!bias || binaryInto(backend, "add", y, bias, y)) &&
      activate(backend, y, activation, slopes, leakyreluAlpha);
  if (isFollowed) return y;
  backend.disposeIntermediateTensorInfo(y);
  return undefined;
}

/** Applies an activation in place; returns whether it did. */
function activate(
  backend: SimdBackend,
  y: tf.TensorInfo,
  activation: string,
  slopes: tf.TensorInfo | undefined,
  alpha: number | undefined,
): boolean {
  if (activation === "prelu") return binaryInto(backend, "prelu", y, slopes!, y);
  const job = UNARY_JOBS[activation];
  if (job !== undefined) unaryInto(backend, job, y, y, alpha ?? 0);
  return true;
}
