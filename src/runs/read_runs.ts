/**
 * The finished runs in a results folder: `<experiment>/seed-<n>/` with predictions, history and
 * configuration.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import { GROUPS } from "../data/categories.ts";
import { networkLabels } from "../data/labels.ts";
import { imagesPerGroup, type PredictionTable } from "../evaluation/predictions.ts";
import { type ExperimentDescription, hasNaOutput } from "../experiments.ts";
import { isFile } from "../files/path_kind.ts";
import type { HistoryRow } from "../training/history.ts";
import { requireUnedited } from "./file_digests.ts";
import { FITTED_SCORES_FILE, readFittedScores } from "./fitted_scores_file.ts";
import { HISTORY_FILE, readHistory } from "./history_file.ts";
import { PREDICTIONS_FILE, readPredictions } from "./predictions_file.ts";
import {
  CONFIG_FILE,
  type DatasetConfig,
  descriptionIn,
  readRunConfig,
  type RunConfig,
} from "./run_config.ts";
import { RUN_REMEDY } from "./run_remedy.ts";

/** One finished run of one experiment. */
export interface Run {
  /** The run's folder. */
  readonly folder: string;
  readonly experiment: ExperimentDescription;
  readonly seed: number;
  readonly config: RunConfig;
  /** One row per epoch. */
  readonly history: readonly HistoryRow[];
  readonly predictions: PredictionTable;
}

/** The runs in a results folder. */
export interface RunsFound {
  /** In the order of the experiments, then of the seeds. */
  readonly finished: readonly Run[];
  /** Folders of runs without predictions yet, relative to the results folder. */
  readonly unfinished: readonly string[];
}

/**
 * Reads all runs in a results folder and checks that they belong together.
 *
 * @param order names of the experiments listed first, in this order; others follow by name
 * @throws {Error} that names file and value if there is no finished run, if a file is missing or
 *   damaged, or if runs differ in data set, profile or test pictures.
 */
export async function readRuns(
  resultsFolder: string,
  order: readonly string[] = [],
): Promise<RunsFound> {
  const found = await findRuns(resultsFolder, order);
  if (found.finished.length > 0) return found;
  throw new Error(
    `${resultsFolder}: no finished run there (looked for <experiment>/seed-<n>/` +
      `${PREDICTIONS_FILE}); make one with \`deno task reproduce --out ${resultsFolder}\``,
  );
}

/** The same as {@linkcode readRuns}, also if there is no finished run. */
export async function findRuns(
  resultsFolder: string,
  order: readonly string[],
): Promise<RunsFound> {
  const finished: Run[] = [];
  const unfinished: string[] = [];
  for (const experiment of inOrder(await foldersIn(resultsFolder), order)) {
    for (const seed of await seedsIn(join(resultsFolder, experiment))) {
      const folder = runFolder(experiment, seed);
      if (isFile(join(resultsFolder, folder, PREDICTIONS_FILE))) {
        const run = await readRun(join(resultsFolder, folder));
        const file = join(resultsFolder, folder, CONFIG_FILE);
        requireEqual(file, "experiment", run.experiment.name, experiment, "its folder");
        requireEqual(file, "seed", run.seed, seed, "its folder");
        finished.push(run);
      } else {
        unfinished.push(folder);
      }
    }
  }
  for (const run of finished.slice(1)) requireComparable(resultsFolder, finished[0]!, run);
  return { finished, unfinished };
}

/** A run's folder inside its results folder. */
export function runFolder(experiment: string, seed: number): string {
  return join(experiment, `seed-${seed}`);
}

/**
 * Reads one finished run and checks that its files agree.
 *
 * @throws {Error} that names file and value if a file is missing or damaged
 */
