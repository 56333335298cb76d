/**
 * The command line: the program behind `deno task reproduce` and the other tasks.
 *
 * @module
 */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import {
  BACKEND_NAMES,
  type BackendName,
  startBackend,
  stopBackend,
} from "./backend/start_backend.ts";
import { bcena } from "./article/experiments.ts";
import { EXPERIMENTS, named, PROFILES } from "./catalogue.ts";
import { CATALOGUE, DEFAULT_DATASET, SUBSTITUTE_DATASET } from "./data/catalogue.ts";
import { isArchived } from "./data/catalogue_entry.ts";
import { fetchDataset } from "./data/download/fetch_dataset.ts";
import { type DatasetChoice, openDataset } from "./data/open_dataset.ts";
import { NA } from "./data/labels.ts";
import { showProgress } from "./data/progress.ts";
import type { Experiment } from "./experiments.ts";
import { type Extension, loadExtension } from "./extension.ts";
import { exitCodeOfInterruption, untilInterrupted } from "./interruption.ts";
import { NETWORKS } from "./model/registry.ts";
import { SHIPPED_NETWORKS, type Start } from "./model/start.ts";
import {
  seedsIn,
  settingEnvironment,
  type SettingOverrides,
  wholeNumber,
} from "./notebooks/setting_variables.ts";
import { SCORES } from "./scores/all.ts";
import { formatGoldenReport, runGoldenFiles } from "./tools/golden/command.ts";
import { passes } from "./tools/golden/golden.ts";
import { asOneLine, jsonForTerminal } from "./text/escaped_text.ts";
import { logLine } from "./text/log_line.ts";
import { textTable } from "./text/table.ts";
import { notebooksIn, runNotebooks } from "./tools/notebook_runner/command.ts";
import { Interrupted } from "./training/trainer.ts";

// Modules that draw, decode or train are imported where they are used: they load native code, which
// not every task may do.

interface EngineOptions {
  readonly backend: BackendName;
  readonly threads?: number;
}

/** A module of the user's own. */
interface ExtensionOptions {
  readonly with?: string;
}

interface ReproduceOptions extends EngineOptions, DatasetChoice, ExtensionOptions {
  readonly skipBad: boolean;
  readonly profile: string;
  readonly network?: string;
  readonly start: Start;
  readonly only?: string[];
  readonly seeds: number[];
  readonly out?: string;
  readonly cache?: string;
  readonly fresh: boolean;
  readonly halfPrecision: boolean;
}

interface StudyOptions extends EngineOptions, DatasetChoice, ExtensionOptions {
  readonly splits?: string[];
  readonly seeds: number[];
  readonly trainings?: string[];
  readonly heldOut: boolean;
  readonly profile: string;
  readonly out?: string;
  readonly cache?: string;
  readonly list: boolean;
  readonly report: boolean;
}

interface FewPicturesOptions extends EngineOptions {
  readonly profiles: string[];
  readonly draws: number[];
  readonly train: number;
  readonly test: number;
  readonly trainingPicturesAlone: boolean;
  readonly out?: string;
  readonly runs: string;
}

/** Where PyTorch may be installed: in the user's environment, or in Debian's own Python. */
const PYTHONS = ["python3", "/usr/bin/python3"];

/** The data sets that can be downloaded. */
const ARCHIVED = CATALOGUE.filter(isArchived);

const program = new Command("classifying-the-unknown")
  .description("Image classifiers that can say none of these: training, evaluation, reports.")
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({
    outputError: (text, write) => write(`${asOneLine(oneLine(text))}; see --help\n`),
  })
  .exitOverride();

