/**
 * Runs `losses.json` and `feature_losses.json`: values and gradients of the losses.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { bce } from "../../losses/bce.ts";
import { bcena } from "../../losses/bcena.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { entropicOpenSet } from "../../losses/entropic_open_set.ts";
import type { Loss } from "../../losses/loss.ts";
import { objectosphere } from "../../losses/objectosphere.ts";
import {
  compareTensors,
  type Comparison,
  type GoldenRunner,
  type GoldenTensor,
  goldenTensor,
  tensorOf,
} from "./golden.ts";

/** A scalar, as a tensor. */
export const lossNumber = z.number().transform((value) => ({ shape: [], data: [value] }));
const input = z.object({ labels: z.array(z.int()), logits: goldenTensor });

/** Schema of the input of losses of logits and features. */
export const lossInput = input.extend({ features: goldenTensor });

const reference = z.object({ loss: lossNumber, grad: goldenTensor });
const cases = z.array(input.extend({ ce: reference, bce: reference, bcena: reference }));

const featureReference = z.object({ loss: lossNumber, gradLogits: goldenTensor });
const featureCases = z.array(lossInput.extend({
  note: z.string(),
  entropicOpenSet: featureReference,
  objectosphere: featureReference.extend({
    weight: z.number(),
    minimumNorm: z.number(),
    gradFeatures: goldenTensor,
  }),
}));

/** Runs `losses.json`: losses of logits only. */
export const run: GoldenRunner = (content) =>
  cases.parse(content).flatMap(({ labels, logits, ...references }, index) => {
    const features = { shape: [labels.length, 1], data: labels.map(() => 0) };
    return Object.entries({ ce: crossEntropy, bce, bcena }).flatMap(([name, loss]) => {
      const expected = references[name as keyof typeof references];
      return compareLoss(`case ${index}, ${name}`, loss, { labels, logits, features }, expected);
    });
  });

/** Runs `feature_losses.json`: losses with pictures that have no output, and the label -1. */
export const runFeatureLosses: GoldenRunner = (content) =>
  featureCases.parse(content).flatMap(({ note, ...vectors }) =>
    ([
      [entropicOpenSet, vectors.entropicOpenSet],
      [objectosphere(vectors.objectosphere), vectors.objectosphere],
    ] as const).flatMap(([loss, { loss: value, gradLogits: grad, ...others }]) =>
      compareLoss(`${note}, ${loss.name}`, loss, vectors, { loss: value, grad, ...others })
    )
  );

/** Compares a loss and its gradients with a reference. */
export function compareLoss(
  place: string,
  loss: Loss,
  vectors: Readonly<{ labels: number[]; logits: GoldenTensor; features: GoldenTensor }>,
  expected: z.infer<typeof reference> & { readonly gradFeatures?: GoldenTensor },
): Comparison[] {
  return compareTensors(place, "losses", () => {
    const logits = tensorOf<tf.Rank.R2>(vectors.logits);
    const features = tensorOf<tf.Rank.R2>(vectors.features);
    const valueOf = (logits: tf.Tensor2D, features: tf.Tensor2D) =>
      loss.value({ logits, features }, vectors.labels);
    const byLogits = tf.grad((x) => valueOf(x as tf.Tensor2D, features));
    const byFeatures = tf.grad((x) => valueOf(logits, x as tf.Tensor2D));
    const { gradFeatures } = expected;
    return {
      loss: [valueOf(logits, features), expected.loss],
      "gradient by logits": [byLogits(logits), expected.grad],
      ...(gradFeatures && { "gradient by features": [byFeatures(features), gradFeatures] }),
    };
  });
}