export async function readRun(folder: string): Promise<Run> {
  const configFile = join(folder, CONFIG_FILE);
  const predictionsFile = join(folder, PREDICTIONS_FILE);
  const historyFile = join(folder, HISTORY_FILE);
  const fittedScoresFile = join(folder, FITTED_SCORES_FILE);
  const config = await readRunConfig(configFile);
  const experiment = descriptionIn(config);
  const labels = networkLabels(config.dataset.groups, hasNaOutput(experiment));
  requireEqual(
    configFile,
    "labels",
    JSON.stringify(config.labels),
    JSON.stringify(labels),
    "its data set",
  );
  const table = await readPredictions(predictionsFile, experiment);
  requireEqual(
    predictionsFile,
    "outputs",
    JSON.stringify(table.labels),
    JSON.stringify(labels),
    configFile,
  );
  requireTestPictures(predictionsFile, table, config, configFile);
  const fitted = await readFittedScores(
    fittedScoresFile,
    table.predictions.map(({ path }) => path),
  );
  const predictions = fitted.size === 0 ? table : {
    ...table,
    predictions: table.predictions.map((prediction) => ({
      ...prediction,
      fittedScores: fitted.get(prediction.path)!,
    })),
  };
  const history = await readHistory(historyFile, config.profile.phases);
  requireTrainingTime(configFile, config, history);
  if (config.digests !== undefined) {
    const paths = {
      predictions: predictionsFile,
      history: historyFile,
      fittedScores: fittedScoresFile,
    };
    await requireUnedited(paths, config.digests);
  }
  return { folder, experiment, seed: config.seed, config, history, predictions };
}

/**
 * The properties that define a data set: without its folder, the reason for a substitution, and the
 * files left out.
 */
export function comparableDataset(dataset: DatasetConfig): DatasetConfig {
  const { folder: _folder, substitution: _substitution, leftOut: _leftOut, ...comparable } =
    dataset;
  return comparable;
}

function inOrder(names: readonly string[], order: readonly string[]): string[] {
  const place = (name: string) => order.includes(name) ? order.indexOf(name) : order.length;
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function seedsIn(experimentFolder: string): Promise<number[]> {
  return (await foldersIn(experimentFolder))
    .flatMap((name) => /^seed-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
    .sort((a, b) => a - b);
}

function requireTestPictures(
  predictionsFile: string,
  { predictions }: PredictionTable,
  { dataset }: RunConfig,
  configFile: string,
): void {
  for (const { group, category, path } of predictions) {
    if (!dataset.groups[group].includes(category)) {
      throw new Error(
        `${predictionsFile}: ${path} is of the ${group} category "${category}", ` +
          `which ${configFile} does not have; ${RUN_REMEDY}`,
      );
    }
  }
  const counts = imagesPerGroup(predictions);
  for (const group of GROUPS) {
    const what = `number of ${group} pictures`;
    requireEqual(predictionsFile, what, counts[group], dataset.counts.test[group], configFile);
  }
}

/**
 * Relative rounding error of the sum of the epochs' seconds, which history.csv has with six digits.
 */
const ROUNDING = 1e-5;

function requireTrainingTime(
  configFile: string,
  { time: { trainingSeconds } }: RunConfig,
  history: readonly HistoryRow[],
): void {
  const sum = history.reduce((sum, { seconds }) => sum + seconds, 0);
  if (Math.abs(sum - trainingSeconds) <= ROUNDING * sum) return;
  const what = "time.trainingSeconds";
  requireEqual(configFile, what, trainingSeconds, sum, `the epochs of ${HISTORY_FILE}`);
}

function requireEqual(
  file: string,
  what: string,
  found: string | number,
  expected: string | number,
  source: string,
): void {
  if (found !== expected) {
    throw new Error(`${file}: ${what} is ${found}, but ${source} says ${expected}; ${RUN_REMEDY}`);
  }
}

function requireComparable(resultsFolder: string, first: Run, other: Run): void {
  const fileOf = ({ experiment, seed }: Run, name: string) =>
    join(resultsFolder, runFolder(experiment.name, seed), name);
  const shared = {
    dataset: ({ config }: Run) => comparableDataset(config.dataset),
    profile: ({ config }: Run) => config.profile,
  };
  for (const [part, of] of Object.entries(shared)) {
    if (isDeepStrictEqual(of(first), of(other))) continue;
    throw new Error(
      `${fileOf(other, CONFIG_FILE)}: its ${part} is not that of ` +
        `${fileOf(first, CONFIG_FILE)}; runs of one report must share it, so move one away`,
    );
  }
  const paths = (run: Run) => run.predictions.predictions.map(({ path }) => path).sort();
  const expected = paths(first);
  const stray = paths(other).find((path, index) => path !== expected[index]);
  if (stray === undefined) return;
  throw new Error(
    `${fileOf(other, PREDICTIONS_FILE)}: tests other pictures than ` +
      `${fileOf(first, PREDICTIONS_FILE)}, for example ${stray}; ${RUN_REMEDY}`,
  );
}