withEngineOptions(program.command("reproduce"))
  .description("train and test the experiments, and write their report")
  .option(
    "--dataset <name>",
    `${namesOf(CATALOGUE)} or a folder of pictures (default: ` +
      `${DEFAULT_DATASET.name}, or ${SUBSTITUTE_DATASET.name} if its host cannot be reached)`,
  )
  .option(
    "--data <folder>",
    `where ${namesOf(ARCHIVED, " or ")} lies (default: ` +
      `${ARCHIVED.map(({ variable }) => `$${variable}`).join(" or ")}, then data/)`,
  )
  .option(
    "--known <names>",
    "folders of pictures to tell apart, separated by commas (default: as in dataset.json)",
    categoryList,
  )
  .option("--unknown <names>", `folders of pictures to train as ${NA}`, categoryList)
  .option("--unseen <names>", "folders of pictures for testing only", categoryList)
  .option("--skip-bad", "leave out pictures that cannot be used, and list them", false)
  .option(
    "--profile <name>",
    "article: the article's protocol, from a trained stem (hours); article-random: the same with " +
      "all weights random; quick: smaller pictures, fewer epochs (minutes); transfer: for few " +
      "pictures, from a trained network; pretrain: for a network to start others from; smoke: " +
      "one short epoch, as a trial; or the profile of an experiment of --with",
    "quick",
  )
  .addOption(
    new Option("--network <name>", "the network, in place of each experiment's own").choices([
      ...NETWORKS.keys(),
    ]),
  )
  .option(
    "--start <group=network>",
    "what a parameter group (or body, all but the last) starts from: random, a name " +
      `(${[...SHIPPED_NETWORKS.keys()].join(", ")}) or a run's folder; once for each group ` +
      "(default: the profile's)",
    startEntry,
    {},
  )
  .option(
    "--only <names>",
    `experiments, separated by commas (default: ${namesOf(EXPERIMENTS)} and those of --with)`,
    nameList,
  )
  .option("--with <module>", "a file that exports experiments, scores, ... of your own")
  .option("--seeds <numbers>", "seeds, separated by commas", seedList, [1])
  .option("--out <folder>", "results folder (default: results/<dataset>-<profile>)")
  .option("--cache <folder>", "where decoded pictures are kept (default: data/cache)")
  .option("--fresh", "train finished runs again, too", false)
  .option("--half-precision", "save networks with 16 bits per weight, in half the space", false)
  .action(async (options: ReproduceOptions) => {
    const { seeds, skipBad, fresh, cache } = options;
    const extension = await loadExtension(options.with);
    const experiments = chosenExperiments(options, extension);
    const { runExperiments } = await import("./reproduce.ts");
    const { provideFonts } = await import("./plots/fonts.ts");
    await untilInterrupted(async (signal) => {
      // Anything missing for drawing the report is found now, not after hours.
      await provideFonts();
      const dataset = await openDataset(options, {
        onSubstitution: (sentence) => console.log(asOneLine(sentence)),
        log: logLine,
        progress: showProgress,
        signal,
      });
      signal.throwIfAborted();
      const out = options.out ?? `results/${dataset.name}-${options.profile}`;
      const backend = await startBackend(options.backend, options.threads);
      const what = `${dataset.name}, profile ${options.profile}, backend ${backend.name} ` +
        `(${backend.threads} threads), results in ${out}`;
      console.log(asOneLine(what));
      await runExperiments({
        dataset,
        experiments,
        scores: [...SCORES, ...extension.scores],
        seeds,
        backend,
        out,
        ...(cache === undefined ? {} : { cacheFolder: cache }),
        skipBad,
        fresh,
        precision: options.halfPrecision ? "half" : "single",
        signal,
        log: logLine,
      });
      await report(out, options, signal);
    });
  });

