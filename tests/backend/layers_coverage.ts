/**
 * Which kernels tfjs Layers reach, and who computes them on `simd`: every layer, activation, loss,
 * metric, regularizer, constraint and optimizer of tfjs runs once, forward and backward.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { KernelRun, SimdBackend } from "../../src/backend/simd_backend.ts";
import { ARCHITECTURES, trainArchitecture } from "./layers_models.ts";

const { layers } = tf;

type MakeLayer = () => tf.layers.Layer;

/** A layer and the shapes of what it is applied to, the batch included. */
type LayerCase = readonly [make: MakeLayer, ...shapes: number[][]];

const PICTURES = [2, 6, 6, 3];
const SERIES = [2, 5, 3];
const ROWS = [3, 4];
const VOLUMES = [2, 5, 5, 5, 2];

/** Every layer of `tf.layers` by its name there. */
export const LAYERS: Readonly<Record<string, LayerCase>> = {
  activation: [() => layers.activation({ activation: "relu" }), ROWS],
  add: [() => layers.add(), ROWS, ROWS],
  alphaDropout: [() => layers.alphaDropout({ rate: 0.3 }), ROWS],
  average: [() => layers.average(), ROWS, ROWS],
  averagePooling1d: [() => layers.averagePooling1d({ poolSize: 2 }), SERIES],
  averagePooling2d: [() => layers.averagePooling2d({ poolSize: 2 }), PICTURES],
  averagePooling3d: [
    () => layers.averagePooling3d({ poolSize: 2, dataFormat: "channelsLast" } as never),
    VOLUMES,
  ],
  batchNormalization: [() => layers.batchNormalization(), PICTURES],
  bidirectional: [
    () =>
      layers.bidirectional({
        layer: layers.simpleRNN({ units: 3 }) as tf.RNN,
        mergeMode: "concat",
      }),
    SERIES,
  ],
  categoryEncoding: [() => layers.categoryEncoding({ numTokens: 4, outputMode: "multiHot" }), ROWS],
  centerCrop: [() => layers.centerCrop({ height: 4, width: 4 }), PICTURES],
  concatenate: [() => layers.concatenate(), ROWS, ROWS],
  conv1d: [() => layers.conv1d({ filters: 4, kernelSize: 3, activation: "relu" }), SERIES],
  conv2d: [() => layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu" }), PICTURES],
  conv2dTranspose: [() => layers.conv2dTranspose({ filters: 4, kernelSize: 3 }), PICTURES],
  conv3d: [() => layers.conv3d({ filters: 2, kernelSize: 3 }), VOLUMES],
  conv3dTranspose: [() => layers.conv3dTranspose({ filters: 2, kernelSize: 3 }), VOLUMES],
  convLstm2d: [() => layers.convLstm2d({ filters: 2, kernelSize: 3 }), [1, 2, 5, 5, 2]],
  cropping2D: [() => layers.cropping2D({ cropping: [[1, 1], [1, 2]] }), PICTURES],
  dense: [() => layers.dense({ units: 4, activation: "relu" }), ROWS],
  depthwiseConv2d: [() => layers.depthwiseConv2d({ kernelSize: 3, activation: "relu" }), PICTURES],
  dot: [() => layers.dot({ axes: 1 }), ROWS, ROWS],
  dropout: [() => layers.dropout({ rate: 0.3 }), ROWS],
  elu: [() => layers.elu(), ROWS],
  embedding: [() => layers.embedding({ inputDim: 4, outputDim: 3 }), ROWS],
  flatten: [() => layers.flatten(), PICTURES],
  gaussianDropout: [() => layers.gaussianDropout({ rate: 0.3 }), ROWS],
  gaussianNoise: [() => layers.gaussianNoise({ stddev: 0.3 }), ROWS],
  globalAveragePooling1d: [() => layers.globalAveragePooling1d(), SERIES],
  globalAveragePooling2d: [() => layers.globalAveragePooling2d({}), PICTURES],
  globalMaxPooling1d: [() => layers.globalMaxPooling1d(), SERIES],
  globalMaxPooling2d: [() => layers.globalMaxPooling2d({}), PICTURES],
  gru: [() => layers.gru({ units: 3 }), SERIES],
  layerNormalization: [() => layers.layerNormalization(), ROWS],
  leakyReLU: [() => layers.leakyReLU(), ROWS],
  lstm: [() => layers.lstm({ units: 3 }), SERIES],
  masking: [() => layers.masking(), SERIES],
  maxPooling1d: [() => layers.maxPooling1d({ poolSize: 2 }), SERIES],
  maxPooling2d: [() => layers.maxPooling2d({ poolSize: 2 }), PICTURES],
  maxPooling3d: [
    () => layers.maxPooling3d({ poolSize: 2, dataFormat: "channelsLast" } as never),
    VOLUMES,
  ],
  maximum: [() => layers.maximum(), ROWS, ROWS],
  minimum: [() => layers.minimum(), ROWS, ROWS],
  multiply: [() => layers.multiply(), ROWS, ROWS],
  permute: [() => layers.permute({ dims: [2, 1] }), SERIES],
  prelu: [() => layers.prelu({}), ROWS],
  randomWidth: [() => layers.randomWidth({ factor: 0.3 }), PICTURES],
  reLU: [() => layers.reLU({ maxValue: 6 }), ROWS],
  repeatVector: [() => layers.repeatVector({ n: 3 }), ROWS],
  rescaling: [() => layers.rescaling({ scale: 2, offset: 1 }), ROWS],
  reshape: [() => layers.reshape({ targetShape: [2, 2] }), ROWS],
  resizing: [() => layers.resizing({ height: 4, width: 9 }), PICTURES],
  separableConv2d: [() => layers.separableConv2d({ filters: 4, kernelSize: 3 }), PICTURES],
  simpleRNN: [() => layers.simpleRNN({ units: 3 }), SERIES],
  softmax: [() => layers.softmax(), ROWS],
  spatialDropout1d: [() => layers.spatialDropout1d({ rate: 0.3 }), SERIES],
  stackedRNNCells: [
    () =>
      layers.rnn({
        cell: layers.stackedRNNCells({
          cells: [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 3 })],
        }),
      }) as tf.layers.Layer,
    SERIES,
  ],
  thresholdedReLU: [() => layers.thresholdedReLU(), ROWS],
  timeDistributed: [() => layers.timeDistributed({ layer: layers.dense({ units: 2 }) }), SERIES],
  upSampling2d: [() => layers.upSampling2d({}), PICTURES],
  zeroPadding2d: [() => layers.zeroPadding2d(), PICTURES],
};

