import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { bcena as articleExperiment } from "../../src/article/experiments.ts";
import { startBackend, stopBackend } from "../../src/backend/start_backend.ts";
import type { Experiment } from "../../src/experiments.ts";
import { bcena as modifiedBce } from "../../src/losses/bcena.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { plainCnn } from "../../src/model/plain_cnn.ts";
import { quick } from "../../src/profiles.ts";
import { definitionsOf } from "../../src/runs/definitions.ts";
import type { Score } from "../../src/scores/score.ts";

const OUTPUTS = 4;

/** It starts from nothing. */
const bcena: Experiment = { ...articleExperiment, profile: quick };

/** The source is the same for every factor, as it would be for a constant of another cell. */
function scaled(factor: number, more: Partial<Loss> = {}): Experiment {
  const loss: Loss = {
    ...modifiedBce,
    name: "scaled",
    value: (input, labels) => tf.mul(modifiedBce.value(input, labels), factor) as tf.Scalar,
    ...more,
  };
  return { ...bcena, loss };
}

async function lossDigest(experiment: Experiment): Promise<string | undefined> {
  return (await definitionsOf(experiment, OUTPUTS, [])).loss;
}

Deno.test("what is this project's is known by name, and has no digest", async () => {
  assert.deepEqual(await definitionsOf(bcena, OUTPUTS, []), {});
});

Deno.test("a loss of the user's own has the digest of its source, its options and its values", async () => {
  const digest = await lossDigest(scaled(2));
  assert.match(digest!, /^[0-9a-f]{16}$/);
  assert.equal(await lossDigest(scaled(2)), digest, "the same again");
  const others = [
    scaled(3),
    scaled(2, { options: { factor: 2 } }),
    scaled(2, { value: (input, labels) => tf.mul(2, modifiedBce.value(input, labels)) }),
    scaled(2, { targets: (labels, outputs) => modifiedBce.targets(labels, outputs) }),
  ];
  const digests = await Promise.all(others.map(lossDigest));
  assert.equal(new Set([digest, ...digests]).size, 1 + others.length);
});

Deno.test("the digest of a loss is the same on every backend, which stays the current one", async () => {
  await tf.setBackend("cpu");
  const digest = await lossDigest(scaled(2));
  await startBackend("simd");
  try {
    assert.equal(await lossDigest(scaled(2)), digest);
    assert.equal(tf.getBackend(), "simd");
  } finally {
    await stopBackend();
  }
});

Deno.test("a loss that takes only its own number of features has a digest all the same", async () => {
  const centres = (value: number) =>
    scaled(1, {
      value: ({ features }) => tf.sum(tf.sub(features, tf.fill([1, 300], value))) as tf.Scalar,
    });
  assert.notEqual(await lossDigest(centres(1)), undefined);
});

Deno.test("a network of the user's own has the digest of its source and its options", async () => {
  const digest = async (width: number, build = plainCnn("own", OPTIONS).build) => {
    const network = { kind: "own", name: "own", options: { width }, build };
    return (await definitionsOf({ ...bcena, network }, OUTPUTS, [])).network;
  };
  const OPTIONS = { widths: [2], features: 2 };
  const build = (outputs: number, seed: number) => plainCnn("own", OPTIONS).build(outputs, seed);
  assert.equal(await digest(1), undefined, "this project's");
  assert.equal(await digest(1, build), await digest(1, build));
  assert.notEqual(await digest(1, build), await digest(2, build));
});

Deno.test("a score that is fitted has the digest of its source and its options", async () => {
  const score = (options?: Record<string, number>): Score => ({
    name: "constant",
    title: "a constant",
    options,
    appliesTo: () => true,
    fit: () => () => 1,
  });
  const digest = async (options?: Record<string, number>) =>
    (await definitionsOf(bcena, OUTPUTS, [score(options)])).scores!.constant;
  assert.equal(await digest(), await digest());
  assert.notEqual(await digest({ power: 2 }), await digest({ power: 3 }));
});
