/**
 * Running the same tensors on the stock cpu backend and on `simd`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { SimdBackend } from "../../src/backend/simd_backend.ts";
import { startSimdBackend } from "../../src/backend/start_backend.ts";

/** Runs `work` with the backend `simd` current, and ends its threads afterwards. */
export async function onSimd<Result>(
  work: (backend: SimdBackend) => Result | Promise<Result>,
  threads = 2,
): Promise<Result> {
  tf.env().set("IS_NODE", false);
  const backend = await startSimdBackend(threads);
  try {
    return await work(backend);
  } finally {
    await tf.setBackend("cpu");
    tf.removeBackend("simd");
  }
}

/** The values of what `compute` returns, on the stock cpu backend. */
export async function valuesOnCpu(compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  tf.env().set("IS_NODE", false);
  await tf.setBackend("cpu");
  return values(compute);
}

/** The values of what `compute` returns, on `simd`. */
export function valuesOnSimd(compute: () => tf.Tensor[], threads = 2): Promise<Float32Array[]> {
  return onSimd(() => values(compute), threads);
}

function values(compute: () => tf.Tensor[]): Float32Array[] {
  const tensors = tf.tidy(compute);
  return tensors.map((tensor) => {
    const data = new Float32Array(tensor.dataSync());
    tensor.dispose();
    return data;
  });
}

/** Seeded normal values, the same on every backend. */
export function normal(shape: number[], seed: number): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, "float32", seed);
}

/** Fails unless both lists of arrays agree to `tolerance`, relative to each array's largest value. */
export function assertClose(
  actual: Float32Array[],
  expected: Float32Array[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((reference, index) => {
    const result = actual[index]!;
    assert.equal(result.length, reference.length, `${what}: length of result ${index}`);
    const scale = reference.reduce(
      (largest, value) => Math.max(largest, Number.isFinite(value) ? Math.abs(value) : 0),
      1,
    );
    reference.forEach((value, i) => {
      const error = Math.abs(result[i]! - value) / scale;
      assert.ok(
        error <= tolerance || Object.is(value, result[i]),
        `${what}: result ${index}, value ${i} is ${result[i]}, on the cpu backend ${value}`,
      );
    });
  });
}

/** The values of variables that start from these, after `change`. */
export function changed(
  start: tf.Tensor[],
  change: (variables: tf.Variable[]) => void,
): tf.Tensor[] {
  const variables = start.map((values) => tf.variable(values, false));
  change(variables);
  const results = variables.map((variable) => tf.clone(variable));
  tf.dispose(variables);
  return results;
}