/** Names of `tf.layers` that are no layers of their own: classes, cells, other names of the same. */
export const NO_LAYERS = [
  ...["Layer", "RNN", "RNNCell", "input", "inputLayer", "rnn"],
  ...["convLstm2dCell", "gruCell", "lstmCell", "simpleRNNCell"],
  ...["avgPool1d", "avgPool2d", "avgPool3d", "avgPooling1d", "avgPooling2d", "avgPooling3d"],
  ...["globalMaxPool1d", "globalMaxPool2d", "maxPool1d", "maxPool2d"],
];

const ACTIVATIONS = [
  ...["elu", "gelu", "gelu_new", "hardSigmoid", "linear", "mish", "relu", "relu6", "selu"],
  ...["sigmoid", "softmax", "softplus", "softsign", "swish", "tanh"],
];

const LOSSES = [
  ...["binaryCrossentropy", "categoricalCrossentropy", "categoricalHinge", "cosineProximity"],
  ...["hinge", "kullbackLeiblerDivergence", "logcosh", "meanAbsoluteError"],
  ...["meanAbsolutePercentageError", "meanSquaredError", "meanSquaredLogarithmicError", "poisson"],
  ...["squaredHinge"],
];

/** Calls `onKernel` with every kernel that tfjs Layers run on the backend. */
export async function reachKernels(
  backend: SimdBackend,
  onKernel: (run: KernelRun) => void,
): Promise<void> {
  backend.onKernel = onKernel;
  for (const architecture of Object.values(ARCHITECTURES)) await trainArchitecture(architecture);
  for (const layer of Object.values(LAYERS)) {
    reachLayer(layer);
  }
  for (const activation of ACTIVATIONS) {
    reachLayer([() => layers.dense({ units: 4, activation: activation as never }), ROWS]);
  }
  for (const loss of LOSSES) await fitDense({ loss });
  await fitDense({ loss: "sparseCategoricalCrossentropy", sparse: true });
  for (const optimizer of ["sgd", "momentum", "rmsprop", "adam", "adadelta", "adamax", "adagrad"]) {
    const make = tf.train[optimizer as "momentum"];
    await fitDense({ optimizer: make(0.01, 0.9) });
  }
  const { maxNorm, minMaxNorm, nonNeg, unitNorm } = tf.constraints;
  const constraints = [maxNorm({}), minMaxNorm({}), nonNeg(), unitNorm({ axis: 0 })];
  for (const kernelConstraint of constraints) await fitDense({ layer: { kernelConstraint } });
  const { l1, l1l2, l2 } = tf.regularizers;
  for (const kernelRegularizer of [l1(), l2(), l1l2()]) {
    await fitDense({ layer: { kernelRegularizer } });
  }
  for (const metric of Object.values(tf.metrics)) {
    tf.tidy(() => {
      const labels = tf.oneHot(tf.tensor1d([0, 3, 1], "int32"), 4).toFloat();
      const scores = tf.softmax(tf.randomNormal([3, 4], 0, 1, "float32", 1));
      metric(metric === tf.metrics.sparseCategoricalAccuracy ? tf.zeros([3]) : labels, scores);
    });
  }
  backend.onKernel = undefined;
}

