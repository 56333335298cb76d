/**
 * Batch normalisation fused with the sum and the ReLU that may follow it. tfjs has no kernels of
 * these names: `operations.ts` calls them, and composes stock operations where they are missing.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import type { SimdKernel } from "./stock_kernel.ts";

/** Inputs x [..., C], gamma, beta, mean, variance [C], optionally residual like x; output y. */
export const FUSED_BATCH_NORM_INFERENCE = "FusedBatchNormInference";
/** Inputs x [..., C], gamma, beta [C], optionally residual like x; outputs y, mean, variance. */
export const FUSED_BATCH_NORM_TRAINING = "FusedBatchNormTraining";
/** Inputs x, y, dy, gamma, mean, variance; outputs dx, dgamma, dbeta, and dresidual if asked. */
export const FUSED_BATCH_NORM_GRADIENT = "FusedBatchNormGradient";

/** Floats that a task goes through: they stay in the second-level cache for its second pass. */
const CHUNK = 65536;
/** Channels of one task where chunks are joined. */
const CHANNELS_PER_TASK = 16;

/** y with given statistics. */
export const fusedBatchNormInference: SimdKernel = {
  kernelName: FUSED_BATCH_NORM_INFERENCE,
  kernelFunc({ inputs, backend, attrs }) {
    const [mean, variance] = [inputs["mean"]!, inputs["variance"]!].map((t) => backend.address(t));
    return applyBatchNorm(backend, inputs, attrs, mean!, variance!);
  },
};

/** y, mean and biased variance of the batch. */
export const fusedBatchNormTraining: SimdKernel = {
  kernelName: FUSED_BATCH_NORM_TRAINING,
  kernelFunc({ inputs, backend, attrs }) {
    const x = inputs["x"]!;
    const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
    const input = backend.address(x);
    const mean = backend.output([channels]);
    const variance = backend.output([channels]);
    const meanAddress = backend.address(mean);
    const varianceAddress = backend.address(variance);
    const { pool } = backend;
    pool.memory.using(chunks * 2 * channels * 4, (partials) => {
      pool.run("batchNormSums", chunks, [input, partials, rows, channels, rowsPerChunk]);
      pool.run("batchNormCombine", Math.ceil(channels / CHANNELS_PER_TASK), [
        partials,
        meanAddress,
        varianceAddress,
        rows,
        channels,
        rowsPerChunk,
      ]);
    });
    return [applyBatchNorm(backend, inputs, attrs, meanAddress, varianceAddress), mean, variance];
  },
};

/** The gradients of {@linkcode fusedBatchNormTraining}. */
export const fusedBatchNormGradient: SimdKernel = {
  kernelName: FUSED_BATCH_NORM_GRADIENT,
  kernelFunc({ inputs, backend, attrs }) {
    const x = inputs["x"]!;
    const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
    const epsilon = attrs["epsilon"] as number;
    const input = backend.address(x);
    const y = attrs["relu"] ? backend.address(inputs["y"]!) : 0;
    const dy = backend.address(inputs["dy"]!);
    const gamma = backend.address(inputs["gamma"]!);
    const mean = backend.address(inputs["mean"]!);
    const variance = backend.address(inputs["variance"]!);
    const dx = backend.output(x.shape);
    const dgamma = backend.output([channels]);
    const dbeta = backend.output([channels]);
    const dresidual = attrs["residual"] ? backend.output(x.shape) : undefined;
    const { pool } = backend;
    pool.memory.using(chunks * 2 * channels * 4, (partials) => {
      pool.run("batchNormGradientSums", chunks, [
        input,
        y,
        dy,
        mean,
        partials,
        rows,
        channels,
        rowsPerChunk,
      ]);
      pool.run("batchNormGradientCombine", Math.ceil(channels / CHANNELS_PER_TASK), [
        partials,
        variance,
        backend.address(dgamma),
        backend.address(dbeta),
        chunks,
        channels,
      ], [epsilon]);
    });
    pool.run("batchNormGradient", chunks, [
      input,
      y,
      dy,
      mean,
      variance,
      gamma,
      backend.address(dgamma),
      backend.address(dbeta),
      backend.address(dx),
      dresidual ? backend.address(dresidual) : 0,
      rows,
      channels,
      rowsPerChunk,
    ], [epsilon]);
    return dresidual ? [dx, dgamma, dbeta, dresidual] : [dx, dgamma, dbeta];
  },
};

function applyBatchNorm(
  backend: SimdBackend,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
  mean: number,
  variance: number,
): tf.TensorInfo {
  const x = inputs["x"]!;
  const residual = inputs["residual"];
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
  const input = backend.address(x);
  const gamma = backend.address(inputs["gamma"]!);
  const beta = backend.address(inputs["beta"]!);
  const added = residual ? backend.address(residual) : 0;
  const y = backend.output(x.shape);
  backend.pool.run("batchNormApply", chunks, [
    input,
    mean,
    variance,
    gamma,
    beta,
    added,
    backend.address(y),
    rows,
    channels,
    rowsPerChunk,
    attrs["relu"] ? 1 : 0,
  ], [attrs["epsilon"] as number]);
  return y;
}

function rowsOf(shape: number[]) {
  const channels = shape.at(-1)!;
  // The kernels keep three numbers per channel in a thread's own memory.
  if (channels * 12 > SCRATCH_BYTES) {
    throw new RangeError(
      `batch norm of ${channels} channels; the simd backend's most is ${SCRATCH_BYTES / 12 | 0}`,
    );
  }
  const rows = tf.util.sizeFromShape(shape) / channels;
  const rowsPerChunk = Math.max(1, Math.floor(CHUNK / channels));
  return { rows, channels, rowsPerChunk, chunks: Math.ceil(rows / rowsPerChunk) };
}
