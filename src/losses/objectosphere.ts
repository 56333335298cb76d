/**
 * Objectosphere loss: the entropic open-set loss, plus a penalty on the length ||f|| of a picture's
 * features: `weight * ||f||^2` for unknown pictures, whose features should vanish, and `weight *
 * max(0, minimumNorm - ||f||)^2` for known ones, whose features should be long; mean over the N
 * pictures. The gradient by f is `2 weight f / N` for unknown ones, and `-2 weight max(0,
 * minimumNorm - ||f||) f / (||f|| N)` for known ones.
 *
 * Source: Dhamija, Günther and Boult, "Reducing Network Agnostophobia" (2018), section 3.2.
 *
 * @module
 */
// tfjs differentiates the sum of both parts; under Deno, its core alone has no gradients.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { NO_OUTPUT } from "../data/labels.ts";
import { ofProject } from "../definition.ts";
import { entropicOpenSet } from "./entropic_open_set.ts";
import type { Loss } from "./loss.ts";
import { meanLoss } from "./mean_loss.ts";

/**
 * The entropic open-set loss with a penalty on the length of the features. Where a known picture's
 * features are all 0, their gradient is 0 (PyTorch's subgradient).
 *
 * @param options.weight of the penalty; 1e-4 in the authors' code
 * @param options.minimumNorm the smallest length of known pictures' features without a penalty; 50
 *   in the authors' code
 * @throws {RangeError} if one of them is negative or not finite.
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import assert from "node:assert/strict";
 * import { objectosphere } from "unknown/losses/objectosphere.ts";
 *
 * const loss = objectosphere({ weight: 0.01, minimumNorm: 10 });
 * const input = { logits: tf.tensor2d([[3, 3]]), features: tf.tensor2d([[3, 4]]) };
 * const [known] = loss.value(input, [0]).dataSync();
 * assert.ok(Math.abs(known! - (Math.log(2) + 0.01 * (10 - 5) ** 2)) < 1e-6);
 * ```
 */
export function objectosphere({ weight = 1e-4, minimumNorm = 50 } = {}): Loss {
  for (const [what, value] of Object.entries({ weight, minimumNorm })) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(
        `${what} of the objectosphere loss is ${value}; use a number of at least 0`,
      );
    }
  }
  return ofProject<Loss>({
    name: "objectosphere",
    title: "Objectosphere",
    options: { weight, minimumNorm },
    activation: "softmax",
    naTarget: "uniform",
    targets: entropicOpenSet.targets,
    value: (input, labels) =>
      tf.tidy(() =>
        tf.add(
          entropicOpenSet.value(input, labels),
          tf.mul(2 * weight, meanHalfPrice(input.features, labels, minimumNorm)),
        )
      ),
  });
}

/**
 * Half the mean of `||f||^2` for unknown pictures and `max(0, minimumNorm - ||f||)^2` for known
 * ones: half, so that the gradients of huge features do not overflow.
 */
function meanHalfPrice(
  features: tf.Tensor2D,
  labels: ArrayLike<number>,
  minimumNorm: number,
): tf.Scalar {
  return meanLoss(features, labels.length, (f) => {
    const unknown = Array.from(labels, (label) => label === NO_OUTPUT);
    const isUnknown = tf.tensor2d(unknown, [f.shape[0], 1], "bool");
    const squares = tf.sum(tf.square(f), 1, true);
    const norms = tf.sqrt(squares);
    const missing = tf.relu(tf.sub(minimumNorm, norms));
    // The factors on the features in the gradient; 0 for known features of length 0.
    const factors = tf.where(isUnknown, tf.onesLike(norms), tf.neg(tf.divNoNan(missing, norms)));
    return {
      losses: tf.div(tf.where(isUnknown, squares, tf.square(missing)), 2),
      gradient: tf.mul(f, factors),
    };
  });
}
