import * as tf from "@tensorflow/tfjs-core";
import { assertAgreement, UGLY_VALUES, withGradients } from "../agreement.ts";
import { normal } from "../on_backends.ts";

Deno.test("softmax and its gradient agree with the cpu backend", async () => {
  for (const shape of [[1], [7], [64, 10], [3, 5, 4], [2, 20000], [6000, 3]]) {
    const compute = () => withGradients((x) => tf.softmax(x), [tf.mul(normal(shape, 1), 5)]);
    await assertAgreement(String(shape), compute, { native: ["Softmax"] });
  }
});

Deno.test("softmax of ugly values is as on the cpu backend", async () => {
  const compute = () => {
    const rows = UGLY_VALUES.flatMap((value) => [value, 0.5, -3, 100, -100]);
    return [
      tf.softmax(tf.tensor2d(rows, [UGLY_VALUES.length, 5])),
      tf.softmax(tf.fill([3, 6], -Infinity)),
      tf.softmax(tf.fill([3, 6], -3e38)),
    ];
  };
  await assertAgreement("ugly", compute, { tolerance: 1e-7, native: ["Softmax"] });
});

Deno.test("log softmax and the losses made of it agree with the cpu backend", async () => {
  const compute = () => [
    ...withGradients((x) => tf.logSoftmax(x), [normal([6, 11], 1)]),
    tf.losses.softmaxCrossEntropy(tf.eye(5), normal([5, 5], 2)),
    tf.losses.sigmoidCrossEntropy(tf.eye(5), normal([5, 5], 2)),
  ];
  await assertAgreement("losses", compute, { native: [] });
});
