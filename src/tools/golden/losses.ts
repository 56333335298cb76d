/**
 * Runs `losses.json`: values and gradients of the losses.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { bce, bcena, crossEntropy } from "../../training/losses.ts";
import type { Loss } from "../../training/losses.ts";
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
    const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor2D, labels))(x);
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
