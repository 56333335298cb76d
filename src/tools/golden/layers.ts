/**
 * Runs `layers.json`: convolutions, batch norms and pools, with their gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { batchNormInference, batchNormTraining } from "../../backend/operations.ts";
import { averagePool, BatchNorm, maxPool } from "../../model/layers.ts";
import { ParameterList } from "../../model/parameters.ts";
import { compareTensors, type GoldenRunner, goldenTensor as tensor, tensorOf } from "./golden.ts";

const withGradient = z.object({ x: tensor, y: tensor, dy: tensor, dx: tensor });
const layers = z.object({
  conv: z.array(withGradient.extend({ stride: z.int(), pad: z.int(), w: tensor, dw: tensor })),
  batchNorm: z.array(withGradient.extend({
    eps: z.number(),
    gamma: tensor,
    beta: tensor,
    dgamma: tensor,
    dbeta: tensor,
    runningMean: tensor,
    runningVar: tensor,
    yEval: tensor,
  })),
  maxPool3x3s2p1: z.array(withGradient),
  avgPool2x2ceil: z.array(withGradient),
});

type Layers = z.infer<typeof layers>;

/** Compares every layer's result and gradients with the reference. */
export const run: GoldenRunner = (content) => {
  const { conv, batchNorm, maxPool3x3s2p1, avgPool2x2ceil } = layers.parse(content);
  return [
    ...conv.flatMap(compareConvolution),
    ...batchNorm.flatMap(compareBatchNorm),
    ...maxPool3x3s2p1.flatMap(comparePool("max pool", maxPool.forward)),
    ...avgPool2x2ceil.flatMap(comparePool("average pool", averagePool.forward)),
  ];
};

function compareConvolution(
  { stride, pad, x, w, y, dy, dx, dw }: Layers["conv"][number],
  index: number,
) {
  return compareTensors(`convolution ${index}`, "layers", () => {
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
    const [input, filter] = [tensorOf(x), tensorOf(w)];
    const [inputGradient, filterGradient] = tf.grads(f)([input, filter], tensorOf(dy));
    return { y: [f(input, filter), y], dx: [inputGradient!, dx], dw: [filterGradient!, dw] };
  });
}

function compareBatchNorm(
  { eps, x, gamma, beta, dy, ...expected }: Layers["batchNorm"][number],
  index: number,
) {
  return compareTensors(`batch norm ${index}`, "layers", () => {
    const input = tensorOf(x);
    const scale = tensorOf<tf.Rank.R1>(gamma);
    const shift = tensorOf<tf.Rank.R1>(beta);
    const training = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, eps);
    const [dx, dgamma, dbeta] = tf.grads(training)([input, scale, shift], tensorOf(dy));
    const { mean, variance } = runningStatistics(input, scale.size);
    return {
      y: [training(input, scale, shift), expected.y],
      dx: [dx!, expected.dx],
      dgamma: [dgamma!, expected.dgamma],
      dbeta: [dbeta!, expected.dbeta],
      runningMean: [mean, expected.runningMean],
      runningVar: [variance, expected.runningVar],
      yEval: [batchNormInference(input, mean, variance, scale, shift, eps), expected.yEval],
    };
  });
}

/** After one batch; independent of gamma, beta and epsilon. */
function runningStatistics(x: tf.Tensor, channels: number) {
  const layer = new BatchNorm(new ParameterList(0), "norm", "head", channels);
  layer.forward(x, { training: true });
  const { mean, variance } = layer.statistics;
  const values = { mean: tf.clone(mean), variance: tf.clone(variance) };
  tf.dispose([layer.gamma, layer.beta, mean, variance]);
  return values;
}

function comparePool(name: string, pool: (x: tf.Tensor4D) => tf.Tensor4D) {
  return ({ x, y, dy, dx }: z.infer<typeof withGradient>, index: number) =>
    compareTensors(`${name} ${index}`, "layers", () => {
      const input = tensorOf<tf.Rank.R4>(x);
      const gradient = tf.grad((x) => pool(x as tf.Tensor4D))(input, tensorOf(dy));
      return { y: [pool(input), y], dx: [gradient, dx] };
    });
}
