/**
 * The measurements of `deno task bench`.
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

/** The options of the benchmarks. */
export interface Benchmark extends Omit<EngineBenchmark, "size"> {
  /** Sides of the pictures in pixels; each is measured separately. */
  readonly sizes: readonly number[];
  /** Interpreters to search for PyTorch; the first one that has it is compared with. */
  readonly pythons: readonly string[];
  /** Main file of an installed jax-js, which then trains the plain model as well. */
  readonly jaxJs?: string | undefined;
  /** Receives a line about the next measurement, because all of them take minutes. */
  readonly log: (line: string) => void;
}

/** All measurements, with the software and machine. */
export type BenchmarkReport = Awaited<ReturnType<typeof runBenchmarks>>;

/** Batches of the plain model; the stock backend takes longer for one than ours for all. */
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
    /** The version of the PyTorch compared with, if any. */
    pytorch: pytorch?.version ?? null,
    /**
     * GFLOP/s of all threads in pure fused multiply-adds; `null` for backends other than `simd`.
     */
    peakGflops,
    /** One entry per size. */
    sizes: measured.map((size, index) => ({
      ...size,
      /** Training on a single thread; `null` if there is only one, or the backend is not `simd`. */
      oneThread: oneThread?.[index] ?? null,
    })),
    /** Pictures per second of a plain model's `fit`. */
    plainModel: {
      onBackend: plainModel,
      onStockCpu: await measurePlainModel(PLAIN_BATCHES_ON_CPU),
      /** `null` if no jax-js was given. */
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
    /** PyTorch's settings, each measured briefly. */
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

/** Floating-point operations per round: 6 x 16 fused multiply-adds of two operations each. */
const OPERATIONS_PER_ROUND = 2 * 6 * 16;
const ROUNDS = 4_000_000;
const REPETITIONS = 5;

/** GFLOP/s of all threads of a pool together in pure fused multiply-adds; the best of five. */
function measurePeakGflops(pool: KernelPool): number {
  return pool.memory.using(32, (factors) => {
    // Sums converge to 1: no overflow and no denormals, which would change the speed.
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
