/**
 * What `deno task bench` measures.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelPool } from "../../backend/kernel_pool.ts";
import { type RunningBackend, startBackend, stopBackend } from "../../backend/start_backend.ts";
import { SimdBackend } from "../../backend/simd_backend.ts";
import { machine, versions } from "../../runs/provenance.ts";
import { type EngineBenchmark, measureEngine } from "./engine.ts";
import { loadJaxJs, measureJaxJs } from "./jax_js.js";
import { findPyTorch, type PyTorch, startPeer } from "./peer.ts";
import { fastestSetting, measureSettings } from "./peer_settings.ts";
import { measurePipeline } from "./pipeline.ts";
import { measurePlainModel } from "./plain_model.ts";

/** What to measure. */
export interface Benchmark extends Omit<EngineBenchmark, "size"> {
  /** Sides of the pictures in pixels; each is measured by itself. */
  readonly sizes: readonly number[];
  /** Interpreters that may have PyTorch; the first that has is compared with. */
  readonly pythons: readonly string[];
  /** Main file of an installed jax-js, to train the plain model with as well. */
  readonly jaxJs?: string | undefined;
  /** Takes a line on what is measured next: all of it takes minutes. */
  readonly log: (line: string) => void;
}

/** All that was measured, with what and where. */
export type BenchmarkReport = Awaited<ReturnType<typeof runBenchmarks>>;

/** Batches of the plain model: of the stock backend one takes longer than all of ours. */
const PLAIN_BATCHES = 20;
const PLAIN_BATCHES_ON_CPU = 1;

/** Measures on the current backend; leaves the stock cpu backend current. */
export async function runBenchmarks(
  backend: RunningBackend,
  { sizes, pythons, jaxJs, log, ...benchmark }: Benchmark,
) {
  const jax = jaxJs === undefined ? undefined : await loadJaxJs(jaxJs);
  const current = tf.backend();
  const peakGflops = current instanceof SimdBackend ? measurePeakGflops(current.pool) : null;
  const pytorch = await findPyTorch(pythons);
  const measured = [];
  for (const size of sizes) {
    log(`measuring xresnet18 at ${size} px`);
    measured.push(await measureSize(backend, { ...benchmark, size }, pytorch, log));
  }
  log("measuring the plain model");
  const plainModel = await measurePlainModel(PLAIN_BATCHES);
  await stopBackend();
  const oneThread = await measureOneThread(backend, sizes, benchmark);
  await tf.setBackend("cpu");
  return {
    machine: machine(),
    versions: versions(),
    backend,
    benchmark: { sizes, pythons, ...benchmark },
    /** Whose version of PyTorch ran beside the engine, if any. */
    pytorch: pytorch?.version ?? null,
    /** GFLOP/s of all threads in nothing but fused multiply-adds; `null` but for `simd`. */
    peakGflops,
    /** One for each size. */
    sizes: measured.map((size, index) => ({
      ...size,
      /** Training with one thread alone; `null` if there is only one, or the backend is not `simd`. */
      oneThread: oneThread?.[index] ?? null,
    })),
    /** Pictures per second of a plain model's `fit`. */
    plainModel: {
      onBackend: plainModel,
      onStockCpu: await measurePlainModel(PLAIN_BATCHES_ON_CPU),
      /** `null` if jax-js is not named. */
      inJaxJs: jax ? (await measureJaxJs(jax, PLAIN_BATCHES)).picturesPerSecond : null,
    },
  };
}

async function measureSize(
  { threads }: RunningBackend,
  benchmark: EngineBenchmark,
  pytorch: PyTorch | undefined,
  log: (line: string) => void,
) {
  const task = { ...benchmark, threads };
  const settings = pytorch ? await measureSettings(pytorch, task, log) : [];
  const engine = await measureEngine(benchmark, (kind) => {
    const setting = fastestSetting(settings, kind);
    return pytorch && setting !== undefined ? startPeer(pytorch, setting, task) : undefined;
  });
  return {
    size: benchmark.size,
    engine,
    /** What PyTorch offers, each measured briefly. */
    settings,
    pipeline: await measurePipeline(benchmark.size),
  };
}

async function measureOneThread(
  { name, threads }: RunningBackend,
  sizes: readonly number[],
  { batchSize, steps }: Omit<EngineBenchmark, "size">,
) {
  if (name !== "simd" || threads === 1) return null;
  await startBackend("simd", 1);
  const timings = [];
  for (const size of sizes) {
    const { training } = await measureEngine({ size, batchSize, steps: Math.min(steps, 3) });
    timings.push(training);
  }
  await stopBackend();
  return timings;
}

/** Floating-point operations of one round: 6 x 16 fused multiply-adds of two operations each. */
const OPERATIONS_PER_ROUND = 2 * 6 * 16;
const ROUNDS = 4_000_000;
const REPETITIONS = 5;

/** GFLOP/s of all threads of a pool together, in nothing but fused multiply-adds; the best of five. */
function measurePeakGflops(pool: KernelPool): number {
  return pool.memory.using(32, (factors) => {
    // Sums that tend to 1: no overflow and no denormals, which would change the speed.
    pool.memory.floats(factors, 8).fill(0.5);
    let best = 0;
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const start = performance.now();
      pool.run("peak", pool.threads, [factors, ROUNDS]);
      const seconds = (performance.now() - start) / 1000;
      best = Math.max(best, pool.threads * ROUNDS * OPERATIONS_PER_ROUND / seconds / 1e9);
    }
    return best;
  });
}
