import type * as tf from "@tensorflow/tfjs-core";
export interface LossInput {
  readonly logits: tf.Tensor2D;
  readonly features: tf.Tensor2D;
}
export type NaTarget = "output" | "zeros" | "uniform";
export interface Loss {
  readonly name: string;
  readonly title: string;
  readonly activation: "softmax" | "sigmoid";
  readonly naTarget: NaTarget;
  targets(labels: ArrayLike<number>, outputs: number): Float32Array;
  value(input: LossInput, labels: ArrayLike<number>): tf.Scalar;
}
