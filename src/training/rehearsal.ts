/**
 * Checks, before a training, that a loss and a network keep the promises of their types: a
 * notebook's cells are not type-checked, and types do not cover shapes.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { NO_OUTPUT } from "../data/labels.ts";
import { type Experiment, trainsUnknown } from "../experiments.ts";
import { messageOf } from "../files/error_message.ts";
import { givesNaOutput, type Loss, type LossInput } from "../losses/loss.ts";
import type { Network } from "../model/network.ts";

/**
 * Gives the network one picture of noise for every label, and the loss the network's outputs. Does
 * not change the network.
 *
 * @param network with one output per label
 * @param labels of the network's outputs
 * @throws {Error} if one breaks its contract; the message says how, in one line
 */
export function rehearse(
  { name, loss, network: definition, profile, ...experiment }: Experiment,
  network: Network,
  labels: readonly string[],
): void {
  const outputs = labels.length;
  const given = labels.map((_, label) => label);
  if (!givesNaOutput(loss.naTarget) && trainsUnknown(experiment)) given.push(NO_OUTPUT);
  const broken = (fault: string) => new Error(`experiment "${name}": ${fault}`);
  tf.tidy(() => {
    const shape = [given.length, profile.size, profile.size, 3] as const;
    const found = network.forward(tf.randomNormal([...shape]), { training: false });
    for (const [what, columns] of [["logits", outputs], ["features", undefined]] as const) {
      const [count, width, ...more] = found[what].shape as number[];
      if (count === given.length && width === (columns ?? width) && more.length === 0) continue;
      throw broken(
        `network "${definition.name}" makes ${what} of shape [${found[what].shape}] from ` +
          `${given.length} pictures; build(outputs, seed) has to make [pictures, ` +
          (columns === undefined ? "features]" : `outputs], with ${columns} outputs (${labels})`),
      );
    }
    const fault = lossFault(loss, found, given, outputs);
    if (fault !== undefined) throw broken(`loss "${loss.name}" ${fault}`);
  });
}

/** How a loss breaks its contract, in words that follow its name. */
function lossFault(
  loss: Loss,
  { logits, features }: LossInput,
  labels: readonly number[],
  outputs: number,
): string | undefined {
  try {
    const targets = loss.targets(labels, outputs);
    if (targets?.length !== labels.length * outputs) {
      return `gives ${targets?.length ?? "no"} targets for ${labels.length} pictures and ` +
        `${outputs} outputs; targets(labels, outputs) returns a Float32Array, row by row`;
    }
    const unscaled = loss.value({ logits, features }, labels);
    if (!(unscaled instanceof tf.Tensor)) {
      return `returns ${unscaled === null ? "null" : typeof unscaled}; ` + SCALAR;
    }
    if (unscaled.rank !== 0) {
      return `returns a tensor of shape [${unscaled.shape}]; ${SCALAR}, such as tf.mean() makes`;
    }
    const [value] = unscaled.dataSync();
    if (!Number.isFinite(value)) {
      return `is ${value} for logits of a network that has learnt nothing; it has to be a finite ` +
        "number: look for logarithms of 0 and divisions by 0";
    }
    // The product makes features part of losses that do not use them, as tfjs requires.
    const { grads } = tf.valueAndGrads((x, f) =>
      tf.add(
        loss.value({ logits: x as tf.Tensor2D, features: f as tf.Tensor2D }, labels),
        tf.mul(0, tf.add(tf.sum(x!), tf.sum(f!))),
      )
    )([logits, features]);
    const slopes = grads.flatMap((grad) => [...grad.dataSync()]);
    if (!slopes.every(Number.isFinite)) {
      return "has a gradient that is not a finite number; look for roots of 0 and divisions by 0";
    }
    if (slopes.every((slope) => slope === 0)) {
      return "has no gradient: nothing can be learnt from it; it has to be computed from logits " +
        "or features by tfjs, without dataSync() or arraySync()";
    }
    return undefined;
  } catch (error) {
    return `throws for ${labels.length} pictures with the labels ${labels}: ${messageOf(error)}`;
  }
}

const SCALAR = "value(input, labels) returns a scalar tensor, the mean over the batch";
