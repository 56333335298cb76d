import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { SimdBackend } from "../../src/backend/simd_backend.ts";
import { assertClose, onSimd } from "./on_backends.ts";
import { trainTiny } from "./tiny_training.ts";

Deno.test("50 training steps leak neither tensors nor kernel memory", async () => {
  await onSimd(async (backend: SimdBackend) => {
    const tensors: number[] = [];
    const bytes: number[] = [];
    await trainTiny(50, () => {
      tensors.push(tf.memory().numTensors);
      bytes.push(backend.pool.memory.bytesInUse);
    });
    // Each phase makes Adam's state in its first step; then nothing may grow.
    for (const phase of [[3, 50], [53, 150]] as const) {
      assert.equal(new Set(tensors.slice(...phase)).size, 1, `tensors: ${tensors}`);
      assert.equal(new Set(bytes.slice(...phase)).size, 1, `bytes: ${bytes}`);
    }
  });
});

Deno.test("training with one and with two threads, and again with two, gives the same bits", async () => {
  const one = await onSimd(() => trainTiny(8), 1);
  const two = await onSimd(() => trainTiny(8), 2);
  assert.deepEqual(two, one);
  assert.deepEqual(await onSimd(() => trainTiny(8), 2), two);
});

Deno.test("training on simd follows training on the stock cpu backend", async () => {
  const simd = await onSimd(() => trainTiny(8));
  await tf.setBackend("cpu");
  const cpu = await trainTiny(8);
  simd.losses.forEach((loss, epoch) => {
    assert.ok(Math.abs(loss - cpu.losses[epoch]!) < 1e-3, `${simd.losses} and ${cpu.losses}`);
  });
  assert.equal(simd.weights.length, cpu.weights.length);
  assertClose(simd.weights.slice(0, 1), cpu.weights.slice(0, 1), 1e-2, "first filter");
});
