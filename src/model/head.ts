/**
 * fastai's classification head.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { LossInput } from "../losses/loss.ts";
import { BatchNorm, dropout, Linear } from "./layers.ts";
import type { ForwardMode, ParameterList } from "./layers.ts";

/**
 * From feature maps to logits: the largest and the mean value of each map, side by side, then two
 * linear layers, each behind a batch norm and dropout. ReLU stands before the second batch norm.
 */
export class Head {
  readonly norm1: BatchNorm;
  readonly linear1: Linear;
  readonly norm2: BatchNorm;
  readonly linear2: Linear;

  /**
   * @param features number of feature maps
   * @param hidden outputs of the first linear layer
   * @param classes number of logits
   */
  constructor(list: ParameterList, features: number, hidden: number, classes: number) {
    this.norm1 = new BatchNorm(list, "head.norm1", "head", 2 * features);
    this.linear1 = new Linear(list, "l1", 2 * features, hidden);
    this.norm2 = new BatchNorm(list, "head.norm2", "head", hidden);
    this.linear2 = new Linear(list, "l2", hidden, classes);
  }

  /**
   * @param x [N, H, W, features]
   * @returns logits [N, classes], and what the last layer makes them of, before its dropout
   */
  forward(x: tf.Tensor4D, mode: ForwardMode): LossInput {
    const pooled = this.norm1.forward(maximumAndMean(x), mode);
    const hidden = this.linear1.forward(dropout(pooled, 0.25, "head.dropout1", mode));
    const features = this.norm2.forward(tf.relu(hidden), mode);
    const logits = this.linear2.forward(dropout(features, 0.5, "head.dropout2", mode));
    return { logits, features };
  }
}

function maximumAndMean(x: tf.Tensor4D): tf.Tensor2D {
  const [count, height, width, channels] = x.shape;
  const maximum = tf.maxPool(x, [height, width], 1, "valid");
  const mean = tf.avgPool(x, [height, width], 1, "valid");
  return tf.reshape(tf.concat([maximum, mean], 3), [count, 2 * channels]);
}