withEngineOptions(program.command("study"))
  .description("train and test every training of the study on every split, and write its report")
  .option("--dataset <name>", `${namesOf(CATALOGUE)} or a folder with a dataset.json`)
  .option("--data <folder>", `where ${namesOf(ARCHIVED, " or ")} lies`)
  .option("--splits <names>", "own, draw-1, ..., own-held-out, ...: separated by commas", nameList)
  .option("--seeds <numbers>", "seeds, separated by commas", seedList, [1, 2, 3])
  .option("--trainings <names>", "trainings, separated by commas (default: all)", nameList)
  .option(
    "--held-out",
    "use the splits that hold an unknown category out of training, to choose thresholds against",
    false,
  )
  .option("--profile <name>", "how each network is trained", "quick")
  .option("--with <module>", "a file that exports experiments and scores of your own")
  .option("--out <folder>", "the study's folder (default: results/study; other data: study-<name>)")
  .option("--cache <folder>", "where decoded pictures are kept (default: data/cache)")
  .option(
    "--list",
    "print one command per unit (a training, a split and a seed), and run none",
    false,
  )
  .option("--no-report", "write no report (deno task report does, later)")
  .action(async (options: StudyOptions) => {
    const extension = await loadExtension(options.with);
    const { studyDataset, runUnits } = await import("./study/study.ts");
    const { chosenUnits, unitCommand } = await import("./study/command.ts");
    const { STUDY_SCORES } = await import("./study/scores.ts");
    const { provideFonts } = await import("./plots/fonts.ts");
    const scores = [...STUDY_SCORES, ...extension.scores];
    await untilInterrupted(async (signal) => {
      if (options.report && !options.list) await provideFonts();
      const dataset = await openDataset(
        { ...options, dataset: options.dataset ?? DEFAULT_DATASET.name },
        { log: logLine, progress: showProgress, signal },
      );
      const study = await studyDataset(dataset);
      const units = chosenUnits(options, study, extension);
      if (options.list) {
        const { threads, backend, dataset, data, profile, out, cache } = options;
        const shared = [
          ["--dataset", dataset],
          ["--data", data],
          ["--profile", profile === "quick" ? undefined : profile],
          ["--with", options.with],
          ["--out", out],
          ["--cache", cache],
          ["--backend", backend === "simd" ? undefined : backend],
          ["--threads", threads?.toString()],
        ] as const;
        for (const unit of units) console.log(unitCommand(unit, shared));
        return;
      }
      const usual = dataset.name === DEFAULT_DATASET.name ? "study" : `study-${dataset.name}`;
      const out = options.out ?? `results/${usual}`;
      const backend = await startBackend(options.backend, options.threads);
      logLine(`${units.length} units of ${dataset.name}, backend ${backend.name} in ${out}`);
      const failed = await runUnits({
        units,
        study,
        scores,
        backend,
        out,
        cacheFolder: options.cache,
        signal,
        log: logLine,
      });
      if (options.report) await reportStudy(out, extension, signal);
      if (failed.length === 0) return;
      throw new Error(`${failed.length} units failed: ${failed.join("; ")}`);
    });
  });

program.command("fetch")
  .description("download a data set into data/, or continue an interrupted download")
  .addArgument(
    new Argument("[name]", "the data set")
      .choices(ARCHIVED.map(({ name }) => name)).default(DEFAULT_DATASET.name),
  )
  .option("--repair", "check every picture, and download all again if one is damaged", false)
  .action(async (name: string, { repair }: { readonly repair: boolean }) => {
    const dataset = ARCHIVED.find((archived) => archived.name === name)!;
    const folder = await untilInterrupted((signal) =>
      fetchDataset(dataset, { repair, progress: showProgress, log: logLine, signal })
    );
    console.log(`${dataset.title} is complete in ${folder}`);
  });

withEngineOptions(program.command("predict"))
  .description("classify pictures with a trained network")
  .argument("<model>", "a run's folder, such as results/imagenette-quick/bcena/seed-1")
  .argument("<images...>", "pictures, or folders of pictures")
  .option(
    "--threshold <score>",
    "label a picture na if no score reaches this (default: the experiment's threshold)",
    score,
  )
  .option("--with <module>", "a file that exports decisions or kinds of networks of your own")
  .option("--json", "print labels and scores as JSON", false)
  .action(async (
    model: string,
    images: string[],
    { threshold, json, ...options }: EngineOptions & ExtensionOptions & {
      readonly threshold?: number;
      readonly json: boolean;
    },
  ) => {
    const { formatPredictions, predictImages } = await import("./predict.ts");
    const { decisions, networkKinds } = await loadExtension(options.with);
    await startBackend(options.backend, options.threads);
    const found = await predictImages({ model, images, threshold, decisions, networkKinds });
    if (found.unknownKind !== undefined) {
      logLine(
        `networks of kind "${found.unknownKind}" are not known here: stock layers ran, which are ` +
          "slower; --with takes the module that exports this kind",
      );
    }
    if (json) console.log(jsonForTerminal(found.predictions));
    else if (found.predictions.length > 0) console.log(formatPredictions(found));
    for (const { path, reason } of found.unusable) logLine(`error: ${path}: ${reason}`);
    if (found.unusable.length > 0) Deno.exitCode = 1;
  });

