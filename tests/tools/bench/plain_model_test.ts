import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { measurePlainModel, plainModel } from "../../../src/tools/bench/plain_model.ts";
import { onSimd } from "../../backend/on_backends.ts";

Deno.test("the plain model is of stock layers, and tfjs's own fit trains it on simd", () =>
  onSimd(async () => {
    const model = plainModel();
    assert.deepEqual(model.layers.map((layer) => layer.getClassName()), [
      "Conv2D",
      "Conv2D",
      "MaxPooling2D",
      "Flatten",
      "Dense",
      "Dense",
    ]);
    const pictures = tf.randomUniform([4, 28, 28, 1], 0, 1, "float32", 1);
    const labels = tf.oneHot([0, 1, 2, 3], 10);
    const { history } = await model.fit(pictures, labels, { epochs: 8, verbose: 0 });
    const losses = history.loss as number[];
    assert.ok(losses.at(-1)! < losses[0]!, losses.join());
    tf.dispose([pictures, labels]);
    model.dispose();
  }));

Deno.test("measuring the plain model leaves no tensors", () =>
  onSimd(async () => {
    const before = tf.memory().numTensors;
    assert.ok(await measurePlainModel(1) > 0);
    assert.equal(tf.memory().numTensors, before);
  }));
