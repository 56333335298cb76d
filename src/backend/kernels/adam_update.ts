import * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./simd_kernel.ts";

/** The numbers of one Adam step, already combined from the schedule and the step count. */
export interface AdamStep {
  /** Learning rate of this step. */
  readonly learningRate: number;
  /** Decay of the mean of the gradients (beta 1), for this step. */
  readonly momentum: number;
  /** Decay of the mean of the squared gradients (beta 2). */
  readonly squaredMomentum: number;
  /** `1 - momentum^t`, or what the schedule makes of it: divides the mean of the gradients. */
  readonly biasCorrection: number;
  /** `1 - squaredMomentum^t`: divides the mean of the squared gradients. */
  readonly squaredBiasCorrection: number;
  /** Added to the root of the mean of squares. */
  readonly epsilon: number;
  /** Decoupled weight decay: the parameter is multiplied by `1 - learningRate * weightDecay`. */
  readonly weightDecay: number;
}

/** Inputs parameter, mean, squaredMean, gradient of one shape; outputs the first three, updated. */
export const ADAM_UPDATE = "AdamUpdate";

/** Values of one task; the same in `wasm/assembly/adam.ts`. */
const CHUNK = 16384;

/** One Adam step of one parameter. */
export function adamUpdate(
  { inputs, backend, attrs: step }: KernelCall<
    "parameter" | "mean" | "squaredMean" | "gradient",
    AdamStep
  >,
): tf.TensorInfo[] {
  const { parameter, mean, squaredMean, gradient } = inputs;
  const { shape } = parameter;
  const results = [0, 1, 2].map(() => backend.output(shape));
  const size = tf.util.sizeFromShape(shape);
  const args = [parameter, mean, squaredMean, gradient, ...results, size];
  backend.run("adam", Math.ceil(size / CHUNK), args, [
    step.momentum,
    step.squaredMomentum,
    1 - step.momentum,
    1 - step.squaredMomentum,
    step.squaredBiasCorrection,
    step.epsilon,
    step.learningRate / step.biasCorrection,
    1 - step.learningRate * step.weightDecay,
  ]);
  return results;
}