/** Applies a layer, with and without training, and takes the gradients of weights and inputs. */
function reachLayer([make, ...shapes]: LayerCase): void {
  const layer = make();
  tf.tidy(() => {
    const inputs = shapes.map((shape, index) =>
      // Whole numbers from 0 to 3, which are indices too.
      tf.randomUniform(shape, 0, 3.99, "float32", index + 1).floor()
    );
    const apply = (x: tf.Tensor[], training: boolean) =>
      layer.apply(x.length === 1 ? x[0]! : x, { training }) as tf.Tensor;
    apply(inputs, false);
    const loss = (x: tf.Tensor[]) => tf.sum(tf.square(apply(x, true))) as tf.Scalar;
    unlessWithoutGradient(() => void tf.grads((...x: tf.Tensor[]) => loss(x))(inputs));
    const weights = layer.trainableWeights.map((weight) =>
      (weight as unknown as { val: tf.Variable }).val
    );
    if (weights.length > 0) {
      unlessWithoutGradient(() => void tf.variableGrads(() => loss(inputs), weights));
    }
  });
  layer.dispose();
}

/** Some of tfjs's layers have no gradient, or none with respect to their input, such as indices. */
function unlessWithoutGradient(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!/[Cc]annot compute gradient|gradient of input indices/.test(String(error))) throw error;
  }
}

interface DenseFit {
  readonly loss?: string;
  readonly optimizer?: tf.Optimizer;
  readonly layer?: object;
  readonly sparse?: boolean;
}

/** Two steps of a dense layer with softmax, and one evaluation. */
async function fitDense({ loss = "meanSquaredError", optimizer, layer, sparse }: DenseFit) {
  const model = tf.sequential({
    layers: [layers.dense({ units: 4, inputShape: [5], activation: "softmax", ...layer })],
  });
  model.compile({
    optimizer: optimizer ?? "sgd",
    loss,
    metrics: ["accuracy"],
  });
  const x = tf.randomNormal([8, 5], 0, 1, "float32", 1);
  const y = sparse ? tf.zeros([8, 1]) : tf.oneHot(tf.zeros([8], "int32") as tf.Tensor1D, 4);
  await model.fit(x, y, { batchSize: 4, epochs: 1, verbose: 0, validationSplit: 0.5 });
  tf.dispose([x, y]);
  model.dispose();
  optimizer?.dispose();
}
