/**
 * Measuring a training independent of this project: a plain model of stock tfjs layers, trained by
 * tfjs's own `fit` and optimiser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Side of the pictures in pixels. */
export const SIDE = 28;

/** Outputs of the model. */
export const CLASSES = 10;

/** Pictures per batch: tfjs's default. */
export const BATCH_SIZE = 32;

/** A small classifier as in tutorials: two convolutions, pooling, two dense layers. */
export function plainModel(): tf.Sequential {
  const inputShape = [SIDE, SIDE, 1];
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape, filters: 16, kernelSize: 3, activation: "relu" }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: "relu" }),
      tf.layers.dense({ units: CLASSES, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  return model;
}

/** Pictures per second of `fit` on the current backend, after a batch that is not measured. */
export async function measurePlainModel(batches: number): Promise<number> {
  const model = plainModel();
  const pictures = tf.randomUniform([BATCH_SIZE, SIDE, SIDE, 1], 0, 1, "float32", 1);
  const classes = Array.from({ length: BATCH_SIZE }, (_, picture) => picture % CLASSES);
  const labels = tf.oneHot(classes, CLASSES);
  const options = { batchSize: BATCH_SIZE, verbose: 0 };
  try {
    await model.fit(pictures, labels, { ...options, epochs: 1 });
    const start = performance.now();
    await model.fit(pictures, labels, { ...options, epochs: batches });
    return batches * BATCH_SIZE / ((performance.now() - start) / 1000);
  } finally {
    tf.dispose([pictures, labels]);
    model.dispose();
  }
}