program.command("page")
  .description("make one HTML file that classifies pictures and the camera with a trained network")
  .argument("<model>", "a run's folder, such as results/imagenette-quick/bcena/seed-1")
  .option("--out <file>", "the page (default: page.html in the run's folder)")
  .option(
    "--threshold <score>",
    "where its slider starts (default: the experiment's threshold)",
    score,
  )
  .action(async (
    model: string,
    options: { readonly out?: string; readonly threshold?: number },
  ) => {
    const { writePage } = await import("./page/write_page.ts");
    console.log(`page: ${await writePage({ model, ...options })}`);
  });

program.command("export")
  .description("write a trained network in a format of other programs")
  .argument("<model>", "a run's folder, such as results/imagenette-quick/bcena/seed-1")
  .requiredOption(
    "--onnx <file>",
    "the ONNX file to write",
  )
  .action(async (model: string, { onnx }: { readonly onnx: string }) => {
    const { writeOnnx } = await import("./onnx/write_onnx.ts");
    await startBackend("cpu");
    await writeOnnx({ model, onnx });
    console.log(`ONNX file: ${onnx}`);
  });

program.command("notebooks")
  .description("run notebooks with Deno's kernel and write their outputs into them")
  .argument("[files...]", "notebooks (default: all in notebooks/)")
  .option("--check", "run them without writing anything", false)
  .option("--timeout <seconds>", "how long a cell may run", positiveInteger, 3600)
  .option("--dataset <name>", "data set, in place of the notebook's own")
  .addOption(
    new Option("--profile <name>", "profile, in place of the notebook's own").choices(
      PROFILES.map(({ name }) => name),
    ),
  )
  .option(
    "--seeds <numbers>",
    "seeds, separated by commas, in place of the notebook's own",
    seedList,
  )
  .option("--results <folder>", "results folder (default: results/<dataset>-<profile>)")
  .action(async (
    files: string[],
    { check, timeout, ...overrides }: SettingOverrides & { check: boolean; timeout: number },
  ) => {
    const chosen = files.length > 0 ? files : await notebooksIn("notebooks");
    await untilInterrupted((signal) =>
      runNotebooks(chosen, {
        check,
        secondsPerCell: timeout,
        environment: settingEnvironment(overrides),
        signal,
        log: logLine,
        ...(Deno.stderr.isTerminal() ? { progress: showProgress } : {}),
      })
    );
  });

withEngineOptions(program.command("few-pictures"))
  .description("measure profiles on few pictures of each category of Imagenette")
  .option(
    "--profiles <names>",
    "profiles, separated by commas",
    nameList,
    ["transfer", "article-random", "quick"],
  )
  .option("--draws <numbers>", "draws of the pictures, separated by commas", seedList, [
    ...[1, 2, 3, 4, 5],
  ])
  .option("--train <count>", "training pictures of each category", positiveInteger, 50)
  .option("--test <count>", "test pictures of each category", positiveInteger, 100)
  .option("--training-pictures-alone", "draw test pictures from the training pictures, too", false)
  .option("--out <folder>", "where to write the table (default: only print it)")
  .option("--runs <folder>", "where runs are kept", "data/few-pictures")
  .action(async (options: FewPicturesOptions) => {
    const { train, test, out } = options;
    const pictures = { train, test };
    const profiles = options.profiles.map((name) => named("profile", PROFILES, name));
    const few = await import("./tools/few_pictures/command.ts");
    const { trainingPicturesAlone } = await import("./tools/few_pictures/draw.ts");
    await untilInterrupted(async (signal) => {
      const opened = await openDataset({ dataset: DEFAULT_DATASET.name }, { log: logLine });
      const runs = await few.measureFewPictures({
        dataset: options.trainingPicturesAlone ? trainingPicturesAlone(opened) : opened,
        experiment: bcena,
        profiles,
        draws: options.draws,
        pictures,
        backend: await startBackend(options.backend, options.threads),
        folder: options.runs,
        signal,
        log: logLine,
      });
      const table = few.fewPicturesTable(runs, pictures);
      console.log(textTable(table));
      if (out !== undefined) {
        await few.writeFewPictures(out, runs, { profiles, pictures });
        console.log(`\ntable: ${out}/report.md`);
      }
    });
  });

