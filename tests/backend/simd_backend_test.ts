import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { startSimdBackend } from "../../src/backend/start_backend.ts";
import { normal, onSimd } from "./on_backends.ts";

Deno.test("values read from a tensor stay as they are when the tensor is disposed", async () => {
  await onSimd(async () => {
    const tensor = tf.relu(tf.tensor1d([1, 2, 3]));
    const sync = tensor.dataSync();
    const data = await tensor.data();
    tensor.dispose();
    const other = tf.relu(tf.tensor1d([7, 8, 9]));
    assert.deepEqual([...sync], [1, 2, 3]);
    assert.deepEqual([...data], [1, 2, 3]);
    assert.ok(!(sync.buffer instanceof SharedArrayBuffer));
    other.dispose();
  });
});

Deno.test("kernel memory is given back when the last tensor that shares it is disposed", async () => {
  await onSimd((backend) => {
    tf.tidy(() => tf.relu(normal([10], 1)));
    const before = backend.pool.memory.bytesInUse;
    const tensor = tf.tidy(() => tf.relu(normal([100], 1)));
    const reshaped = tf.reshape(tensor, [10, 10]);
    const inUse = backend.pool.memory.bytesInUse;
    assert.ok(inUse > before);
    tensor.dispose();
    assert.equal(backend.pool.memory.bytesInUse, inUse);
    reshaped.dispose();
    assert.equal(backend.pool.memory.bytesInUse, before);
  });
});

Deno.test("tensors move from the cpu backend to simd and back", async () => {
  await tf.setBackend("cpu");
  const tensor = tf.tensor1d([-1, 2]);
  const rectified = await onSimd(() => tf.relu(tensor).dataSync());
  assert.deepEqual([...rectified], [0, 2]);
  assert.deepEqual([...tf.neg(tensor).dataSync()], [1, -2]);
});

Deno.test("starting the backend twice is an error", async () => {
  await onSimd(async () => {
    await assert.rejects(() => startSimdBackend(), /the backend "simd" runs already/);
  });
});

Deno.test("who asks is told of every kernel, and whether it ran natively", async () => {
  await onSimd((backend) => {
    const runs: string[] = [];
    backend.onKernel = ({ kernelName, by }) => runs.push(`${kernelName}: ${by}`);
    tf.tidy(() => {
      const x = tf.relu(normal([2, 3], 1));
      tf.reshape(x, [3, 2]);
      tf.sin(x);
      tf.relu(tf.tensor1d([1, 2], "int32"));
    });
    backend.onKernel = undefined;
    tf.tidy(() => void tf.relu(normal([2], 1)));
    assert.deepEqual(runs, ["Relu: simd", "Reshape: none", "Sin: cpu", "Relu: cpu"]);
  });
});

Deno.test("bool tensors live in kernel memory and are read as copies", async () => {
  await onSimd((backend) => {
    const before = backend.pool.memory.bytesInUse;
    const mask = tf.tidy(() => tf.greater(tf.tensor1d([1, 2, 3, 4, 5]), 2.5));
    const values = mask.dataSync() as unknown as Uint8Array;
    mask.dispose();
    tf.tidy(() => void tf.less(tf.tensor1d([1, 2, 3, 4, 5]), 0));
    assert.deepEqual([...values], [0, 0, 1, 1, 1]);
    assert.ok(values instanceof Uint8Array && !(values.buffer instanceof SharedArrayBuffer));
    assert.equal(backend.pool.memory.bytesInUse, before);
  });
});
