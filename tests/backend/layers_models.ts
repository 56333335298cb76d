/**
 * Small networks of tfjs Layers, of many kinds, and training them on the current backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** A network, and what it is trained with. */
export interface Architecture {
  readonly optimizer: () => tf.Optimizer;
  readonly loss: string;
  readonly build: () => tf.LayersModel;
}

/** Shape of a picture, and the number of categories. */
const PICTURE = [12, 12, 3];
const CATEGORIES = 4;

const { layers } = tf;

/** A seeded initializer, so that every backend starts from the same weights. */
function seeded(seed: number) {
  return tf.initializers.glorotUniform({ seed });
}

function conv(filters: number, seed: number, more: object = {}) {
  return layers.conv2d({
    filters,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    kernelInitializer: seeded(seed),
    ...more,
  });
}

function dense(units: number, seed: number, more: object = {}) {
  return layers.dense({ units, activation: "relu", kernelInitializer: seeded(seed), ...more });
}

function output(seed = 99) {
  return dense(CATEGORIES, seed, { activation: "softmax" });
}

function sequential(...list: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential();
  model.add(layers.inputLayer({ inputShape: PICTURE }));
  for (const layer of list) model.add(layer);
  return model;
}

function functional(body: (x: tf.SymbolicTensor) => tf.SymbolicTensor): tf.LayersModel {
  const inputs = tf.input({ shape: PICTURE });
  return tf.model({ inputs, outputs: body(inputs) });
}

const through = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(x) as tf.SymbolicTensor;

/** The networks by what is special of each. */
export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  "convolutions and pooling, Adam": {
    optimizer: () => tf.train.adam(0.001),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        conv(8, 1, { kernelSize: 5, padding: "valid" }),
        layers.maxPooling2d({ poolSize: 2 }),
        conv(12, 2),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        dense(16, 3),
        output(),
      ),
  },
  "dense layers alone, SGD": {
    optimizer: () => tf.train.sgd(0.05),
    loss: "meanSquaredError",
    build: () =>
      sequential(
        layers.flatten(),
        dense(24, 1, { activation: "tanh" }),
        dense(16, 2, { activation: "sigmoid" }),
        dense(12, 3, { activation: "elu", kernelRegularizer: tf.regularizers.l1l2() }),
        output(),
      ),
  },
  "dropout, Adam": {
    optimizer: () => tf.train.adam(0.001),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        conv(8, 1),
        layers.dropout({ rate: 0.25, seed: 5 }),
        layers.flatten(),
        dense(16, 2),
        layers.dropout({ rate: 0.5, seed: 6 }),
        output(),
      ),
  },
  "batch norm, momentum": {
    optimizer: () => tf.train.momentum(0.02, 0.9),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        conv(8, 1, { activation: "linear", useBias: false }),
        layers.batchNormalization(),
        layers.activation({ activation: "relu" }),
        conv(9, 2, { activation: "linear" }),
        layers.batchNormalization({ epsilon: 0.01 }),
        layers.leakyReLU(),
        layers.globalAveragePooling2d({}),
        output(),
      ),
  },
  "depthwise convolutions, RMSProp": {
    optimizer: () => tf.train.rmsprop(0.002),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        conv(6, 1),
        layers.depthwiseConv2d({
          kernelSize: 3,
          padding: "same",
          depthMultiplier: 2,
          depthwiseInitializer: seeded(2),
        }),
        layers.reLU({ maxValue: 6 }),
        layers.depthwiseConv2d({ kernelSize: 3, strides: 2, depthwiseInitializer: seeded(3) }),
        layers.globalMaxPooling2d({}),
        output(),
      ),
  },
  "separable convolutions, Adagrad": {
    optimizer: () => tf.train.adagrad(0.02),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        layers.separableConv2d({
          filters: 10,
          kernelSize: 3,
          activation: "selu",
          depthwiseInitializer: seeded(1),
          pointwiseInitializer: seeded(2),
        }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.flatten(),
        output(),
      ),
  },
  "a residual, Adamax": {
    optimizer: () => tf.train.adamax(0.003),
    loss: "categoricalCrossentropy",
    build: () =>
      functional((input) => {
        const x = through(conv(8, 1), input);
        const branch = through(conv(8, 3, { activation: "linear" }), through(conv(8, 2), x));
        const sum = through(layers.add(), [x, branch]);
        const active = through(layers.activation({ activation: "relu" }), sum);
        return through(output(), through(layers.globalAveragePooling2d({}), active));
      }),
  },
  "branches joined, Adadelta": {
    optimizer: () => tf.train.adadelta(0.05),
    loss: "categoricalCrossentropy",
    build: () =>
      functional((input) => {
        const a = through(conv(5, 1), input);
        const b = through(conv(3, 2, { kernelSize: 1 }), input);
        const joined = through(layers.concatenate(), [a, b]);
        const bounded = through(layers.maximum(), [joined, through(conv(8, 3), joined)]);
        return through(output(), through(layers.flatten(), bounded));
      }),
  },
  "1x1 convolutions and PReLU, Adam": {
    optimizer: () => tf.train.adam(0.001),
    loss: "categoricalCrossentropy",
    build: () =>
      sequential(
        conv(8, 1, { kernelSize: 1, activation: "linear" }),
        layers.prelu({ sharedAxes: [1, 2] }),
        conv(12, 2, { kernelSize: 1, activation: "softplus" }),
        layers.globalAveragePooling2d({}),
        output(),
      ),
  },
  "stride 2 and padding, binary cross entropy, Adam": {
    optimizer: () => tf.train.adam(0.001),
    loss: "binaryCrossentropy",
    build: () =>
      sequential(
        layers.zeroPadding2d({ padding: 1 }),
        conv(8, 1, { strides: 2, padding: "valid" }),
        conv(12, 2, { strides: 2, activation: "elu" }),
        layers.flatten(),
        dense(CATEGORIES, 3, { activation: "sigmoid" }),
      ),
  },
};

/** What a training gives. */
export interface Trained {
  /** After every step. */
  readonly losses: readonly number[];
  /** Of all pictures, by the trained network. */
  readonly predictions: Float32Array;
}

const BATCH = 8;

/** Trains a network by `model.fit` for 20 steps on seeded pictures, and disposes of everything. */
export async function trainArchitecture(
  { build, optimizer, loss }: Architecture,
): Promise<Trained> {
  const model = build();
  const how = optimizer();
  model.compile({ optimizer: how, loss, metrics: ["accuracy"] });
  const [pictures, labels] = tf.tidy(() => {
    const count = 10 * BATCH;
    const categories = tf.range(0, count, 1, "int32").mod(tf.scalar(CATEGORIES, "int32"));
    return [
      tf.randomNormal([count, ...PICTURE], 0, 1, "float32", 7),
      tf.oneHot(categories as tf.Tensor1D, CATEGORIES).toFloat(),
    ];
  });
  const losses: number[] = [];
  await model.fit(pictures!, labels!, {
    batchSize: BATCH,
    epochs: 2,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
    callbacks: { onBatchEnd: (_, logs) => void losses.push(logs!.loss as number) },
  });
  const predicted = model.predict(pictures!, { batchSize: 32 }) as tf.Tensor;
  const predictions = new Float32Array(predicted.dataSync());
  tf.dispose([pictures!, labels!, predicted]);
  model.dispose();
  how.dispose();
  // The momentum optimizer of tfjs forgets the learning rate of the class it extends.
  (how as unknown as { c?: tf.Tensor }).c?.dispose();
  return { losses, predictions };
}
