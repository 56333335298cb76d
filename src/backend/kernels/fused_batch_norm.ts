/**
 * Batch normalisation fused with the sum and the ReLU that may follow it. tfjs has no kernels with
 * these names: `operations.ts` calls them, and composes stock operations where they are missing.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./simd_kernel.ts";

/** Inputs x [..., C], gamma, beta, mean, variance [C], optionally residual like x; output y. */
export const FUSED_BATCH_NORM_INFERENCE = "FusedBatchNormInference";
/** Inputs x [..., C], gamma, beta [C], optionally residual like x; outputs y, mean, variance. */
export const FUSED_BATCH_NORM_TRAINING = "FusedBatchNormTraining";
/** Inputs x, y, dy, gamma, beta, mean, variance; outputs dx, dgamma, dbeta, and dresidual if asked. */
export const FUSED_BATCH_NORM_GRADIENT = "FusedBatchNormGradient";

/** Floats of one task: they stay in the second-level cache for its second pass. */
const CHUNK = 65536;
/** Channels of one task where chunks are joined. */
const CHANNELS_PER_TASK = 16;

/** The statistics that evaluation normalises with. */
export interface RunningAverages {
  /** [C] float32, averages of the batches' means and unbiased variances. */
  readonly mean: tf.Variable<tf.Rank.R1>;
  readonly variance: tf.Variable<tf.Rank.R1>;
  /** The share of the new batch in the average. */
  readonly momentum: number;
}

interface BatchNormAttributes {
  readonly epsilon: number;
  /** Whether negative results become zero. */
  readonly relu: boolean;
}

/** y with given statistics. */
export function fusedBatchNormInference(
  { inputs, backend, attrs: { epsilon, relu } }: BatchNormCall<"mean" | "variance">,
): tf.TensorInfo {
  const { x, gamma, beta, mean, variance, residual } = inputs;
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
  const y = backend.output(x.shape);
  backend.run("batchNormApply", chunks, [
    ...[x, mean, variance, gamma, beta, residual ?? 0, y],
    ...[rows, channels, rowsPerChunk, relu ? 1 : 0],
  ], [epsilon]);
  return y;
}

/** y, mean and biased variance of the batch; changes the running averages, if there are any. */
export function fusedBatchNormTraining(
  call: BatchNormCall<never, { readonly running?: RunningAverages }>,
): tf.TensorInfo[] {
  const { inputs, backend, attrs: { running } } = call;
  const { x } = inputs;
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
  const [mean, variance] = [backend.output([channels]), backend.output([channels])];
  backend.pool.memory.using(chunks * 2 * channels * 4, (partials) => {
    backend.run("batchNormSums", chunks, [x, partials, rows, channels, rowsPerChunk]);
    const averages = running
      ? [backend.addressToChange(running.mean), backend.addressToChange(running.variance)]
      : [0, 0];
    const args = [partials, mean, variance, ...averages, rows, channels, rowsPerChunk];
    const tasks = Math.ceil(channels / CHANNELS_PER_TASK);
    // Computed in float64.
    const shares = running ? [1 - running.momentum, running.momentum, rows / (rows - 1)] : [];
    backend.run("batchNormCombine", tasks, args, shares);
  });
  const y = fusedBatchNormInference({ ...call, inputs: { ...inputs, mean, variance } });
  return [y, mean, variance];
}

/** The gradients of {@linkcode fusedBatchNormTraining}. */
export function fusedBatchNormGradient(
  { inputs, backend, attrs: { epsilon, relu, residual } }: KernelCall<
    "x" | "y" | "dy" | "gamma" | "beta" | "mean" | "variance",
    BatchNormAttributes & {
      /** Whether there was a residual, whose gradient is wanted. */
      readonly residual: boolean;
    }
  >,
): tf.TensorInfo[] {
  const { x, dy, gamma, beta, mean, variance } = inputs;
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(x.shape);
  // Without a residual, the kernels compute the ReLU's mask again from x.
  const y = relu && residual ? inputs.y : 0;
  const sizes = [rows, channels, rowsPerChunk];
  const isRelu = relu ? 1 : 0;
  const dx = backend.output(x.shape);
  const [dgamma, dbeta] = [backend.output([channels]), backend.output([channels])];
  const dresidual = residual ? [backend.output(x.shape)] : [];
  backend.pool.memory.using(chunks * 2 * channels * 4, (partials) => {
    backend.run("batchNormGradientSums", chunks, [
      ...[x, y, dy, mean, variance, gamma, beta, partials, ...sizes, isRelu],
    ], [epsilon]);
    const args = [partials, variance, dgamma, dbeta, chunks, channels];
    const tasks = Math.ceil(channels / CHANNELS_PER_TASK);
    backend.run("batchNormGradientCombine", tasks, args, [epsilon]);
  });
  backend.run("batchNormGradient", chunks, [
    ...[x, y, dy, mean, variance, gamma, beta, dgamma, dbeta, dx, dresidual[0] ?? 0],
    ...[...sizes, isRelu],
  ], [epsilon]);
  return [dx, dgamma, dbeta, ...dresidual];
}

type BatchNormCall<Statistics extends string, More = unknown> = KernelCall<
  "x" | "gamma" | "beta" | Statistics,
  BatchNormAttributes & More,
  "residual"
>;

function rowsOf(shape: number[]) {
  const channels = shape.at(-1)!;
  const rows = tf.util.sizeFromShape(shape) / channels;
  const rowsPerChunk = Math.max(1, Math.floor(CHUNK / channels));
  return { rows, channels, rowsPerChunk, chunks: Math.ceil(rows / rowsPerChunk) };
}
