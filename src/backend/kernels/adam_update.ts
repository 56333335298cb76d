/**
 * The Adam step of the `simd` backend: all parameters in one job, in place.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";

/** The numbers of one Adam step, already combined from the schedule and the step count. */
export interface AdamStep {
  /** Learning rate of this step. */
  readonly learningRate: number;
  /** Decay of the mean of the gradients (beta 1), for this step. */
  readonly momentum: number;
  /** Decay of the mean of the squared gradients (beta 2). */
  readonly squaredMomentum: number;
  /** `1 - momentum^t`, or its equivalent under a schedule: the divisor of the gradients' mean. */
  readonly biasCorrection: number;
  /** `1 - squaredMomentum^t`: the divisor of the squared gradients' mean. */
  readonly squaredBiasCorrection: number;
  /** Added to the root of the mean of squares. */
  readonly epsilon: number;
  /** Decoupled weight decay: the parameter is multiplied by `1 - learningRate * weightDecay`. */
  readonly weightDecay: number;
}

/** A parameter with its running means, its gradient and the numbers of the step; float32, of one shape. */
export interface AdamParameter {
  readonly parameter: tf.Variable;
  /** Running mean of the gradients. */
  readonly mean: tf.Variable;
  /** Running mean of the squared gradients. */
  readonly squaredMean: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly step: AdamStep;
}

/** Values of one task, and 4-byte fields of a row of the table; the same in `wasm/assembly/adam.ts`. */
const CHUNK = 16384;
const FIELDS = 14;

/** One Adam step of all parameters; changes the three variables of each. */
export function adamUpdate(backend: SimdBackend, parameters: readonly AdamParameter[]): void {
  const { memory } = backend.pool;
  memory.using(parameters.length * FIELDS * 4, (table) => {
    // A row's addresses come first: finding them may make the memory grow.
    const rows = parameters.map(({ parameter, mean, squaredMean, gradient, step }) => ({
      addresses: [
        ...[parameter, mean, squaredMean].map((variable) => backend.addressToChange(variable)),
        backend.address(gradient),
      ],
      size: gradient.size,
      step,
    }));
    let tasks = 0;
    rows.forEach(({ addresses, size, step }, index) => {
      const start = table + index * FIELDS * 4;
      const integers = [...addresses, size, tasks];
      new Int32Array(memory.memory.buffer, start, integers.length).set(integers);
      memory.floats(start + integers.length * 4, FIELDS - integers.length).set([
        step.momentum,
        step.squaredMomentum,
        1 - step.momentum,
        1 - step.squaredMomentum,
        step.squaredBiasCorrection,
        step.epsilon,
        step.learningRate / step.biasCorrection,
        1 - step.learningRate * step.weightDecay,
      ]);
      tasks += Math.ceil(size / CHUNK);
    });
    backend.run("adam", tasks, [table, parameters.length]);
  });
}
