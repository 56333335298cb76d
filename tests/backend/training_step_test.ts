import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { SimdBackend } from "../../src/backend/simd_backend.ts";
import { experimentNamed } from "../../src/experiments.ts";
import { XResNet } from "../../src/model/xresnet.ts";
import { train } from "../../src/training/trainer.ts";
import {
  syntheticEvaluation,
  syntheticTraining,
  TINY_PROFILE,
} from "../training/synthetic_data.ts";
import { assertClose, onSimd } from "./on_backends.ts";

const EXPERIMENT = experimentNamed("bcena");

/** Trains a tiny network, and returns its weights and the loss of every epoch. */
async function trainTiny(
  batchesPerEpoch: number,
  onProgress: () => void = () => {},
): Promise<{ weights: Float32Array[]; losses: number[] }> {
  const network = new XResNet(TINY_PROFILE.network, 3, 7);
  try {
    const history = await train({
      network,
      experiment: EXPERIMENT,
      profile: TINY_PROFILE,
      seed: 7,
      training: syntheticTraining(batchesPerEpoch),
      validation: syntheticEvaluation(6),
      onProgress,
    });
    const weights = [...network.namedVariables().values()]
      .map((variable) => new Float32Array(variable.dataSync()));
    return { weights, losses: history.map(({ train_loss }) => train_loss) };
  } finally {
    network.dispose();
  }
}

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
