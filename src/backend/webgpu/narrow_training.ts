/**
 * A training for trying a backend: narrow and short, with the operations of the project's networks,
 * but with tensors large enough that a GPU computes them itself.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { adamStep, batchNormTraining } from "../operations.ts";

const PICTURES = 8;
const SIDE = 16;
const CHANNELS = 16;
const OUTPUTS = 4;
const STEPS = 6;
const EPSILON = 1e-5;

/** The loss of each step on the current backend. */
export async function narrowTraining(): Promise<number[]> {
  const normal = (shape: number[], deviation: number, seed: number) =>
    tf.randomNormal(shape, 0, deviation, "float32", seed);
  const weights = [
    normal([3, 3, 3, CHANNELS], 0.3, 1),
    normal([3, 3, CHANNELS, CHANNELS], 0.1, 2),
    normal([2 * CHANNELS, OUTPUTS], 0.3, 3),
    tf.ones([CHANNELS]),
    tf.zeros([CHANNELS]),
  ].map((value) => tf.variable(value));
  const zeros = (parameter: tf.Variable) => tf.variable(tf.zeros(parameter.shape), false);
  const states = weights.map((parameter) => ({
    parameter,
    mean: zeros(parameter),
    squaredMean: zeros(parameter),
  }));
  const pictures = normal([PICTURES, SIDE, SIDE, 3], 1, 4) as tf.Tensor4D;
  const labels = Int32Array.from({ length: PICTURES }, (_, picture) => picture % OUTPUTS);
  const targets = tf.oneHot(tf.tensor1d(labels, "int32"), OUTPUTS);
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const { value, grads } = tf.variableGrads(
      () => binaryCrossEntropy(logitsOf(pictures, weights), targets),
      weights,
    );
    // Not dataSync(): a GPU's values can only be waited for.
    losses.push((await value.data())[0]!);
    const numbers = numbersOf(step);
    adamStep(states.map((state) => ({
      ...state,
      gradient: grads[state.parameter.name]!,
      step: numbers,
    })));
  }
  return losses;
}

/** Two convolutions around a pooling, the second in a residual sum; then a linear layer. */
function logitsOf(pictures: tf.Tensor4D, weights: readonly tf.Variable[]): tf.Tensor2D {
  const [stem, block, linear, gamma, beta] = weights as unknown as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  const normalised = (x: tf.Tensor4D, residual?: tf.Tensor4D) =>
    batchNormTraining(x, gamma, beta, EPSILON, { relu: true, residual }) as tf.Tensor4D;
  const pooled = tf.maxPool(normalised(tf.conv2d(pictures, stem, 2, 1)), 3, 2, 1);
  const features = normalised(tf.conv2d(pooled, block, 1, 1), pooled);
  const [count, height, width] = features.shape;
  const means = tf.avgPool(features, [height, width], 1, "valid");
  const maxima = tf.maxPool(features, [height, width], 1, "valid");
  return tf.matMul(tf.reshape(tf.concat([maxima, means], 3), [count, 2 * CHANNELS]), linear);
}

function binaryCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor): tf.Scalar {
  return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, targets))) as tf.Scalar;
}

/** The numbers of an Adam step. */
function numbersOf(step: number) {
  return {
    learningRate: 0.01,
    momentum: 0.9,
    squaredMomentum: 0.99,
    biasCorrection: 1 - 0.9 ** step,
    squaredBiasCorrection: 1 - 0.99 ** step,
    epsilon: EPSILON,
    weightDecay: 0.01,
  };
}
