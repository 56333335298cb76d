import * as tf from "@tensorflow/tfjs-core";
import { assertAgreement, withGradients } from "../agreement.ts";
import { normal } from "../on_backends.ts";

const ACTIVATIONS = ["linear", "relu", "relu6", "elu", "leakyrelu", "prelu", "sigmoid"] as const;

for (const activation of ACTIVATIONS) {
  for (const hasBias of [true, false]) {
    const name = `${activation}${hasBias ? " and a bias" : ""}`;
    Deno.test(`convolutions and products with ${name} agree with the cpu backend`, async () => {
      const compute = () => {
        const x = normal([3, 6, 5, 4], 1) as tf.Tensor4D;
        const slopes = normal([7], 4);
        const following = (columns: number) =>
          ({
            ...(hasBias ? { bias: normal([columns], 3) } : {}),
            activation,
            preluActivationWeights: activation === "prelu" ? slopes : undefined,
            leakyreluAlpha: 0.3,
          }) as { bias: tf.Tensor; activation: typeof activation };
        const filter = normal([3, 3, 4, 7], 2) as tf.Tensor4D;
        const depthwise = normal([3, 3, 4, 1], 2) as tf.Tensor4D;
        const [a, b] = [normal([5, 9], 1), normal([9, 7], 2)];
        const options = following(7);
        const results: tf.Tensor[] = [
          tf.fused.conv2d({ x, filter, strides: 1, pad: "same", ...options }),
          tf.fused.matMul({ a, b, ...options }),
          tf.fused.matMul({ a: tf.transpose(a), b, transposeA: true, ...options }),
        ];
        if (activation !== "prelu") {
          const options = following(4);
          results.push(
            tf.fused.depthwiseConv2d({ x, filter: depthwise, strides: 1, pad: "same", ...options }),
          );
        }
        return results;
      };
      const native = ["FusedConv2D", "_FusedMatMul"];
      await assertAgreement(name, compute, { tolerance: 2e-6, native });
    });
  }
}

Deno.test("the gradients of fused convolutions and products agree with the cpu backend", async () => {
  const compute = () => [
    ...withGradients(
      (x, filter, bias) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: "same",
          bias: bias!,
          activation: "linear",
        }),
      [normal([3, 6, 5, 4], 1), normal([3, 3, 4, 7], 2), normal([7], 3)],
    ),
    ...withGradients(
      (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: "relu" }),
      [normal([5, 9], 1), normal([9, 7], 2), normal([7], 3)],
    ),
  ];
  await assertAgreement("gradients", compute, { tolerance: 2e-6, native: ["FusedConv2D", "Sum"] });
});

Deno.test("batch norm with given statistics and its gradients agree with the cpu backend", async () => {
  for (const shape of [[2, 3, 4, 5], [7, 6], [2, 3, 1]]) {
    const channels = [shape.at(-1)!];
    const compute = () => {
      const x = normal(shape, 1);
      const [mean, offset, scale] = [2, 3, 4].map((seed) => normal(channels, seed)) as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const variance = tf.add(tf.square(normal(channels, 5)), 0.1) as tf.Tensor1D;
      return [
        ...withGradients(
          (x, mean, variance, offset, scale) =>
            tf.batchNorm(
              x!,
              mean as tf.Tensor1D,
              variance as tf.Tensor1D,
              offset as tf.Tensor1D,
              scale as tf.Tensor1D,
            ),
          [x, mean, variance, offset, scale],
        ),
        tf.batchNorm(x, mean, variance),
        tf.batchNorm(x, mean, variance, offset),
        tf.batchNorm(x, mean, variance, undefined, scale, 0.1),
      ];
    };
    await assertAgreement(String(shape), compute, { tolerance: 5e-6, native: ["FusedBatchNorm"] });
  }
});

Deno.test("batch norm whose statistics are not per channel is left to the cpu kernel", async () => {
  const compute = () => {
    const [x, mean] = [normal([3, 4], 1), normal([3, 4], 2)] as [tf.Tensor2D, tf.Tensor2D];
    return [tf.batchNorm(x, mean, tf.square(mean))];
  };
  await assertAgreement("statistics", compute, { native: [] });
});
