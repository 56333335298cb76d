/**
 * Definition of a loss: targets for a batch of labels, and a value to minimise.
 *
 * A loss of your own is a value of the type {@linkcode Loss}; it needs no registration.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "./activation.ts";

/** A network's outputs for a batch of N pictures. */
export interface LossInput {
  /** [N, C] float32 */
  readonly logits: tf.Tensor2D;
  /** [N, F] float32: the input of the last layer, before its dropout. */
  readonly features: tf.Tensor2D;
}

/**
 * The target of pictures outside the known categories:
 *
 * - `output`: the network has an output for na, which is the target;
 * - `zeros`: the network has an output for na, but all targets are 0;
 * - `uniform`: the network has no such output; the target is 1/C for each of its C outputs;
 * - `none`: the network has no such output, and the picture's row of targets is all 0; the loss
 *   treats it in another way.
 */
export type NaTarget = "output" | "zeros" | "uniform" | "none";

/** Whether networks trained with this target have an output for na. */
export function givesNaOutput(naTarget: NaTarget | "untrained"): boolean {
  return naTarget === "output" || naTarget === "zeros";
}

/** A differentiable loss. */
export interface Loss {
  /** Name in files and tables, for example `bcena`. */
  readonly name: string;
  /** Title in headings, for example `BCENa`. */
  readonly title: string;
  /** Its options, if it has any; written down with every run. */
  readonly options?: Readonly<Record<string, number>> | undefined;
  /** The activation from its logits to scores. */
  readonly activation: Activation;
  /** Decides whether the network has an output for na. */
  readonly naTarget: NaTarget;
  /**
   * The targets that tables show and {@linkcode Loss.value} trains towards.
   *
   * @param labels N integers, each the index of an output; pictures outside the known categories
   *   carry `NA_OUTPUT` where the network has that output, else `NO_OUTPUT`
   * @param outputs C, the number of logits
   * @returns [N x C], row-major
   * @throws {Error} if a label is not one of these.
   */
  targets(labels: ArrayLike<number>, outputs: number): Float32Array;
  /**
   * The loss, with gradients by the logits and the features.
   *
   * @param labels as for {@linkcode Loss.targets}
   * @returns float32 scalar, mean over the batch
   * @throws {Error} if a label is out of range or their number is not N.
   */
  value(input: LossInput, labels: ArrayLike<number>): tf.Scalar;
}
