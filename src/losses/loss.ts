/**
 * What a loss is: targets for a batch of labels, and a value to be made small.
 *
 * A loss of your own is a value of the type {@linkcode Loss}; nothing has to know it by name.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "./activation.ts";

/** What a network makes of a batch of N pictures. */
export interface LossInput {
  /** [N, C] float32 */
  readonly logits: tf.Tensor2D;
  /** [N, F] float32: the input of the last layer, before its dropout. */
  readonly features: tf.Tensor2D;
}

/**
 * What the target of a picture outside the known categories is:
 *
 * - `output`: the network has an output for na, which is the target;
 * - `zeros`: the network has an output for na, but all targets are 0;
 * - `uniform`: the network has no such output; the target is 1/C for each of its C outputs;
 * - `none`: the network has no such output, and no output is a target, so that the picture's row of
 *   targets is 0; the loss asks something else of it.
 */
export type NaTarget = "output" | "zeros" | "uniform" | "none";

/** Whether networks that are trained so have an output for na. */
export function givesNaOutput(naTarget: NaTarget | "untrained"): boolean {
  return naTarget === "output" || naTarget === "zeros";
}

/** A differentiable loss. */
export interface Loss {
  /** In files and tables, for example `bcena`. */
  readonly name: string;
  /** For headings, for example `BCENa`. */
  readonly title: string;
  /** What it was made with, where there is a choice; written down with every run. */
  readonly options?: Readonly<Record<string, number>> | undefined;
  /** How its logits become scores. */
  readonly activation: Activation;
  /** Decides whether the network has an output for na. */
  readonly naTarget: NaTarget;
  /**
   * What tables show and {@linkcode Loss.value} aims at.
   *
   * @param labels N integers, each the index of an output; pictures outside the known categories
   *   carry `NA_OUTPUT` where the network has that output, else `NO_OUTPUT`
   * @param outputs C, the number of logits
   * @returns [N x C], row-major
   * @throws {Error} if a label is none of these.
   */
  targets(labels: ArrayLike<number>, outputs: number): Float32Array;
  /**
   * The loss, with gradients by the logits and the features.
   *
   * @param labels as those of {@linkcode Loss.targets}
   * @returns float32 scalar, mean over the batch
   * @throws {Error} if a label is out of range or their number is not N.
   */
  value(input: LossInput, labels: ArrayLike<number>): tf.Scalar;
}
