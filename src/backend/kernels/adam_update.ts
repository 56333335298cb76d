import * as tf from "@tensorflow/tfjs-core";
import type { AdamStep } from "../operations.ts";
import type { SimdKernel } from "./stock_kernel.ts";

/** Inputs parameter, mean, squaredMean, gradient of one shape; outputs the first three, updated. */
export const ADAM_UPDATE = "AdamUpdate";

/** Values of one task; the same in `wasm/assembly/adam.ts`. */
const CHUNK = 16384;

/** One Adam step of one parameter; attributes are those of {@linkcode AdamStep}. */
export const adamUpdate: SimdKernel = {
  kernelName: ADAM_UPDATE,
  kernelFunc({ inputs, backend, attrs }) {
    const step = attrs as unknown as AdamStep;
    const names = ["parameter", "mean", "squaredMean", "gradient"];
    const addresses = names.map((name) => backend.address(inputs[name]!));
    const { shape } = inputs["parameter"]!;
    const results = [0, 1, 2].map(() => backend.output(shape));
    const size = tf.util.sizeFromShape(shape);
    backend.pool.run("adam", Math.ceil(size / CHUNK), [
      ...addresses,
      ...results.map((result) => backend.address(result)),
      size,
    ], [
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
  },
};
