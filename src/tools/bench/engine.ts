/**
 * Measuring the training and evaluation of the full-size network on synthetic pictures.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { median } from "simple-statistics";
import type { KernelTime } from "../../backend/kernel_pool.ts";
import { SimdBackend } from "../../backend/simd_backend.ts";
import type { Batch } from "../../data/batch.ts";
import { NA } from "../../data/labels.ts";
import { bcena } from "../../article/experiments.ts";
import { smoke } from "../../profiles.ts";
import { outputRows } from "../../training/inference.ts";
import { train } from "../../training/trainer.ts";
import type { Peer, StepKind } from "./peer.ts";

/** The options of the measurement. */
export interface EngineBenchmark {
  /** Side of the pictures in pixels. */
  readonly size: number;
  readonly batchSize: number;
  /** Number of measured training steps, and of measured batches of evaluation. */
  readonly steps: number;
}

/** The speed of one kind of step. */
export interface Timing {
  /** Median. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly peer?: {
    /** PyTorch's setting, in the notation of `pytorch_step.py`. */
    readonly setting: string;
    /** Median. */
    readonly seconds: number;
    /** Median over pairs of its seconds divided by ours; above 1 we are faster. */
    readonly ratio: number;
  };
}

/** Labels of four known categories and `na`. */
const LABELS = [NA, "a", "b", "c", "d"];

/**
 * The cost of one picture of 128 pixels in xresnet18, forward and backward, where a multiplication
 * and an addition count as two operations; other sizes cost in proportion to their area.
 */
const GFLOP_AT_128 = 4.0;

/** Steps and batches before the measured ones, in which hot code is compiled. */
const WARM_UP = 2;

/**
 * Runs the real trainer on synthetic pictures, on the current backend.
 *
 * @param peerFor starts a peer that takes a step of this kind after each of ours, if there is one
 */
export async function measureEngine(
  benchmark: EngineBenchmark,
  peerFor: (kind: StepKind) => Peer | undefined = () => undefined,
) {
  const { size, batchSize, steps } = benchmark;
  const experiment = { ...bcena, profile: { ...smoke, size, batchSize } };
  const network = experiment.network.build(LABELS.length, 1);
  const batch = syntheticBatch(size, batchSize);
  const backend = tf.backend();
  const pool = backend instanceof SimdBackend ? backend.pool : undefined;
  const training = pairedSteps("train", batch, steps, peerFor);
  const evaluation = pairedSteps("evaluate", batch, steps, peerFor);
  let kernels: Map<string, KernelTime> = new Map();
  let peakMemoryBytes = 0;
  try {
    await train({
      network,
      experiment,
      labels: LABELS,
      seed: 1,
      training,
      validation: { count: 1, batches: () => ReadableStream.from([syntheticBatch(size, 1)]) },
      onProgress: ({ batch }) => {
        if (batch === WARM_UP) pool?.startProfile();
        if (batch === training.batchesPerEpoch) kernels = pool?.endProfile() ?? kernels;
        peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
      },
    });
    await outputRows(network, evaluation);
  } finally {
    network.dispose();
  }
  const timing = training.timing();
  return {
    /** The speed of a training step: forward, BCENa, backward, Adam. */
    training: timing,
    /** The speed of a forward pass with running statistics. */
    evaluation: evaluation.timing(),
    /**
     * In direct convolutions; Winograd's algorithm needs fewer operations, so this may exceed the
     * processor's peak.
     */
    trainingGflops: timing.imagesPerSecond * GFLOP_AT_128 * (size / 128) ** 2,
    /**
     * Time of each kernel per training step, longest first; empty on backends other than `simd`.
     */
    kernels: kernelShares(kernels, steps, timing.seconds),
    /** Peak resident memory of this process after any step so far, in bytes. */
    peakMemoryBytes,
  };
}

/** Batches whose steps are timed, each followed by the same step of a peer. */
function pairedSteps(
  kind: StepKind,
  batch: Batch,
  steps: number,
  peerFor: (kind: StepKind) => Peer | undefined,
) {
  const batchesPerEpoch = WARM_UP + steps;
  const ours: number[] = [];
  const theirs: number[] = [];
  let setting: string | undefined;
  async function* batches(): AsyncGenerator<Batch> {
    await using peer = peerFor(kind);
    setting = peer?.setting;
    for (let i = 0; i < batchesPerEpoch; i++) {
      const start = performance.now();
      yield batch;
      const seconds = (performance.now() - start) / 1000;
      const peerSeconds = await peer?.step(kind);
      if (i < WARM_UP) continue;
      ours.push(seconds);
      if (peerSeconds !== undefined) theirs.push(peerSeconds);
    }
  }
  return {
    batchSize: batch.count,
    batchesPerEpoch,
    epoch: batches,
    count: batch.count * batchesPerEpoch,
    batches,
    timing(): Timing {
      const seconds = median(ours);
      const peer = () => ({
        setting: setting!,
        seconds: median(theirs),
        ratio: median(theirs.map((seconds, pair) => seconds / ours[pair]!)),
      });
      return {
        seconds,
        imagesPerSecond: batch.count / seconds,
        ...(theirs.length > 0 ? { peer: peer() } : {}),
      };
    },
  };
}

function syntheticBatch(size: number, count: number): Batch {
  const length = count * size * size * 3;
  const valueAt = (i: number) => 2 * Math.sin(i * 0.371) * Math.cos(i * 0.0113);
  const images = Float32Array.from({ length }, (_, i) => valueAt(i));
  const labels = Int32Array.from({ length: count }, (_, i) => i % LABELS.length);
  return { images, labels, count, size };
}

/** The time of each kernel in a training step, and its share of the step's time. */
function kernelShares(kernels: Map<string, KernelTime>, steps: number, stepSeconds: number) {
  return [...kernels]
    .map(([name, { jobs, milliseconds }]) => ({
      name,
      jobs: jobs / steps,
      milliseconds: milliseconds / steps,
      share: milliseconds / steps / (stepSeconds * 1000),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
