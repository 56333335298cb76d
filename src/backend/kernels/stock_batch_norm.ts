/**
 * tfjs's own kernel of batch normalisation, with given statistics.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import { fusedBatchNormInference } from "./fused_batch_norm.ts";
import type { KernelCall } from "./simd_kernel.ts";

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, per channel of the last axis. */
export function stockBatchNorm(
  { inputs, backend, attrs: { varianceEpsilon = 0.001 } }: KernelCall<
    "x" | "mean" | "variance",
    Partial<tf.FusedBatchNormAttrs>,
    "scale" | "offset"
  >,
): tf.TensorInfo | undefined {
  const { x, mean, variance, scale, offset } = inputs;
  const channels = x.shape.at(-1);
  const statistics = [mean, variance, scale, offset].filter((tensor) => tensor != null);
  const isPerChannel = channels !== undefined && channels * 12 <= SCRATCH_BYTES &&
    statistics.every(({ shape }) => shape.at(-1) === channels && sizeOf(shape) === channels) &&
    new Set(statistics.map(({ shape }) => shape.length)).size === 1;
  if (!isPerChannel) return undefined;
  const gamma = scale ?? filled(backend, channels, 1);
  const beta = offset ?? filled(backend, channels, 0);
  const y = fusedBatchNormInference({
    inputs: { x, mean, variance, gamma, beta },
    backend,
    attrs: { epsilon: varianceEpsilon, relu: false },
  });
  if (!scale) backend.disposeIntermediateTensorInfo(gamma);
  if (!offset) backend.disposeIntermediateTensorInfo(beta);
  return y;
}

const sizeOf = tf.util.sizeFromShape;

function filled(backend: SimdBackend, length: number, value: number): tf.TensorInfo {
  const tensor = backend.output([length]);
  backend.values(tensor).fill(value);
  return tensor;
}