program.command("report")
  .description("rebuild figures and reports from the saved predictions")
  .argument("<folder>", "a results folder, such as results/imagenette-quick, or a study's")
  .option("--with <module>", "a file that exports scores of your own")
  .action((folder: string, options: ExtensionOptions) =>
    untilInterrupted((signal) => report(folder, options, signal))
  );

// `golden` reads values synchronously, which Deno cannot do from a GPU.
withEngineOptions(program.command("golden"), BACKEND_NAMES.filter((name) => name !== "webgpu"))
  .description("compare the code with vector files computed by PyTorch and Pillow")
  .argument("[folder]", "where the vector files are", "tests/golden")
  .action(async (folder: string, { backend, threads }: EngineOptions) => {
    await startBackend(backend, threads);
    const reports = await runGoldenFiles(folder);
    for (const report of reports) console.log(formatGoldenReport(report));
    const ok = reports.every(({ comparisons }) =>
      comparisons.length > 0 && comparisons.every(passes)
    );
    if (!ok) Deno.exitCode = 1;
  });

withEngineOptions(program.command("bench"))
  .description("measure training and evaluation of the full-size network, and of a plain model")
  .option("--size <pixels>", "sides of the pictures, separated by commas", sizeList, [128, 64, 32])
  .option("--batch <count>", "pictures per step", positiveInteger, 48)
  .option("--steps <count>", "steps to measure", positiveInteger, 10)
  .option("--python <command>", "an interpreter with PyTorch to compare with (default: any found)")
  .option("--jax-js <file>", "the main file of an installed jax-js, to compare with")
  .option("--json", "print everything as JSON", false)
  .action(async (
    { size: sizes, batch: batchSize, steps, python, jaxJs, json, ...options }: EngineOptions & {
      readonly size: readonly number[];
      readonly batch: number;
      readonly steps: number;
      readonly python?: string;
      readonly jaxJs?: string;
      readonly json: boolean;
    },
  ) => {
    const { runBenchmarks } = await import("./tools/bench/command.ts");
    const { formatBenchmarks } = await import("./tools/bench/report_text.ts");
    const backend = await startBackend(options.backend, options.threads);
    const pythons = python === undefined ? PYTHONS : [python];
    const report = await runBenchmarks(backend, {
      sizes,
      batchSize,
      steps,
      pythons,
      jaxJs,
      log: logLine,
    });
    console.log(json ? JSON.stringify(report, null, 2) : formatBenchmarks(report));
  });

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  Deno.exitCode = explain(error);
} finally {
  await stopBackend();
}

/** Prints the error that ended the program in one line on stderr, and returns its exit code. */
function explain(error: unknown): number {
  // If this was an error at all, Commander has already printed it.
  if (error instanceof CommanderError) return error.exitCode;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof Interrupted || name === "AbortError") {
    logLine(oneLine(message));
    return exitCodeOfInterruption();
  }
  const hint = error instanceof Deno.errors.NotCapable
    ? "; deno.json gives each task its permissions"
    : "";
  logLine(oneLine(`error: ${message}${hint}`));
  return 1;
}

