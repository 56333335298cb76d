/**
 * What `deno task bench` measures and prints.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { KernelPool } from "../../backend/kernel_pool.ts";
import { type RunningBackend, startBackend, stopBackend } from "../../backend/start_backend.ts";
import { SimdBackend } from "../../backend/simd_backend.ts";
import { machine, versions } from "../../runs/provenance.ts";
import { percent } from "../../text/wording.ts";
import { type EngineBenchmark, measureEngine, type Timing } from "./engine.ts";
import { startPeer } from "./peer.ts";
import { measurePipeline } from "./pipeline.ts";

/** All that was measured, with what and where. */
export type BenchmarkReport = Awaited<ReturnType<typeof runBenchmarks>>;

/**
 * Measures on the current backend, and leaves that or another one current.
 *
 * @param options.pythons interpreters that may have PyTorch; the first that has is compared with
 */
export async function runBenchmarks(
  backend: RunningBackend,
  { pythons, ...benchmark }: EngineBenchmark & { readonly pythons: readonly string[] },
) {
  const current = tf.backend();
  const peakGflops = current instanceof SimdBackend ? measurePeakGflops(current.pool) : null;
  const peer = await startPeer(pythons, backend.threads, benchmark.batchSize, benchmark.size);
  const engine = await measureEngine(benchmark, peer).finally(() => peer?.stop());
  return {
    machine: machine(),
    versions: versions(),
    backend,
    benchmark,
    /** PyTorch's version, if it ran beside the engine. */
    peer: peer?.version ?? null,
    engine,
    /** Training with one thread alone; `null` if there is only one, or the backend is not `simd`. */
    oneThread: await measureOneThread(backend, benchmark),
    /** GFLOP/s of all threads in nothing but fused multiply-adds; `null` but for `simd`. */
    peakGflops,
    pipeline: await measurePipeline(benchmark.size),
  };
}

/** The report as lines of text. */
export function formatBenchmarks(report: BenchmarkReport): string {
  const { machine, versions, backend, peer, engine, oneThread, peakGflops, pipeline } = report;
  const { size, batchSize, steps } = report.benchmark;
  const ofPeak = peakGflops === null
    ? ""
    : `, ${percent(engine.trainingGflops / peakGflops)} of the measured peak of ` +
      `${peakGflops.toFixed(0)}`;
  const kernels = engine.kernels.map(({ name, jobs, milliseconds, share }) =>
    `  ${name.padEnd(26)} ${milliseconds.toFixed(1).padStart(8)} ms ` +
    `${percent(share).padStart(6)}  ${jobs.toFixed(0).padStart(4)} jobs`
  );
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.os}`,
    `Deno ${versions.deno}, V8 ${versions.v8}, backend ${backend.name}, threads: ${backend.threads}`,
    peer === null ? "no PyTorch to compare with" : `in turn with PyTorch ${peer}`,
    "",
    `xresnet18, ${batchSize} pictures of ${size}x${size}, median of ${steps} steps`,
    `  training    ${timingText(engine.training)}`,
    `              ${engine.trainingGflops.toFixed(0)} effective GFLOP/s${ofPeak}`,
    ...(oneThread === null ? [] : [
      `              ${oneThread.imagesPerSecond.toFixed(1)} images/s with 1 thread: ` +
      `${(oneThread.seconds / engine.training.seconds).toFixed(2)} x with ${backend.threads}`,
    ]),
    `  evaluation  ${timingText(engine.evaluation)}`,
    `  peak memory ${(engine.peakMemoryBytes / 2 ** 30).toFixed(2)} GiB resident`,
    "",
    "input pipeline alone",
    `  decoding    ${pipeline.decodedPerSecond.toFixed(0)} images/s, all cores`,
    `  batches     ${pipeline.augmentedPerSecond.toFixed(0)} images/s, one core ` +
    `(${(pipeline.augmentedPerSecond / engine.training.imagesPerSecond).toFixed(1)} x training)`,
    ...(kernels.length > 0 ? ["", "time per kernel in a training step", ...kernels] : []),
  ].join("\n");
}

function timingText({ seconds, imagesPerSecond, ratioToPeer }: Timing): string {
  const ratio = ratioToPeer === undefined ? "" : `, ${ratioToPeer.toFixed(2)} x PyTorch`;
  return `${imagesPerSecond.toFixed(1)} images/s (${seconds.toFixed(3)} s)${ratio}`;
}

async function measureOneThread(
  { name, threads }: RunningBackend,
  benchmark: EngineBenchmark,
): Promise<Timing | null> {
  if (name !== "simd" || threads === 1) return null;
  await stopBackend();
  await startBackend("simd", 1);
  return (await measureEngine({ ...benchmark, steps: Math.min(benchmark.steps, 3) })).training;
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
