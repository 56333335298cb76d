import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { assertAgreement, assertSame, UGLY_VALUES, withGradients } from "../agreement.ts";
import { normal, onSimd, valuesOnCpu, valuesOnSimd } from "../on_backends.ts";

type Operation = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add: tf.add,
  Maximum: tf.maximum,
  Minimum: tf.minimum,
  Multiply: tf.mul,
  Prelu: tf.prelu,
  RealDiv: tf.div,
  SquaredDifference: tf.squaredDifference,
  Sub: tf.sub,
};

const COMPARISONS: Readonly<Record<string, Operation>> = {
  Equal: tf.equal,
  Greater: tf.greater,
  GreaterEqual: tf.greaterEqual,
  Less: tf.less,
  LessEqual: tf.lessEqual,
  NotEqual: tf.notEqual,
};

/** Pairs of shapes: alike, scalars, biases, columns, both repeated, axes of one value. */
const SHAPES: readonly [number[], number[]][] = [
  [[], []],
  [[1], [1]],
  [[7], []],
  [[], [5, 3]],
  [[4, 9], [4, 9]],
  [[3, 5, 7, 9], [9]],
  [[2, 33], [2, 1]],
  [[2, 1], [1, 33]],
  [[4, 1, 3, 1], [1, 5, 1, 6]],
  [[3, 1, 5, 2], [1, 4, 5, 2]],
  [[1, 1, 8], [3, 2, 1]],
  [[2, 3, 4, 5], [3, 1, 5]],
  [[3, 5501], [3, 1]],
  [[40001], [1]],
  [[2, 3, 4099], [3, 4099]],
];

for (const [name, operation] of Object.entries({ ...OPERATIONS, ...COMPARISONS })) {
  Deno.test(`${name} gives the same bits as the cpu backend, however shapes are broadcast`, async () => {
    const compute = () =>
      SHAPES.map(([a, b]) => operation(normal(a, 1), normal(b, 2))).concat(
        // prelu has no tensors of more axes than its first.
        name === "Prelu" ? [] : SHAPES.map(([a, b]) => operation(normal(b, 1), normal(a, 2))),
      );
    assertSame(await valuesOnSimd(compute), await valuesOnCpu(compute), name);
    await assertAgreement(name, compute, { tolerance: 0, native: [name] });
  });

  Deno.test(`${name} gives the same bits as the cpu backend for each pair of ugly values`, async () => {
    const compute = () => {
      const values = tf.tensor1d([...UGLY_VALUES]);
      const column = tf.reshape(values, [-1, 1]);
      const spread = tf.tile(column, [1, UGLY_VALUES.length]);
      return [operation(column, values), operation(spread, values)];
    };
    assertSame(await valuesOnSimd(compute), await valuesOnCpu(compute), name);
  });
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  Deno.test(`the gradients of ${name} agree with the cpu backend, however shapes are broadcast`, async () => {
    for (const [a, b] of SHAPES) {
      // tfjs's gradients of these do not broadcast, or only the slopes.
      if (/imum|Squared/.test(name) && String(a) !== String(b)) continue;
      if (name === "Prelu" && tf.util.sizeFromShape(a) < tf.util.sizeFromShape(b)) continue;
      if (name === "Prelu" && a.includes(1) && a.length > 1) continue;
      const compute = () => withGradients(operation, [normal(a, 1), tf.add(normal(b, 2), 5)]);
      await assertAgreement(`${a} and ${b}`, compute, { tolerance: 1e-5, native: [name] });
    }
  });
}

Deno.test("sums of many tensors and elu's gradient agree with the cpu backend", async () => {
  const compute = () => {
    const [a, b, c] = [1, 2, 3].map((seed) => normal([5, 7], seed));
    return [tf.addN([a!, b!, c!]), tf.addN([a!]), tf.grad(tf.elu)(a!, b!)];
  };
  await assertAgreement("sums", compute, { native: ["EluGrad"] });
});

Deno.test("broadcasting that takes more axes than a job has is left to the cpu kernel and comes out right", async () => {
  const compute = () => [tf.add(normal([2, 1, 3, 1, 2, 1], 1), normal([1, 2, 1, 3, 1, 2], 2))];
  await assertAgreement("six axes", compute, { native: [] });
});

Deno.test("other types, empty tensors and shapes that do not fit are as on the cpu backend", async () => {
  const compute = () => [
    tf.add(tf.tensor1d([1, 2], "int32"), tf.tensor1d([3, 4], "int32")),
    tf.add(tf.zeros([0, 3]), tf.ones([3])),
    tf.mul(tf.tensor1d([1, 0], "bool"), tf.tensor1d([1.5, 2.5])),
  ];
  await assertAgreement("other types", compute, { tolerance: 0, native: [] });
  await onSimd(() => {
    const sum = tf.add(tf.tensor1d([1, 2], "int32"), tf.tensor1d([3, 4], "int32"));
    assert.equal(sum.dtype, "int32");
    assert.ok(sum.dataSync() instanceof Int32Array);
    const mask = tf.greater(tf.tensor1d([1, 2, 3]), 2);
    assert.equal(mask.dtype, "bool");
    assert.deepEqual(mask.dataSync(), new Uint8Array([0, 0, 1]) as never);
    assert.throws(() => tf.add(tf.ones([2]), tf.ones([3])), /could not be broadcast/);
    tf.dispose([sum, mask]);
  });
});
