/**
 * The output of `deno task bench`. Pure.
 *
 * @module
 */
import { percent } from "../../text/wording.ts";
import type { BenchmarkReport } from "./command.ts";
import type { Timing } from "./engine.ts";
import type { MeasuredSetting } from "./peer_settings.ts";

/** The report as lines of text. */
export function formatBenchmarks(report: BenchmarkReport): string {
  const { machine, versions, backend, benchmark, pytorch, sizes, plainModel } = report;
  const { onBackend, onStockCpu, inJaxJs } = plainModel;
  const peakMemory = Math.max(...sizes.map(({ engine }) => engine.peakMemoryBytes)) / 2 ** 30;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.os}`,
    `Deno ${versions.deno}, V8 ${versions.v8}, backend ${backend.name}, threads: ${backend.threads}`,
    pytorch === null
      ? `no PyTorch in ${benchmark.pythons.join(" or ")} to compare with`
      : `in turn with PyTorch ${pytorch}, in its fastest setting of 32-bit floats`,
    ...sizes.flatMap((size) => ["", ...sizeLines(report, size)]),
    "",
    `peak memory ${peakMemory.toFixed(2)} GiB resident`,
    "",
    "plain model, 28x28x1: model.fit of stock layers with tfjs's Adam",
    `  ${backend.name.padEnd(12)}${onBackend.toFixed(1)} pictures/s`,
    `  stock cpu   ${comparedText(onStockCpu, backend.name, onBackend)}`,
    inJaxJs === null
      ? "  jax-js      not named; --jax-js takes its main file"
      : `  jax-js      ${comparedText(inJaxJs, backend.name, onBackend)}`,
  ].join("\n");
}

function comparedText(picturesPerSecond: number, name: string, ours: number): string {
  const times = (ours / picturesPerSecond).toFixed(1);
  return `${picturesPerSecond.toFixed(1)} pictures/s; ${name} is ${times} x as fast`;
}

function sizeLines(
  { benchmark: { batchSize, steps }, backend, peakGflops }: BenchmarkReport,
  { size, engine, oneThread, settings, pipeline }: BenchmarkReport["sizes"][number],
): string[] {
  const ofPeak = peakGflops === null
    ? ""
    : `, ${percent(engine.trainingGflops / peakGflops)} of the measured peak of ` +
      `${peakGflops.toFixed(0)}`;
  return [
    `xresnet18, ${batchSize} pictures of ${size}x${size}, median of ${steps} steps`,
    `  training    ${timingText(engine.training)}`,
    `              ${engine.trainingGflops.toFixed(0)} effective GFLOP/s${ofPeak}`,
    ...(oneThread === null ? [] : [
      `              ${oneThread.imagesPerSecond.toFixed(1)} images/s with 1 thread: ` +
      `${(oneThread.seconds / engine.training.seconds).toFixed(2)} x with ${backend.threads}`,
    ]),
    `  evaluation  ${timingText(engine.evaluation)}`,
    `  pipeline    ${pipeline.decodedPerSecond.toFixed(0)} images/s decoded, all cores; ` +
    `${pipeline.augmentedPerSecond.toFixed(0)} in augmented batches, one core ` +
    `(${(pipeline.augmentedPerSecond / engine.training.imagesPerSecond).toFixed(1)} x training)`,
    ...settingLines(settings),
    ...kernelLines(engine.kernels),
  ];
}

function timingText({ seconds, imagesPerSecond, peer }: Timing): string {
  const ratio = peer
    ? `, ${peer.ratio.toFixed(2)} x PyTorch (${peer.setting}, ${peer.seconds.toFixed(3)} s)`
    : "";
  return `${imagesPerSecond.toFixed(1)} images/s (${seconds.toFixed(3)} s)${ratio}`;
}

function settingLines(settings: readonly MeasuredSetting[]): string[] {
  if (settings.length === 0) return [];
  const lines = settings.map(({ setting, comparable, imagesPerSecond, problem }) => {
    const name = `    ${setting.padEnd(33)}`;
    if (imagesPerSecond === undefined) return `${name}${problem}`;
    const { train, evaluate } = imagesPerSecond;
    const note = comparable ? "" : "  16-bit, in no ratio";
    return name + train.toFixed(1).padStart(8) + evaluate.toFixed(1).padStart(11) + note;
  });
  return [
    `  ${"PyTorch, a few steps each".padEnd(35)}training evaluation`,
    ...lines,
  ];
}

function kernelLines(
  kernels: BenchmarkReport["sizes"][number]["engine"]["kernels"],
): string[] {
  if (kernels.length === 0) return [];
  const lines = kernels.map(({ name, jobs, milliseconds, share }) =>
    `    ${name.padEnd(26)} ${milliseconds.toFixed(1).padStart(8)} ms ` +
    `${percent(share).padStart(6)}  ${jobs.toFixed(0).padStart(4)} jobs`
  );
  return ["  kernels of a training step", ...lines];
}
