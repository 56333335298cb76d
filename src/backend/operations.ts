/**
 * The training operations without a kernel in tfjs: batch normalisation with batch statistics,
 * fused with what follows it, and the Adam step.
 *
 * On a backend that registers the fused kernels (`simd`), each is one kernel forward and one
 * backward. On every other backend the same mathematics is composed of stock tfjs operations.
 *
 * @module
 */
// The full package registers the gradients of tfjs's own kernels; its core alone has none.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { type AdamParameter, adamUpdate } from "./kernels/adam_update.ts";
import {
  FUSED_BATCH_NORM_GRADIENT,
  FUSED_BATCH_NORM_INFERENCE,
  FUSED_BATCH_NORM_TRAINING,
  type RunningAverages,
} from "./kernels/fused_batch_norm.ts";
import { SimdBackend } from "./simd_backend.ts";

/** The operations that may follow a batch normalisation in the same pass. */
export interface BatchNormFusion {
  /** Added to the normalised values before the ReLU; has the shape of `x`. */
  readonly residual?: tf.Tensor | undefined;
  /** Whether negative results become zero. */
  readonly relu?: boolean;
}

/**
 * Batch normalisation with the statistics of the batch, over all axes but the last, followed by an
 * optional sum and ReLU: `relu((x - mean) / sqrt(variance + epsilon) * gamma + beta + residual)`.
 * Differentiable in `x`, `gamma`, `beta` and the residual.
 *
 * The statistics are also averaged into the running ones, the variance made unbiased first.
 *
 * Source: Ioffe and Szegedy, "Batch Normalization" (2015).
 *
 * @param x float32, [..., C]
 * @param gamma float32, [C]
 * @param beta float32, [C]
 * @param running running statistics, changed in place, if given
 */
export function batchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
  fusion: BatchNormFusion = {},
  running?: RunningAverages,
): tf.Tensor {
  if (backendHas(FUSED_BATCH_NORM_TRAINING)) {
    const inputs = { x, gamma, beta };
    const outputs = runFused(FUSED_BATCH_NORM_TRAINING, inputs, epsilon, fusion, { running });
    return (outputs as tf.Tensor[])[0]!;
  }
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const { mean, variance } = tf.moments(x, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
  const normalised = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  if (running) {
    const rows = x.size / gamma.size;
    const unbiased: tf.Tensor1D = tf.mul(variance, rows / (rows - 1));
    average(running.mean, mean, running.momentum);
    average(running.variance, unbiased, running.momentum);
  }
  return afterBatchNorm(tf.add(tf.mul(normalised, gamma), beta), fusion);
}

function average(running: tf.Variable<tf.Rank.R1>, batch: tf.Tensor1D, momentum: number): void {
  running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)));
}

tf.registerGradient({
  kernelName: FUSED_BATCH_NORM_TRAINING,
  inputsToSave: ["x", "gamma", "beta"],
  outputsToSave: [true, true, true],
  gradFunc: (dys, [x, gamma, beta, y, mean, variance], attrs) => {
    const [dy] = dys as tf.Tensor[];
    const inputs = { x, y, dy, gamma, beta, mean, variance } as tf.NamedTensorMap;
    const outputs = tf.engine().runKernel(FUSED_BATCH_NORM_GRADIENT, inputs, attrs);
    const [dx, dgamma, dbeta, dresidual] = outputs as tf.Tensor[];
    const gradients = { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! };
    return dresidual ? { ...gradients, residual: () => dresidual } : gradients;
  },
});

/**
 * Batch normalisation with given statistics (evaluation), followed by an optional sum and ReLU.
 *
 * @param x float32, [..., C]; the other tensors float32, [C]
 */
export function batchNormInference(
  x: tf.Tensor,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
  fusion: BatchNormFusion = {},
): tf.Tensor {
  if (backendHas(FUSED_BATCH_NORM_INFERENCE)) {
    const inputs = { x, gamma, beta, mean, variance };
    return runFused(FUSED_BATCH_NORM_INFERENCE, inputs, epsilon, fusion) as tf.Tensor;
  }
  return tf.tidy(() => {
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
    const shift = tf.sub(beta, tf.mul(mean, scale));
    return afterBatchNorm(tf.add(tf.mul(x, scale), shift), fusion);
  });
}

function runFused(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  epsilon: number,
  { residual, relu = false }: BatchNormFusion,
  more: object = {},
): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel(
    kernelName,
    residual === undefined ? inputs : { ...inputs, residual },
    { epsilon, relu, residual: residual !== undefined, ...more },
  );
}

function afterBatchNorm(normalised: tf.Tensor, fusion: BatchNormFusion): tf.Tensor {
  const sum = fusion.residual ? tf.add(normalised, fusion.residual) : normalised;
  return fusion.relu ? tf.relu(sum) : sum;
}

/**
 * One step of Adam with decoupled weight decay, of all parameters. Changes the parameters and their
 * running means; disposes nothing.
 *
 * Source: Kingma and Ba, "Adam" (2015); Loshchilov and Hutter, "Decoupled Weight Decay
 * Regularization" (2019).
 */
export function adamStep(parameters: readonly AdamParameter[]): void {
  const backend = tf.backend();
  if (backend instanceof SimdBackend) return adamUpdate(backend, parameters);
  for (const { parameter, mean, squaredMean, gradient, step } of parameters) {
    tf.tidy(() => {
      const m = tf.add(tf.mul(mean, step.momentum), tf.mul(gradient, 1 - step.momentum));
      const v = tf.add(
        tf.mul(squaredMean, step.squaredMomentum),
        tf.mul(tf.square(gradient), 1 - step.squaredMomentum),
      );
      const root = tf.add(tf.sqrt(tf.div(v, step.squaredBiasCorrection)), step.epsilon);
      const change = tf.mul(tf.div(m, root), step.learningRate / step.biasCorrection);
      const decayed = tf.mul(parameter, 1 - step.learningRate * step.weightDecay);
      parameter.assign(tf.sub(decayed, change));
      mean.assign(m);
      squaredMean.assign(v);
    });
  }
}

function backendHas(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined;
}
