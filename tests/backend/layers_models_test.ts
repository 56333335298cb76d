import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { ARCHITECTURES, trainArchitecture } from "./layers_models.ts";
import { onSimd } from "./on_backends.ts";

for (const [name, architecture] of Object.entries(ARCHITECTURES)) {
  Deno.test(`model.fit on simd follows the cpu backend, and leaks nothing: ${name}`, async () => {
    tf.env().set("IS_NODE", false);
    await tf.setBackend("cpu");
    const cpu = await trainArchitecture(architecture);
    assert.equal(cpu.losses.length, 20);
    const [one, two] = [
      await onSimd(() => trainArchitecture(architecture), 1),
      await onSimd(async (backend) => {
        const tensors = tf.memory().numTensors;
        const trained = await trainArchitecture(architecture);
        const bytes = backend.pool.memory.bytesInUse;
        // The engine's own zeros are there from then on, and nothing else.
        assert.deepEqual(await trainArchitecture(architecture), trained);
        assert.equal(backend.pool.memory.bytesInUse, bytes);
        assert.equal(tf.memory().numTensors, tensors);
        return trained;
      }, 2),
    ];
    assert.deepEqual(two, one, "the number of threads changes the bits");
    two.losses.forEach((loss, step) => {
      const difference = Math.abs(loss - cpu.losses[step]!);
      assert.ok(difference < 1e-4, `step ${step}: ${loss} on simd, ${cpu.losses[step]} on cpu`);
    });
    two.predictions.forEach((value, i) => {
      const difference = Math.abs(value - cpu.predictions[i]!);
      assert.ok(difference < 1e-4, `prediction ${i}: ${value}, on cpu ${cpu.predictions[i]}`);
    });
  });
}
