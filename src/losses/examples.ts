/**
 * Values of a loss for a few made-up pictures, to tell losses apart.
 *
 * @module
 */
// Under Deno, the core alone has no gradients.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { NO_OUTPUT } from "../data/labels.ts";
import { randomStream } from "../random.ts";
import { givesNaOutput, type Loss } from "./loss.ts";

/** One picture: targets, loss, and gradients by logits and features; or an error's text. */
export type LossExample = readonly number[] | string;

/**
 * Number of features of the pictures; a loss that needs another number gives errors as examples.
 */
const FEATURES = 8;

/**
 * A loss for one picture of each label. Always computed by the stock backend on the CPU, whose
 * numbers are the same on every machine; the current backend is restored afterwards.
 *
 * @param outputs number of the network's outputs
 */
export async function lossExamples(loss: Loss, outputs: number): Promise<LossExample[]> {
  const current = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    const uniform = randomStream("examples of a loss", outputs);
    const row = (length: number) => Array.from({ length }, () => 6 * uniform() - 3);
    const labels = Array.from({ length: outputs }, (_, label) => label);
    if (!givesNaOutput(loss.naTarget)) labels.push(NO_OUTPUT);
    return labels.map((label) => exampleOf(loss, label, row(outputs), row(FEATURES)));
  } finally {
    if (current) await tf.setBackend(current);
  }
}

function exampleOf(loss: Loss, label: number, logits: number[], features: number[]): LossExample {
  try {
    return tf.tidy(() => {
      const valueOf = (x: tf.Tensor, f: tf.Tensor) =>
        // The product makes features part of losses that do not use them, as tfjs requires.
        tf.add(
          loss.value({ logits: x as tf.Tensor2D, features: f as tf.Tensor2D }, [label]),
          tf.mul(0, tf.add(tf.sum(x), tf.sum(f))),
        ) as tf.Scalar;
      const inputs = [tf.tensor2d([logits]), tf.tensor2d([features])];
      const { value, grads } = tf.valueAndGrads((x, f) => valueOf(x!, f!))(inputs);
      const targets = [...loss.targets([label], logits.length)];
      return [...targets, ...[value, ...grads].flatMap((tensor) => [...tensor.dataSync()])];
    });
  } catch (error) {
    return String(error);
  }
}

/** Relative for numbers over 1, else absolute; the arithmetic has 32 bits. */
const TOLERANCE = 1e-5;

/**
 * Whether two losses give the same targets, values and gradients for pictures of all labels, and
 * the same scores for logits.
 *
 * @param outputs number of the network's outputs
 */
export async function isSameLoss(one: Loss, other: Loss, outputs = 5): Promise<boolean> {
  if (one.activation !== other.activation || one.naTarget !== other.naTarget) return false;
  const [ones, others] = [await lossExamples(one, outputs), await lossExamples(other, outputs)];
  return ones.every((example, picture) => {
    const its = others[picture]!;
    if (typeof example === "string" || typeof its === "string") return example === its;
    return example.length === its.length &&
      example.every((value, i) =>
        Math.abs(value - its[i]!) <= TOLERANCE * Math.max(1, Math.abs(value))
      );
  });
}