/** The requested experiments, with the command line's profile and, if given, its network. */
function chosenExperiments(
  { only, profile, network, start }: ReproduceOptions,
  extension: Extension,
): Experiment[] {
  const all = [...EXPERIMENTS, ...extension.experiments];
  const profiles = [...PROFILES, ...extension.experiments.map((own) => own.profile)];
  const chosen = only === undefined ? all : only.map((name) => named("experiment", all, name));
  return chosen.map((experiment) => ({
    ...experiment,
    profile: named("profile", profiles, profile),
    start: { ...experiment.start, ...start },
    ...(network === undefined ? {} : { network: NETWORKS.get(network)! }),
  }));
}

async function report(
  folder: string,
  options: ExtensionOptions,
  signal: AbortSignal,
): Promise<void> {
  const { isStudy } = await import("./study/unit.ts");
  if (isStudy(folder)) return await reportStudy(folder, await loadExtension(options.with), signal);
  const { writeReport } = await import("./report/write_report.ts");
  const { ARTICLE_CONTEXT } = await import("./article/report.ts");
  const { scores, experiments } = await loadExtension(options.with);
  const own = options.with === undefined ? {} : { extension: { path: options.with, experiments } };
  const results = await writeReport(folder, {
    context: { ...ARTICLE_CONTEXT, ...own },
    scores: [...SCORES, ...scores],
    signal,
  });
  const { comparisonTable } = await import("./report/sections/comparison.ts");
  console.log(`${textTable(comparisonTable(results))}\n`);
  console.log(asOneLine(`report: ${folder}/report.html and ${folder}/report.md`));
}

async function reportStudy(
  folder: string,
  extension: Extension,
  signal: AbortSignal,
): Promise<void> {
  const { writeStudyReport } = await import("./study/write_study_report.ts");
  const { ownScoreTable } = await import("./study/glance.ts");
  const { STUDY_SCORES } = await import("./study/scores.ts");
  const { trainingsWith } = await import("./study/command.ts");
  const scores = [...STUDY_SCORES, ...extension.scores];
  const order = trainingsWith(extension).map(({ name }) => name);
  const results = await writeStudyReport(folder, scores, order, signal);
  console.log(`${textTable(ownScoreTable(results))}\n`);
  console.log(asOneLine(`report: ${folder}/report.html and ${folder}/report.md`));
}

function withEngineOptions(
  command: Command,
  backends: readonly BackendName[] = BACKEND_NAMES,
): Command {
  return command
    .addOption(
      new Option(
        "--backend <name>",
        "simd (this project's own, on the CPU; auto is the same), webgpu (refused if a short trial " +
          "fails) or cpu (TensorFlow.js's own)",
      ).choices(backends).default("simd"),
    )
    .option("--threads <count>", "threads of simd (default: all cores)", positiveInteger);
}

function namesOf(all: readonly { readonly name: string }[], separator = ", "): string {
  return all.map(({ name }) => name).join(separator);
}

function nameList(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))];
}

function startEntry(text: string, earlier: Start): Start {
  const [group = "", ...origin] = text.split("=").map((part) => part.trim());
  return {
    ...earlier,
    [group]: required(
      group === "" || origin.length === 0 ? undefined : origin.join("=") || undefined,
      "a start is a group and a network, such as stem=imagewoof",
    ),
  };
}

function categoryList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  return required(
    names.includes("") ? undefined : names,
    "folders are named with a comma between two; dataset.json takes names of any form",
  );
}

function seedList(text: string): number[] {
  return required(seedsIn(text), "seeds are whole numbers from 0, such as 1,2,3");
}

function sizeList(text: string): number[] {
  return nameList(text).map(positiveInteger);
}

function score(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  return required(value >= 0 && value <= 1 ? value : undefined, "a score is a number from 0 to 1");
}

function positiveInteger(text: string): number {
  const value = wholeNumber(text);
  return required(value >= 1 ? value : undefined, "a whole number from 1 is needed");
}

/** @throws {InvalidArgumentError} with this problem, if there is no value */
function required<T>(value: T | undefined, problem: string): T {
  if (value === undefined) throw new InvalidArgumentError(problem);
  return value;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}
