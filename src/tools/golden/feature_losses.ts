/**
 * Runs `feature_losses.json`: values and gradients of losses with pictures of no output, by logits
 * and by features.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { entropicOpenSet } from "../../losses/entropic_open_set.ts";
import type { Loss } from "../../losses/loss.ts";
import { objectosphere } from "../../losses/objectosphere.ts";
import { type Comparison, type GoldenRunner, relativeError, TOLERANCES } from "./golden.ts";

const matrix = z.object({ shape: z.tuple([z.int(), z.int()]), data: z.array(z.number()) });
const reference = z.object({ loss: z.number(), gradLogits: matrix });
const featureReference = reference.extend({
  weight: z.number(),
  minimumNorm: z.number(),
  gradFeatures: matrix,
});
const cases = z.array(z.object({
  note: z.string(),
  labels: z.array(z.int()),
  logits: matrix,
  features: matrix,
  entropicOpenSet: reference,
  objectosphere: featureReference,
}));

type LossCase = z.infer<typeof cases>[number];

/** What {@linkcode run} reads. */
export const file = "feature_losses.json";

/** Compares every loss and its gradients with the reference; label -1 is a picture of no output. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  return cases.parse(content).flatMap((lossCase) => [
    ...compareLogits(entropicOpenSet, lossCase, lossCase.entropicOpenSet),
    ...compareLogits(objectosphere(lossCase.objectosphere), lossCase, lossCase.objectosphere),
    compareFeatures(objectosphere(lossCase.objectosphere), lossCase, lossCase.objectosphere),
  ]);
};

function compareLogits(
  loss: Loss,
  { note, labels, logits, features }: LossCase,
  expected: z.infer<typeof reference>,
): Comparison[] {
  const [value, gradient] = tf.tidy(() => {
    const fixed = tensorOf(features);
    const withGradient = tf.valueAndGrad((x) =>
      loss.value({ logits: x as tf.Tensor2D, features: fixed }, labels)
    );
    const { value, grad } = withGradient(tensorOf(logits));
    return [value.dataSync(), grad.dataSync()];
  });
  const tolerance = TOLERANCES.losses;
  return [
    {
      name: `${note}, ${loss.name}, loss`,
      error: relativeError(value, [expected.loss]),
      tolerance,
    },
    {
      name: `${note}, ${loss.name}, gradient by logits`,
      error: relativeError(gradient, expected.gradLogits.data),
      tolerance,
    },
  ];
}

function compareFeatures(
  loss: Loss,
  { note, labels, logits, features }: LossCase,
  expected: z.infer<typeof featureReference>,
): Comparison {
  const gradient = tf.tidy(() => {
    const fixed = tensorOf(logits);
    const gradientOf = tf.grad((f) =>
      loss.value({ logits: fixed, features: f as tf.Tensor2D }, labels)
    );
    return gradientOf(tensorOf(features)).dataSync();
  });
  return {
    name: `${note}, ${loss.name}, gradient by features`,
    error: relativeError(gradient, expected.gradFeatures.data),
    tolerance: TOLERANCES.losses,
  };
}

function tensorOf({ shape, data }: z.infer<typeof matrix>): tf.Tensor2D {
  return tf.tensor2d(data, shape);
}
