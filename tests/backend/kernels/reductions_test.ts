import * as tf from "@tensorflow/tfjs-core";
import { assertAgreement, withGradients } from "../agreement.ts";
import { normal } from "../on_backends.ts";

const SHAPES: readonly (readonly [number[], number[][]])[] = [
  [[1], [[0]]],
  [[7], [[0]]],
  [[40001], [[0]]],
  [[3, 5], [[0], [1], [0, 1]]],
  [[64, 10], [[0], [1], [0, 1]]],
  [[5000, 3], [[0], [1]]],
  [[3, 20000], [[0], [1]]],
  [[2, 17, 1, 9], [[0], [1], [3], [1, 2], [0, 1, 2], [0, 2], [1, 3], [2], [0, 3], [0, 1, 2, 3]]],
  [[2, 3, 4, 5, 6], [[0, 2, 4], [1, 3], [-1]]],
];

const REDUCTIONS = { Max: tf.max, Mean: tf.mean, Min: tf.min, Prod: tf.prod, Sum: tf.sum } as const;

for (const [name, operation] of Object.entries(REDUCTIONS)) {
  Deno.test(`${name} agrees with the cpu backend along any axes, and so do its gradients`, async () => {
    for (const [shape, lists] of SHAPES) {
      for (const axes of lists) {
        const compute = () => {
          // Products of values around one stay near it.
          const x = name === "Prod" ? tf.add(tf.mul(normal(shape, 1), 1e-3), 1) : normal(shape, 1);
          const reduced = [operation(x, axes), operation(x, axes, true)];
          if (name === "Prod") return reduced;
          return [...reduced, ...withGradients((x) => operation(x, axes), [x])];
        };
        await assertAgreement(`${shape} along ${axes}`, compute, { native: [name] });
      }
    }
  });

  Deno.test(`${name} of NaN and infinite values is as on the cpu backend`, async () => {
    const values = [
      NaN,
      1,
      2,
      Infinity,
      3,
      4,
      -Infinity,
      5,
      6,
      Infinity,
      -Infinity,
      7,
      NaN,
      NaN,
      0,
    ];
    const compute = () => {
      const x = tf.tensor2d(values, [5, 3]);
      return [operation(x, 0), operation(x, 1), operation(x)];
    };
    await assertAgreement(name, compute, { tolerance: 0, native: [name] });
  });
}

Deno.test("sums keep their digits: float64 inside, as on the cpu backend", async () => {
  const compute = () => [
    tf.sum(tf.fill([100003], 0.1)),
    tf.sum(tf.tensor1d([1e8, ...new Array(1000).fill(0.5), -1e8])),
    tf.sum(tf.fill([30011, 5], 0.1), 0),
  ];
  await assertAgreement("digits", compute, { tolerance: 1e-7, native: ["Sum"] });
});

Deno.test("reductions of other types and of empty tensors are as on the cpu backend", async () => {
  const compute = () => [
    tf.sum(tf.tensor1d([1, 2, 3], "int32")),
    tf.sum(tf.tensor1d([1, 0, 1], "bool")),
    tf.mean(tf.tensor1d([1, 2, 4], "int32")),
    tf.max(tf.tensor1d([1, 5, 3], "int32")),
    tf.sum(tf.zeros([0, 3]), 0),
    tf.sum(tf.scalar(3)),
  ];
  await assertAgreement("other types", compute, { tolerance: 0, native: [] });
});
