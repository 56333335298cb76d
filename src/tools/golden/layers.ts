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
import { absoluteError, type Comparison, type GoldenRunner, TOLERANCES } from "./golden.ts";

const tensor = z.object({ shape: z.array(z.int()), data: z.array(z.number()) });
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
type Tensor = z.infer<typeof tensor>;

/** What {@linkcode run} reads. */
export const file = "layers.json";

/** Compares every layer's result and gradients with the reference. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  const { conv, batchNorm, maxPool3x3s2p1, avgPool2x2ceil } = layers.parse(content);
  return [
    ...conv.flatMap(compareConvolution),
    ...batchNorm.flatMap(compareBatchNorm),
    ...maxPool3x3s2p1.flatMap((reference, index) =>
      comparePool(`max pool ${index}`, maxPool.forward, reference)
    ),
    ...avgPool2x2ceil.flatMap((reference, index) =>
      comparePool(`average pool ${index}`, averagePool.forward, reference)
    ),
  ];
};

function compareConvolution(
  { stride, pad, x, w, y, dy, dx, dw }: Layers["conv"][number],
  index: number,
): Comparison[] {
  return compare(`convolution ${index}`, { y, dx, dw }, () => {
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
    const [input, filter] = [toTensor(x), toTensor(w)];
    const [inputGradient, filterGradient] = tf.grads(f)([input, filter], toTensor(dy));
    return { y: f(input, filter), dx: inputGradient!, dw: filterGradient! };
  });
}

function compareBatchNorm(
  reference: Layers["batchNorm"][number],
  index: number,
): Comparison[] {
  const { eps, y, dx, dgamma, dbeta, runningMean, runningVar, yEval } = reference;
  const expected = { y, dx, dgamma, dbeta, runningMean, runningVar, yEval };
  return compare(`batch norm ${index}`, expected, () => {
    const x = toTensor(reference.x);
    const gamma = toTensor(reference.gamma) as tf.Tensor1D;
    const beta = toTensor(reference.beta) as tf.Tensor1D;
    const { mean, variance } = runningStatistics(x, gamma.size);
    const [inputGradient, gammaGradient, betaGradient] = tf.grads((x, gamma, beta) =>
      batchNormTraining(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, eps).y
    )([x, gamma, beta], toTensor(reference.dy));
    return {
      y: batchNormTraining(x, gamma, beta, eps).y,
      dx: inputGradient!,
      dgamma: gammaGradient!,
      dbeta: betaGradient!,
      runningMean: mean,
      runningVar: variance,
      yEval: batchNormInference(x, mean, variance, gamma, beta, eps),
    };
  });
}

/** After one batch; independent of gamma, beta and epsilon. */
function runningStatistics(
  x: tf.Tensor,
  channels: number,
): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const parameters = new ParameterList(0);
  const layer = new BatchNorm(parameters, "norm", "head", channels);
  layer.forward(x, { training: true });
  const { mean, variance } = layer.statistics;
  const values = { mean: tf.clone(mean), variance: tf.clone(variance) };
  tf.dispose([layer.gamma, layer.beta, mean, variance]);
  return values;
}

function comparePool(
  name: string,
  pool: (x: tf.Tensor4D) => tf.Tensor4D,
  { x, y, dy, dx }: z.infer<typeof withGradient>,
): Comparison[] {
  return compare(name, { y, dx }, () => {
    const input = toTensor(x) as tf.Tensor4D;
    const gradient = tf.grad((x) => pool(x as tf.Tensor4D))(input, toTensor(dy));
    return { y: pool(input), dx: gradient };
  });
}

function compare(
  name: string,
  expected: Record<string, Tensor>,
  compute: () => Record<string, tf.Tensor>,
): Comparison[] {
  return tf.tidy(() => {
    const results = compute();
    return Object.entries(expected).map(([key, { data }]) => ({
      name: `${name}, ${key}`,
      error: absoluteError(results[key]!.dataSync(), data),
      tolerance: TOLERANCES.layers,
    }));
  });
}

function toTensor({ shape, data }: Tensor): tf.Tensor {
  return tf.tensor(data, shape, "float32");
}
