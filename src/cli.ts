/**
 * The command line: what `deno task reproduce` and the other tasks run.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { BACKEND_NAMES, type BackendName, startBackend, stopBackend } from "./backend/select.ts";
import { formatBenchmarks, runBenchmarks } from "./bench/command.ts";
import { openImagenette } from "./data/dataset.ts";
import { experimentNamed, EXPERIMENTS } from "./experiments.ts";
import { formatGoldenReport, passes, runGoldenFiles } from "./golden/command.ts";
import { profileNamed, PROFILES } from "./profiles.ts";
import { formatTable } from "./report/terminal_table.ts";
import { writeReport } from "./report/write_report.ts";
import { runExperiments } from "./reproduce.ts";
import { Interrupted } from "./training/trainer.ts";

interface EngineOptions {
  readonly backend: BackendName;
  readonly threads?: number;
}

interface ReproduceOptions extends EngineOptions {
  readonly dataset: "imagenette";
  readonly data?: string;
  readonly profile: keyof typeof PROFILES;
  readonly only: string[];
  readonly seeds: number[];
  readonly out?: string;
  readonly cache?: string;
  readonly fresh: boolean;
}

interface BenchOptions extends EngineOptions {
  readonly size: number;
  readonly batch: number;
  readonly steps: number;
  readonly python?: string;
  readonly json: boolean;
}

/** Where PyTorch may be: in an environment of the user's, or in Debian's own Python. */
const PYTHONS = ["python3", "/usr/bin/python3"];

/** The exit code of a program ended by Ctrl-C. */
const INTERRUPTED = 130;

const program = new Command("classifying-the-unknown")
  .description("Image classifiers that can say none of these: training, evaluation, reports.")
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

withEngineOptions(program.command("reproduce"))
  .description("train and test the experiments, and write their report")
  .addOption(
    new Option("--dataset <name>", "the data set").choices(["imagenette"]).default("imagenette"),
  )
  .option("--data <folder>", "where the data set lies (default: $IMAGENETTE_DIR, then data/)")
  .addOption(
    new Option("--profile <name>", "article: its protocol to the letter; quick: minutes")
      .choices(Object.keys(PROFILES)).default("quick"),
  )
  .option(
    "--only <names>",
    "experiments, separated by commas",
    experimentList,
    EXPERIMENTS.map(({ name }) => name),
  )
  .option("--seeds <numbers>", "seeds, separated by commas", seedList, [1])
  .option("--out <folder>", "results folder (default: results/<dataset>-<profile>)")
  .option("--cache <folder>", "where decoded pictures are kept (default: data/cache)")
  .option("--fresh", "train again what is there already", false)
  .action(reproduce);

program.command("report")
  .description("rebuild figures and reports from the saved predictions")
  .argument("<folder>", "a results folder, such as results/imagenette-quick")
  .action(report);

withEngineOptions(program.command("golden"))
  .description("compare the code with vector files computed by PyTorch and Pillow")
  .argument("[folder]", "where the vector files are", "tests/golden")
  .action(golden);

withEngineOptions(program.command("bench"))
  .description("measure training and evaluation of the full-size network")
  .option("--size <pixels>", "side of the pictures", positiveInteger, 128)
  .option("--batch <count>", "pictures per step", positiveInteger, 48)
  .option("--steps <count>", "steps to measure", positiveInteger, 10)
  .option("--python <command>", "an interpreter with PyTorch to compare with (default: any found)")
  .option("--json", "print everything as JSON", false)
  .action(bench);

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  const interrupted = error instanceof Interrupted || (error as Error).name === "AbortError";
  console.error(interrupted ? (error as Error).message : `error: ${(error as Error).message}`);
  Deno.exitCode = interrupted ? INTERRUPTED : 1;
} finally {
  await stopBackend();
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const { data, fresh, cache } = options;
  const profile = profileNamed(options.profile);
  const dataset = await openImagenette(data);
  const out = options.out ?? `results/${dataset.name}-${profile.name}`;
  const backend = await startBackend(options.backend, options.threads);
  console.log(
    `${dataset.name}, profile ${profile.name}, backend ${backend.name} ` +
      `(${backend.threads} threads), results in ${out}`,
  );
  const interruption = new AbortController();
  const interrupt = () => {
    console.error("\nstopping after this step; a second Ctrl-C stops at once");
    Deno.removeSignalListener("SIGINT", interrupt);
    interruption.abort(
      new DOMException("stopped; run the same command again to continue", "AbortError"),
    );
  };
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    await runExperiments({
      dataset,
      profile,
      experiments: options.only.map(experimentNamed),
      seeds: options.seeds,
      backend,
      out,
      ...(cache === undefined ? {} : { cacheFolder: cache }),
      fresh,
      signal: interruption.signal,
      log: (line) => console.error(line),
    });
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
  }
  await report(out);
}

async function report(folder: string): Promise<void> {
  const results = await writeReport(folder);
  console.log(formatTable(results));
  console.log(`\nreport: ${folder}/report.html and ${folder}/report.md`);
}

async function golden(folder: string, options: EngineOptions): Promise<void> {
  await startBackend(options.backend, options.threads);
  const reports = await runGoldenFiles(folder);
  for (const report of reports) console.log(formatGoldenReport(report));
  const ok = reports.every(({ comparisons }) =>
    comparisons.length > 0 && comparisons.every(passes)
  );
  if (!ok) Deno.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  const { size, batch, steps, python, json } = options;
  const backend = await startBackend(options.backend, options.threads);
  const report = await runBenchmarks(backend, {
    size,
    batchSize: batch,
    steps,
    pythons: python === undefined ? PYTHONS : [python],
  });
  console.log(json ? JSON.stringify(report, null, 2) : formatBenchmarks(report));
}

function withEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--backend <name>", "what computes: webgpu, simd (our own, on the CPU), stock cpu")
        .choices(BACKEND_NAMES)
        .default("auto"),
    )
    .option("--threads <count>", "threads of simd (default: all cores)", positiveInteger);
}

function experimentList(text: string): string[] {
  const names = text.split(",");
  for (const name of names) {
    try {
      experimentNamed(name);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  }
  return [...new Set(names)];
}

function seedList(text: string): number[] {
  const seeds = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (!seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)) {
    throw new InvalidArgumentError("seeds are whole numbers from 0, such as 1,2,3");
  }
  return [...new Set(seeds)];
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("a whole number from 1 is needed");
  }
  return value;
}
