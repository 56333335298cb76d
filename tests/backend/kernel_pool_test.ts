import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { KernelPool } from "../../src/backend/kernel_pool.ts";
import { startSimdBackend } from "../../src/backend/start_backend.ts";
import { normal, onSimd, valuesOnSimd } from "./on_backends.ts";

Deno.test("one, two and three threads give the same bits", async () => {
  const compute = () => {
    const filter = normal([3, 3, 20, 24], 2) as tf.Tensor4D;
    const f = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 1);
    const x = normal([13, 11, 12, 20], 1);
    return [f(x, filter), ...tf.grads(f)([x, filter])];
  };
  const one = await valuesOnSimd(compute, 1);
  assert.deepEqual(await valuesOnSimd(compute, 2), one);
  assert.deepEqual(await valuesOnSimd(compute, 3), one);
});

Deno.test("thousands of small jobs each run every task exactly once", async () => {
  await onSimd(({ pool }) => {
    const size = 16384 * 3;
    const [a, b, sum] = [0, 1, 2].map(() => pool.memory.allocate(size * 4)) as [
      number,
      number,
      number,
    ];
    pool.memory.floats(a, size).fill(0);
    pool.memory.floats(b, size).fill(1);
    // Adding in place: a task run twice, or not at all, shows in the count.
    const axes = [1, 1, size, 0, 0, 0, 1, 0, 0, 0, 1];
    for (let job = 0; job < 5000; job++) pool.run("add", 3, [a, b, a, size, ...axes]);
    assert.ok(pool.memory.floats(a, size).every((value) => value === 5000));
    for (const address of [a, b, sum]) pool.memory.free(address);
  }, 3);
});

Deno.test("a number of threads that makes no sense is an error", async () => {
  for (const threads of [0, -1, 1.5, NaN, 65]) {
    await assert.rejects(
      () => startSimdBackend(threads),
      /number of threads must be a whole number/,
    );
  }
});

Deno.test("a job of more tasks than a ticket counts is an error", async () => {
  await onSimd(({ pool }) => {
    assert.throws(() => pool.run("add", 65536, []), /65536 tasks are too many/);
  });
});

Deno.test("a profile counts jobs and time per kernel", async () => {
  await onSimd(({ pool }) => {
    pool.startProfile();
    tf.tidy(() => tf.relu(normal([100], 1)));
    const profile = pool.endProfile();
    assert.equal(profile.get("relu")?.jobs, 1);
    assert.ok(profile.get("relu")!.milliseconds >= 0);
    assert.equal(pool.endProfile().size, 0);
  });
});

Deno.test("a pool of one thread needs no workers", async () => {
  const module = await WebAssembly.compile(
    await Deno.readFile(new URL("../../src/backend/wasm/kernels.wasm", import.meta.url)),
  );
  const pool = await KernelPool.start(module, 1);
  assert.equal(pool.threads, 1);
  pool.stop();
});
