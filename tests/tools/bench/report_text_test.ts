import assert from "node:assert/strict";
import type { BenchmarkReport } from "../../../src/tools/bench/command.ts";
import { formatBenchmarks } from "../../../src/tools/bench/report_text.ts";

const TIMING = { seconds: 0.5, imagesPerSecond: 96 };

const REPORT: BenchmarkReport = {
  machine: { cpu: "some CPU", cores: 2, memoryGiB: 8, os: "Linux" },
  versions: { project: "1", deno: "2", v8: "3", typescript: "4", tfjs: "5", sharp: "6" },
  backend: { name: "simd", threads: 2 },
  benchmark: { sizes: [128, 64], pythons: ["python3"], batchSize: 48, steps: 10 },
  pytorch: "9.9",
  peakGflops: 400,
  sizes: [128, 64].map((size) => ({
    size,
    engine: {
      training: { ...TIMING, peer: { setting: "channels_last", seconds: 0.625, ratio: 1.25 } },
      evaluation: { ...TIMING, peer: { setting: "eager", seconds: 0.375, ratio: 0.75 } },
      trainingGflops: 200,
      kernels: [{ name: "convolve", jobs: 3, milliseconds: 100, share: 0.2 }],
      peakMemoryBytes: 2 ** 30,
    },
    settings: [
      { setting: "eager", comparable: true, imagesPerSecond: { train: 50, evaluate: 120 } },
      { setting: "compile", comparable: true, problem: "no C++ compiler" },
      { setting: "bfloat16", comparable: false, imagesPerSecond: { train: 200, evaluate: 400 } },
    ],
    oneThread: { seconds: 1, imagesPerSecond: 48 },
    pipeline: { decodedPerSecond: 1000, augmentedPerSecond: 192 },
  })),
  plainModel: { onBackend: 300, onStockCpu: 2, inJaxJs: 100 },
};

Deno.test("the report has each size with its ratios and the settings that they are of", () => {
  const text = formatBenchmarks(REPORT);
  for (const size of [128, 64]) {
    assert.ok(text.includes(`xresnet18, 48 pictures of ${size}x${size}, median of 10 steps`), text);
  }
  assert.match(
    text,
    /training {4}96\.0 images\/s \(0\.500 s\), 1\.25 x PyTorch \(channels_last, 0\.625 s\)/,
  );
  assert.match(
    text,
    /evaluation {2}96\.0 images\/s \(0\.500 s\), 0\.75 x PyTorch \(eager, 0\.375 s\)/,
  );
  assert.match(text, /200 effective GFLOP\/s, 50\.0% of the measured peak of 400/);
  assert.match(text, /48\.0 images\/s with 1 thread: 2\.00 x with 2/);
  assert.match(text, /simd +300\.0 pictures\/s$/m);
  assert.match(text, /stock cpu +2\.0 pictures\/s; simd is 150\.0 x as fast/);
  assert.match(text, /jax-js +100\.0 pictures\/s; simd is 3\.0 x as fast/);
});

Deno.test("a failed setting stands in one line with its reason, 16-bit floats apart", () => {
  const text = formatBenchmarks(REPORT);
  assert.match(text, /^ +eager +50\.0 +120\.0$/m);
  assert.match(text, /^ +compile +no C\+\+ compiler$/m);
  assert.match(text, /^ +bfloat16 +200\.0 +400\.0 {2}16-bit, in no ratio$/m);
});

Deno.test("without PyTorch the report says where it was looked for, and has no ratio", () => {
  const sizes = REPORT.sizes.map((size) => ({
    ...size,
    engine: { ...size.engine, training: TIMING, evaluation: TIMING },
    settings: [],
  }));
  const text = formatBenchmarks({ ...REPORT, sizes, pytorch: null });
  assert.match(text, /no PyTorch in python3 to compare with/);
  assert.doesNotMatch(text, /x PyTorch/);
});
