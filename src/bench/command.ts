/**
 * What `deno task bench` prints.
 *
 * @module
 */
import type { RunningBackend } from "../backend/select.ts";
import { machine, versions } from "../provenance.ts";
import { type EngineBenchmark, type EngineMeasurement, measureEngine } from "./engine.ts";

/** All that was measured, with what and where. */
export interface BenchmarkReport {
  readonly machine: ReturnType<typeof machine>;
  readonly versions: ReturnType<typeof versions>;
  readonly backend: RunningBackend;
  readonly engine: EngineBenchmark & EngineMeasurement;
}

/** Measures on the current backend. */
export async function runBenchmarks(
  backend: RunningBackend,
  benchmark: EngineBenchmark,
): Promise<BenchmarkReport> {
  const engine = { ...benchmark, ...await measureEngine(benchmark) };
  return { machine: machine(), versions: versions(), backend, engine };
}

/** The report as lines of text. */
export function formatBenchmarks({ machine, versions, backend, engine }: BenchmarkReport): string {
  const { size, batchSize, steps } = engine;
  const rows = engine.kernels.map(({ name, jobs, milliseconds, share }) =>
    `  ${name.padEnd(26)} ${milliseconds.toFixed(1).padStart(8)} ms ` +
    `${(100 * share).toFixed(1).padStart(5)}%  ${jobs.toFixed(0).padStart(4)} jobs`
  );
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.os}`,
    `Deno ${versions.deno}, V8 ${versions.v8}, backend ${backend.name}, ` +
    `${backend.threads} threads`,
    "",
    `xresnet18, ${batchSize} pictures of ${size}x${size}, median of ${steps} steps`,
    `  training    ${engine.trainingImagesPerSecond.toFixed(1)} images/s ` +
    `(${engine.stepSeconds.toFixed(3)} s a step, ${engine.trainingGflops.toFixed(0)} GFLOP/s)`,
    `  evaluation  ${engine.evaluationImagesPerSecond.toFixed(1)} images/s`,
    `  peak memory ${(engine.peakMemoryBytes / 2 ** 30).toFixed(2)} GiB resident`,
    ...(rows.length > 0 ? ["", "time per kernel in a training step", ...rows] : []),
  ].join("\n");
}
