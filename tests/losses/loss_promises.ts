/**
 * What every loss promises, as tests.
 *
 * @module
 */
import assert from "node:assert/strict";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Loss } from "../../src/losses/loss.ts";
import { onSimd } from "../backend/on_backends.ts";

/** A loss of some pictures. */
export interface LossValue {
  readonly value: number;
  /** By the logits, row by row. */
  readonly gradient: number[];
  /** By the features, row by row; `undefined` if the loss does not depend on them. */
  readonly featureGradient: number[] | undefined;
}

/** Pictures as a network sees them. */
export interface Pictures {
  readonly logits: number[][];
  readonly labels: number[];
  /** All 1 unless given. */
  readonly features?: number[][];
}

/** Registers a test that runs on the backends simd and cpu. */
export function testOnBackends(name: string, test: () => void): void {
  Deno.test(`${name}, on simd`, () => onSimd(test));
  Deno.test(`${name}, on cpu`, async () => {
    await tf.setBackend("cpu");
    test();
  });
}

/** Value and gradients of a loss on the current backend. */
export function lossValue(loss: Loss, { logits, labels, features }: Pictures): LossValue {
  return tf.tidy(() => {
    const x = tf.tensor2d(logits);
    const f = tf.tensor2d(features ?? logits.map(() => [1, 1]));
    const byLogits = tf.valueAndGrad((x) =>
      loss.value({ logits: x as tf.Tensor2D, features: f }, labels)
    );
    const { value, grad } = byLogits(x);
    const valueOf = (f: tf.Tensor) =>
      // The product lets tfjs see the features in losses that do not look at them.
      tf.add(
        loss.value({ logits: x, features: f as tf.Tensor2D }, labels),
        tf.mul(0, tf.sum(f)),
      ) as tf.Scalar;
    const featureGradient = [...tf.grad(valueOf)(f).dataSync()];
    return {
      value: value.dataSync()[0]!,
      gradient: [...grad.dataSync()],
      featureGradient: featureGradient.every((value) => value === 0) ? undefined : featureGradient,
    };
  });
}

/** Fails unless all numbers agree to 1e-6, relative to those over 1. */
export function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    const tolerance = 1e-6 * Math.max(1, Math.abs(expected[i]!));
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${actual} instead of ${expected}`);
  });
}

/**
 * Registers the tests of what every loss promises.
 *
 * @param labels of three pictures, for three outputs; those of pictures of no output among them
 * @param largestLogit for which the loss itself is finite; one that grows with the square of the
 *   logits cannot be for all
 */
export function testPromises(loss: Loss, labels: number[], largestLogit = 1e30): void {
  const { name } = loss;
  const pictures: Pictures = {
    labels,
    logits: [[0.3, -2, 1], [1.5, 0.1, -0.7], [-1, -0.5, 0.8]],
    features: [[0.5, -1.5], [2, 1], [-0.2, 0.9]],
  };

  testOnBackends(`the gradients of ${name} are its slopes`, () => {
    const { gradient, featureGradient } = lossValue(loss, pictures);
    assertSlopes(gradient, pictures, "logits");
    assertSlopes(featureGradient ?? gradientOfNothing(pictures), pictures, "features");
  });

  testOnBackends(`${name} is finite for logits of any size`, () => {
    for (const size of [60, 1000, 1e30]) {
      const logits = [[size, -size, size], [-size, -size, size], [size, size, size]];
      const { value, gradient } = lossValue(loss, { ...pictures, logits });
      assert.ok(Number.isFinite(value) || size > largestLogit, `${value} for +-${size}`);
      assert.ok(gradient.every(Number.isFinite), `${gradient} for +-${size}`);
    }
  });

  testOnBackends(`the gradients of ${name} are finite for features of any size`, () => {
    for (const size of [0, 1e-45, 1e-30, 1e-20, 60, 1e20, 1e30, 3e38]) {
      const features = [[size, -size], [0, size], [size, size]];
      const { gradient, featureGradient = [] } = lossValue(loss, { ...pictures, features });
      assert.ok(gradient.every(Number.isFinite), `${gradient} for features of ${size}`);
      assert.ok(featureGradient.every(Number.isFinite), `${featureGradient} for ${size}`);
    }
  });

  testOnBackends(`${name} is the mean over the pictures`, () => {
    const alone = labels.map((label, i) =>
      lossValue(loss, {
        labels: [label],
        logits: [pictures.logits[i]!],
        features: [pictures.features![i]!],
      }).value
    );
    const mean = alone.reduce((sum, value) => sum + value, 0) / labels.length;
    assertClose([lossValue(loss, pictures).value], [mean]);
  });

  testOnBackends(`${name} passes NaN on instead of hiding it`, () => {
    const logits = [[NaN, 0, 0], ...pictures.logits.slice(1)];
    assert.ok(Number.isNaN(lossValue(loss, { ...pictures, logits }).value));
  });

  testOnBackends(`${name} keeps no tensors but its value`, () => {
    const logits = tf.tensor2d(pictures.logits);
    const features = tf.tensor2d(pictures.features!);
    const before = tf.memory().numTensors;
    const value = loss.value({ logits, features }, labels);
    assert.equal(tf.memory().numTensors, before + 1);
    assert.deepEqual([value.shape, value.dtype], [[], "float32"]);
    tf.dispose([logits, features, value]);
  });

  Deno.test(`${name} names a label that the network does not have`, () => {
    for (const label of [3, -2, 0.5, NaN]) {
      const message = new RegExp(
        `^Error: label ${label} of picture 1 in the batch: there are 3 outputs`,
      );
      assert.throws(() => loss.targets([0, label], 3), message);
      assert.throws(
        () => lossValue(loss, { labels: [0, label], logits: [[1, 2, 3], [1, 2, 3]] }),
        message,
      );
    }
  });

  Deno.test(`${name} wants one label per picture`, () => {
    assert.throws(() => lossValue(loss, { labels: [0, 1], logits: [[1, 2, 3]] }), {
      message: "2 labels for logits of 1 pictures; give one for each",
    });
  });

  /** Central differences; losses are 32-bit, so that a smaller step would measure their rounding. */
  function assertSlopes(gradient: number[], pictures: Pictures, what: "logits" | "features"): void {
    const step = 1 / 64;
    const columns = pictures[what]![0]!.length;
    gradient.forEach((slope, i) => {
      const at = (distance: number) => {
        const rows = pictures[what]!.map((row) => [...row]);
        rows[Math.floor(i / columns)]![i % columns]! += distance;
        return lossValue(loss, { ...pictures, [what]: rows }).value;
      };
      const measured = (at(step) - at(-step)) / (2 * step);
      const tolerance = 1e-3 * Math.max(0.1, Math.abs(slope));
      assert.ok(
        Math.abs(slope - measured) < tolerance,
        `by ${what}: ${slope} instead of ${measured}`,
      );
    });
  }
}

function gradientOfNothing({ features }: Pictures): number[] {
  return features!.flat().map(() => 0);
}
