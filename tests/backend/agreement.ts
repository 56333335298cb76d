/**
 * Holding kernels of `simd` against the stock cpu backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { assertClose, normal, onSimd, valuesOnCpu } from "./on_backends.ts";

/** Values that kernels get wrong: zeros, the smallest, the largest, infinite, none at all. */
export const UGLY_VALUES: readonly number[] = [
  ...[
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3,
    6,
    6.5,
    -7,
    1e-3,
    -1e-3,
  ],
  ...[1e-7, -1e-7, 1e-20, -1e-20, 1e-38, -1e-38, 1e-40, -1e-40, 1e-45, -1e-45, 3.4e38, -3.4e38],
  ...[
    10,
    -10,
    13.9,
    -13.9,
    14,
    -14,
    20,
    -20,
    87,
    -87,
    88.7,
    -88.7,
    89,
    -89,
    103,
    -103,
    104,
    -104,
    1e4,
  ],
];

/**
 * Fails unless `compute` gives the same values on both backends, and these kernels ran natively.
 *
 * @param tolerance relative to the largest value
 * @param native names of kernels none of whose calls may have been left to the stock cpu kernel
 */
export async function assertAgreement(
  what: string,
  compute: () => tf.Tensor[],
  { tolerance = 1e-6, native }: { tolerance?: number; native: readonly string[] },
): Promise<void> {
  const expected = await valuesOnCpu(compute);
  await onSimd((backend) => {
    const ran = new Set<string>();
    const fellBack = new Set<string>();
    backend.onKernel = ({ kernelName, by }) => (by === "cpu" ? fellBack : ran).add(kernelName);
    const before = tf.memory().numTensors;
    const tensors = tf.tidy(compute);
    const actual = tensors.map((tensor) => new Float32Array(tensor.dataSync()));
    tf.dispose(tensors);
    assertClose(actual, expected, tolerance, what);
    for (const name of native) {
      assert.ok(!fellBack.has(name), `${what}: ${name} was left to the stock cpu kernel`);
      assert.ok(ran.has(name), `${what}: ${name} did not run; ${[...ran]} did`);
    }
    assert.equal(tf.memory().numTensors, before, what);
  });
}

/** Fails unless both lists of arrays are the same values; -0 is not 0, but any NaN is NaN. */
export function assertSame(actual: Float32Array[], expected: Float32Array[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((values, index) => {
    assert.equal(actual[index]!.length, values.length, what);
    values.forEach((value, i) => {
      assert.ok(
        Object.is(value, actual[index]![i]),
        `${what}: result ${index}, value ${i} is ${actual[index]![i]}, on the cpu backend ${value}`,
      );
    });
  });
}

/** The value of `f` and its gradients for a seeded dy. */
export function withGradients(f: (...x: tf.Tensor[]) => tf.Tensor, x: tf.Tensor[]): tf.Tensor[] {
  const y = f(...x);
  return [y, ...tf.grads(f)(x, normal(y.shape, 99))];
}

/** How many float32 lie between two numbers; 0 for NaN and NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Object.is(a, b) ? 0 : Infinity;
  return Math.abs(ordinal(a) - ordinal(b));
}

const BITS = new DataView(new ArrayBuffer(4));

/** The place of a float32 among all of them; both zeros are 0. */
function ordinal(value: number): number {
  BITS.setFloat32(0, value);
  const bits = BITS.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}
