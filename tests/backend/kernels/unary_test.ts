import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import {
  assertAgreement,
  assertSame,
  UGLY_VALUES,
  ulpsBetween,
  withGradients,
} from "../agreement.ts";
import { normal, valuesOnCpu, valuesOnSimd } from "../on_backends.ts";

type Operation = (x: tf.Tensor) => tf.Tensor;

/** Kernels whose results are the same bits as on the cpu backend. */
const EXACT: Readonly<Record<string, Operation>> = {
  Abs: tf.abs,
  Ceil: tf.ceil,
  ClipByValue: (x) => tf.clipByValue(x, -0.1, 0.7),
  Floor: tf.floor,
  LeakyRelu: (x) => tf.leakyRelu(x, 0.25),
  Neg: tf.neg,
  Reciprocal: tf.reciprocal,
  Relu: tf.relu,
  Relu6: tf.relu6,
  Round: tf.round,
  Rsqrt: tf.rsqrt,
  Sign: tf.sign,
  Sqrt: tf.sqrt,
  Square: tf.square,
  Step: (x) => tf.step(x, 0.25),
};

/** Kernels whose results may differ in the last digit, with what they are in float64. */
const ROUNDED: Readonly<Record<string, readonly [Operation, (x: number) => number]>> = {
  Elu: [tf.elu, (x) => x >= 0 ? x : Math.expm1(x)],
  Exp: [tf.exp, Math.exp],
  Expm1: [tf.expm1, Math.expm1],
  Log: [tf.log, Math.log],
  Log1p: [tf.log1p, Math.log1p],
  Selu: [tf.selu, (x) => x >= 0 ? 1.0507009873554805 * x : 1.7580993408473768 * Math.expm1(x)],
  Sigmoid: [tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  Softplus: [tf.softplus, (x) => x > 15 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))],
  Tanh: [tf.tanh, Math.tanh],
};

for (const [name, operation] of Object.entries(EXACT)) {
  Deno.test(`${name} gives the same bits as the cpu backend, of any values and sizes`, async () => {
    const compute = () => [
      operation(tf.tensor1d([...UGLY_VALUES])),
      ...[1, 2, 3, 5, 8, 13, 40001].map((size) => operation(normal([size], size))),
    ];
    assertSame(await valuesOnSimd(compute), await valuesOnCpu(compute), name);
    await assertAgreement(name, compute, { native: [name] });
  });
}

/** Every 4,099th float32 from the smallest to the largest, of both signs. */
function manyFloats(): Float32Array {
  const bits = new Uint32Array(2 ** 20 - 256).map((_, i) => i * 4099);
  return new Float32Array(bits.buffer).filter((value) => !Number.isNaN(value));
}

for (const [name, [operation, inFloat64]] of Object.entries(ROUNDED)) {
  Deno.test(`${name} is the nearest float32 or the next to it, of any values and sizes`, async () => {
    const x = new Float32Array([...UGLY_VALUES, ...manyFloats()]);
    const [y] = await valuesOnSimd(() => [operation(tf.tensor1d(x))]);
    // The stock kernel gives softplus up to 2^-21 less than it is, and this one follows it.
    const allowed = name === "Softplus" ? 16 : 1;
    let worst = 0;
    x.forEach((value, i) => {
      const expected = Math.fround(inFloat64(value));
      const ulps = ulpsBetween(y![i]!, expected);
      assert.ok(ulps <= allowed, `${name}(${value}) is ${y![i]}, and should be ${expected}`);
      worst = Math.max(worst, ulps);
    });
    const compute = () => [1, 3, 6, 40001].map((size) => operation(normal([size], size)));
    await assertAgreement(name, compute, { tolerance: 2e-7, native: [name] });
  });

  Deno.test(`${name} follows the cpu backend where values are ugly`, async () => {
    const compute = () => [operation(tf.tensor1d([...UGLY_VALUES]))];
    const [expected] = await valuesOnCpu(compute);
    const [actual] = await valuesOnSimd(compute);
    actual!.forEach((value, i) => {
      const stock = expected![i]!;
      // Near zero the stock kernels of elu and selu lose what exp(x) - 1 has of x.
      const isClose = ulpsBetween(value, stock) <= 1 || Math.abs(value - stock) < 1e-15;
      assert.ok(
        value === 0 && stock === 0 ? Object.is(value, stock) : isClose,
        `${name}(${UGLY_VALUES[i]}) is ${value}, on the cpu backend ${stock}`,
      );
    });
  });
}

Deno.test("the gradients of all of them agree with the cpu backend, and nothing falls back", async () => {
  const operations = [
    ...Object.entries(EXACT),
    ...Object.entries(ROUNDED).map(([name, [f]]) => [name, f] as const),
  ];
  for (const [name, operation] of operations) {
    // Logarithms and roots of positive values.
    const compute = () => withGradients(operation, [tf.abs(normal([7, 9], 1))]);
    await assertAgreement(name, compute, { native: [name] });
    const negative = () => withGradients(operation, [tf.neg(tf.abs(normal([7, 9], 2)))]);
    if (!/Log|qrt/.test(name)) await assertAgreement(name, negative, { native: [name] });
  }
});
