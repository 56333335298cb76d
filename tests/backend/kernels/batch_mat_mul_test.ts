import * as tf from "@tensorflow/tfjs-core";
import { assertAgreement, withGradients } from "../agreement.ts";
import { normal } from "../on_backends.ts";

/** Batches of each factor, rows, inner size, columns. */
const CASES: readonly [number[], number[], number, number, number][] = [
  [[], [], 5, 3, 7],
  [[3], [3], 4, 5, 2],
  [[1], [4], 3, 2, 33],
  [[4], [1], 17, 9, 16],
  [[2, 3], [2, 3], 1, 8, 5],
  [[20], [20], 9, 1, 19],
  [[2], [2], 70, 40, 50],
];

for (const [aBatches, bBatches, rows, inner, columns] of CASES) {
  const name = `${aBatches}x${rows}x${inner} by ${bBatches}x${inner}x${columns}`;
  Deno.test(`products of batches, transposed or not, agree with the cpu backend: ${name}`, async () => {
    const compute = () =>
      [false, true].flatMap((transposeA) =>
        [false, true].flatMap((transposeB) => {
          const a = normal([...aBatches, ...(transposeA ? [inner, rows] : [rows, inner])], 1);
          const b = normal([...bBatches, ...(transposeB ? [columns, inner] : [inner, columns])], 2);
          const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeA, transposeB);
          // tfjs's gradient of a product does not sum over batches that one factor has not.
          const isAlike = String(aBatches) === String(bBatches);
          return isAlike ? withGradients(product, [a, b]) : [product(a, b)];
        })
      );
    await assertAgreement(name, compute, { tolerance: 2e-6, native: ["BatchMatMul"] });
  });
}

Deno.test("batches that broadcast are left to the cpu kernel and come out right", async () => {
  const compute = () => [
    tf.matMul(normal([2, 1, 3, 4], 1), normal([1, 5, 4, 2], 2)),
    tf.matMul(normal([5, 3, 4], 1), normal([4, 2], 2)),
  ];
  await assertAgreement("broadcast", compute, { native: [] });
});
