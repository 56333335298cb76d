import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { ce } from "../../src/article/experiments.ts";
import { plainCnn } from "../../src/model/plain_cnn.ts";
import { quick } from "../../src/profiles.ts";
import { train } from "../../src/training/trainer.ts";
import {
  CLASSES,
  syntheticEvaluation,
  syntheticLabels,
  syntheticTraining,
} from "../training/synthetic_data.ts";

await tf.setBackend("cpu");

const TINY = plainCnn("tiny", { widths: [3, 4], features: 6 });

Deno.test("a convolution for each width and one for the features, then one linear layer", () => {
  const network = TINY.build(5, 1);
  const shapes = network.parameters
    .filter(({ kind }) => kind !== "batch norm")
    .map(({ name, group, variable }) => [name, group, variable.shape]);
  assert.deepEqual(shapes, [
    ["stem.0", "stem", [3, 3, 3, 3]],
    ["stages.0.0", "stages", [3, 3, 3, 4]],
    ["stages.1.0", "stages", [3, 3, 4, 6]],
    ["head", "head", [6, 5]],
  ]);
  network.dispose();
});

Deno.test("features are the mean of each map, and the logits linear in them", () => {
  const network = TINY.build(5, 1);
  tf.tidy(() => {
    const images = tf.randomUniform<tf.Rank.R4>([2, 9, 6, 3], -1, 1, "float32", 1);
    for (const training of [true, false]) {
      const { logits, features } = network.forward(images, { training });
      assert.deepEqual(features.shape, [2, 6]);
      assert.ok(features.dataSync().every((value) => value >= 0));
      const head = network.namedVariables().get("head") as tf.Tensor as tf.Tensor2D;
      assert.deepEqual(tf.matMul(features, head).dataSync(), logits.dataSync());
    }
  });
  network.dispose();
});

Deno.test("a plain network learns from scratch with the learning rates of the quick profile", async () => {
  const definition = plainCnn("small", { widths: [8, 12], features: 16 });
  const network = definition.build(CLASSES, 1);
  const profile = { ...quick, size: 32, batchSize: 8 };
  const history = await train({
    network,
    experiment: { ...ce, network: definition, profile },
    labels: syntheticLabels(ce),
    seed: 1,
    training: syntheticTraining(8, profile),
    validation: syntheticEvaluation(20, profile.size),
  });
  network.dispose();
  assert.ok(history.at(-1)!.accuracy > 0.9, JSON.stringify(history));
});

Deno.test("options that make no network are refused with what is wrong", () => {
  const options = { widths: [3, 4], features: 6 };
  const refused: [object, RegExp][] = [
    [{ widths: [] }, /^Error: options of network "odd": widths: /],
    [{ widths: Array(17).fill(8) }, /expected array to have <=16/],
    [{ widths: [1e9] }, /widths\.0: .*expected number to be <=4096/],
    [{ features: 0 }, /features/],
    [{ depth: 3 }, /depth/],
  ];
  for (const [change, message] of refused) {
    assert.throws(() => plainCnn("odd", { ...options, ...change }), message);
  }
});
