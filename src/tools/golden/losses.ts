/**
 * Runs `losses.json`: values and gradients of the losses.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { bce } from "../../losses/bce.ts";
import { bcena } from "../../losses/bcena.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import type { Loss } from "../../losses/loss.ts";
import { relativeError, TOLERANCES } from "./golden.ts";
import type { Comparison, GoldenRunner, GoldenTensor } from "./golden.ts";

interface LossReference {
  readonly loss: number;
  readonly grad: GoldenTensor;
}

interface LossCase extends Readonly<Record<"ce" | "bce" | "bcena", LossReference>> {
  readonly logits: GoldenTensor;
  readonly labels: number[];
}

const REFERENCE_NAMES = { ce: crossEntropy, bce, bcena } as const;

/** What {@linkcode run} reads. */
export const file = "losses.json";

/** Compares every loss and its gradient with the reference. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  return (content as LossCase[]).flatMap((lossCase, index) =>
    (Object.keys(REFERENCE_NAMES) as (keyof typeof REFERENCE_NAMES)[]).flatMap((name) =>
      compareLoss(`case ${index}, ${name}`, REFERENCE_NAMES[name], lossCase, lossCase[name])
    )
  );
};

function compareLoss(
  name: string,
  loss: Loss,
  { logits, labels }: LossCase,
  reference: LossReference,
): Comparison[] {
  const [value, gradient] = tf.tidy(() => {
    const x = tf.tensor2d(logits.data, logits.shape as [number, number]);
    // None of these losses looks at features.
    const features = tf.zeros<tf.Rank.R2>([labels.length, 1]);
    const valueAndGradient = tf.valueAndGrad((x) =>
      loss.value({ logits: x as tf.Tensor2D, features }, labels)
    );
    const { value, grad } = valueAndGradient(x);
    return [value.dataSync(), grad.dataSync()];
  });
  const tolerance = TOLERANCES.losses;
  return [
    { name: `${name}, loss`, error: relativeError(value, [reference.loss]), tolerance },
    {
      name: `${name}, gradient`,
      error: relativeError(gradient, reference.grad.data),
      tolerance,
    },
  ];
}
