/**
 * Measuring the training and evaluation of the full-size network on synthetic pictures.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { median } from "simple-statistics";
import type { KernelTime } from "../backend/kernel_pool.ts";
import { SimdBackend } from "../backend/simd_backend.ts";
import type { Batch, EvaluationBatches, TrainingBatches } from "../data/batch.ts";
import { experimentNamed } from "../experiments.ts";
import { XResNet } from "../model/xresnet.ts";
import { type Profile, XRESNET18 } from "../profiles.ts";
import { predict } from "../training/predict.ts";
import { train } from "../training/trainer.ts";

/** What to measure. */
export interface EngineBenchmark {
  /** Side of the pictures in pixels. */
  readonly size: number;
  readonly batchSize: number;
  /** Training steps that are counted, after two that are not. */
  readonly steps: number;
}

/** What was measured on the current backend. */
export interface EngineMeasurement {
  /** Median seconds of a training step: forward, BCENa, backward, Adam. */
  readonly stepSeconds: number;
  readonly trainingImagesPerSecond: number;
  /** At {@linkcode trainingCost} per picture. */
  readonly trainingGflops: number;
  /** Forward pass with running statistics, median over batches. */
  readonly evaluationImagesPerSecond: number;
  /** Per training step, longest first; empty on a backend other than `simd`. */
  readonly kernels: readonly KernelShare[];
  /** Largest resident memory of this process after any step, in bytes. */
  readonly peakMemoryBytes: number;
}

/** The time of one kernel in a training step. */
export interface KernelShare {
  readonly name: string;
  readonly jobs: number;
  readonly milliseconds: number;
  /** Of the step's time. */
  readonly share: number;
}

/** Steps and batches before the counted ones: the engine compiles its hot code in them. */
const WARM_UP = 2;

/**
 * GFLOP that one picture costs xresnet18 forward and backward, a multiplication and addition
 * counted as two: 4.0 at 128 pixels, and in proportion to the area.
 */
export function trainingCost(size: number): number {
  return 4.0 * (size / 128) ** 2;
}

/** Runs the real trainer on synthetic pictures. */
export async function measureEngine(benchmark: EngineBenchmark): Promise<EngineMeasurement> {
  const { size, batchSize, steps } = benchmark;
  const experiment = experimentNamed("bcena");
  const network = new XResNet(XRESNET18, 5, 1);
  const batch = syntheticBatch(size, batchSize);
  const stepTimes: number[] = [];
  let kernels: Map<string, KernelTime> = new Map();
  const backend = tf.backend();
  const pool = backend instanceof SimdBackend ? backend.pool : undefined;
  let peakMemoryBytes = 0;
  let startOfStep = performance.now();
  try {
    await train({
      network,
      experiment,
      profile: benchmarkProfile(benchmark),
      seed: 1,
      training: repeated(batch, WARM_UP + steps),
      validation: { count: 1, batches: () => once(syntheticBatch(size, 1)) },
      onProgress: ({ batch }) => {
        const now = performance.now();
        if (batch > WARM_UP) stepTimes.push((now - startOfStep) / 1000);
        if (batch === WARM_UP) pool?.startProfile();
        if (batch === WARM_UP + steps) kernels = pool?.endProfile() ?? kernels;
        peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
        startOfStep = performance.now();
      },
    });
    const stepSeconds = median(stepTimes);
    const evaluationSeconds = await measureEvaluation(network, batch, steps);
    const trainingImagesPerSecond = batchSize / stepSeconds;
    return {
      stepSeconds,
      trainingImagesPerSecond,
      trainingGflops: trainingImagesPerSecond * trainingCost(size),
      evaluationImagesPerSecond: batchSize / evaluationSeconds,
      kernels: kernelShares(kernels, steps, stepSeconds),
      peakMemoryBytes,
    };
  } finally {
    network.dispose();
  }
}

async function measureEvaluation(
  network: XResNet,
  batch: Batch,
  batches: number,
): Promise<number> {
  const times: number[] = [];
  const evaluation: EvaluationBatches = {
    count: batch.count * (WARM_UP + batches),
    async *batches() {
      for (let i = 0; i < WARM_UP + batches; i++) {
        const start = performance.now();
        yield batch;
        if (i >= WARM_UP) times.push((performance.now() - start) / 1000);
      }
    },
  };
  await predict(network, "sigmoid", evaluation);
  return median(times);
}

function benchmarkProfile({ size, batchSize }: EngineBenchmark): Profile {
  return {
    name: "bench",
    size,
    batchSize,
    network: XRESNET18,
    phases: [{
      name: "scratch",
      epochs: 1,
      frozenBody: false,
      schedule: { maxLearningRates: [1e-4, 1e-4, 1e-4], pctStart: 0.3, div: 25, finalDiv: 1e5 },
    }],
  };
}

function syntheticBatch(size: number, count: number): Batch {
  const images = Float32Array.from(
    { length: count * size * size * 3 },
    (_, i) => 2 * Math.sin(i * 0.371) * Math.cos(i * 0.0113),
  );
  return { images, labels: Int32Array.from({ length: count }, (_, i) => i % 5), count, size };
}

function repeated(batch: Batch, batches: number): TrainingBatches {
  return {
    batchSize: batch.count,
    batchesPerEpoch: batches,
    async *epoch() {
      for (let i = 0; i < batches; i++) yield batch;
    },
  };
}

async function* once(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}

function kernelShares(
  kernels: Map<string, KernelTime>,
  steps: number,
  stepSeconds: number,
): KernelShare[] {
  return [...kernels]
    .map(([name, { jobs, milliseconds }]) => ({
      name,
      jobs: jobs / steps,
      milliseconds: milliseconds / steps,
      share: milliseconds / steps / (stepSeconds * 1000),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
