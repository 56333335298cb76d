/**
 * The finished runs in a results folder: `<experiment>/seed-<n>/` with predictions, history and
 * configuration.
 *
 * @module
 */
import { join } from "@std/path";
import { networkLabels } from "../data/categories.ts";
import type { PredictionTable } from "../evaluation/predictions.ts";
import { type Experiment, EXPERIMENTS } from "../experiments.ts";
import { isFile } from "../files/path_kind.ts";
import type { HistoryRow } from "../training/history.ts";
import { HISTORY_FILE, readHistory } from "./history_file.ts";
import { PREDICTIONS_FILE, readPredictions } from "./predictions_file.ts";
import { CONFIG_FILE, readRunConfig, type RunConfig, WAY_OUT } from "./run_config.ts";

/** One finished run of one experiment. */
export interface Run {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly config: RunConfig;
  /** One row per epoch. */
  readonly history: readonly HistoryRow[];
  readonly predictions: PredictionTable;
}

/** What a results folder holds. */
export interface RunsFound {
  /** In the order of the experiments, then of the seeds; at least one. */
  readonly finished: readonly Run[];
  /** Folders of runs without predictions yet, relative to the results folder. */
  readonly unfinished: readonly string[];
}

/**
 * Reads all runs in a results folder and checks that they belong together.
 *
 * @throws {Error} that names file and value if there is no finished run, if a file is missing or
 *   damaged, or if runs differ in data set, profile or test pictures.
 */
export async function readRuns(runDirectory: string): Promise<RunsFound> {
  const finished: Run[] = [];
  const unfinished: string[] = [];
  for (const experiment of EXPERIMENTS) {
    for (const seed of await seedsIn(join(runDirectory, experiment.name))) {
      const folder = runFolder(experiment.name, seed);
      if (isFile(join(runDirectory, folder, PREDICTIONS_FILE))) {
        finished.push(await readRun(join(runDirectory, folder), experiment, seed));
      } else {
        unfinished.push(folder);
      }
    }
  }
  if (finished.length === 0) {
    throw new Error(
      `${runDirectory}: no finished run there (looked for <experiment>/seed-<n>/` +
        `${PREDICTIONS_FILE}); make one with \`deno task reproduce --out ${runDirectory}\``,
    );
  }
  for (const run of finished.slice(1)) requireSameSetting(runDirectory, finished[0]!, run);
  return { finished, unfinished };
}

/** A run's folder inside its results folder. */
export function runFolder(experiment: string, seed: number): string {
  return join(experiment, `seed-${seed}`);
}

async function seedsIn(experimentFolder: string): Promise<number[]> {
  const seeds: number[] = [];
  try {
    for await (const entry of Deno.readDir(experimentFolder)) {
      const match = entry.isDirectory ? /^seed-(\d+)$/.exec(entry.name) : null;
      if (match) seeds.push(Number(match[1]));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return seeds.sort((a, b) => a - b);
}

async function readRun(folder: string, experiment: Experiment, seed: number): Promise<Run> {
  const configFile = join(folder, CONFIG_FILE);
  const predictionsFile = join(folder, PREDICTIONS_FILE);
  const config = await readRunConfig(configFile);
  requireEqual(configFile, "experiment", config.experiment, experiment.name, "its folder");
  requireEqual(configFile, "seed", config.seed, seed, "its folder");
  const labels = networkLabels(config.dataset.groups, experiment.naClass);
  requireEqual(configFile, "labels", config.labels.join(), labels.join(), "its data set");
  const predictions = await readPredictions(predictionsFile, experiment);
  requireEqual(
    predictionsFile,
    "score columns",
    predictions.labels.join(),
    labels.join(),
    configFile,
  );
  requireTestPictures(predictionsFile, predictions, config, configFile);
  const history = await readHistory(join(folder, HISTORY_FILE));
  return { experiment, seed, config, history, predictions };
}

function requireTestPictures(
  predictionsFile: string,
  { predictions }: PredictionTable,
  { dataset }: RunConfig,
  configFile: string,
): void {
  const counts = { known: 0, unknown: 0, unseen: 0 };
  for (const { group, category, path } of predictions) {
    counts[group]++;
    if (!dataset.groups[group].includes(category)) {
      throw new Error(
        `${predictionsFile}: ${path} is of the ${group} category "${category}", ` +
          `which ${configFile} does not have; ${WAY_OUT}`,
      );
    }
  }
  for (const group of ["known", "unknown", "unseen"] as const) {
    const what = `number of ${group} pictures`;
    requireEqual(predictionsFile, what, counts[group], dataset.counts.test[group], configFile);
  }
}

function requireEqual(
  file: string,
  what: string,
  found: string | number,
  expected: string | number,
  source: string,
): void {
  if (found !== expected) {
    throw new Error(`${file}: ${what} is ${found}, but ${source} says ${expected}; ${WAY_OUT}`);
  }
}

function requireSameSetting(runDirectory: string, first: Run, other: Run): void {
  const fileOf = (run: Run, name: string) =>
    join(runDirectory, runFolder(run.experiment.name, run.seed), name);
  const settings = (run: Run) => {
    // The same pictures are the same data set, whether they were asked for or not, and whatever
    // lay beside them.
    const { substitution: _substitution, leftOut: _leftOut, ...dataset } = run.config.dataset;
    return { dataset, profile: run.config.profile };
  };
  for (const field of ["dataset", "profile"] as const) {
    if (canonicalJson(settings(first)[field]) !== canonicalJson(settings(other)[field])) {
      throw new Error(
        `${fileOf(other, CONFIG_FILE)}: its ${field} is not that of ` +
          `${fileOf(first, CONFIG_FILE)}; runs of one report must share it, so move one away`,
      );
    }
  }
  const paths = (run: Run) => run.predictions.predictions.map(({ path }) => path).sort();
  const expected = paths(first);
  const stray = paths(other).findIndex((path, index) => path !== expected[index]);
  if (stray >= 0) {
    throw new Error(
      `${fileOf(other, PREDICTIONS_FILE)}: tests other pictures than ` +
        `${fileOf(first, PREDICTIONS_FILE)}, for example ${paths(other)[stray]}; ${WAY_OUT}`,
    );
  }
}

/** JSON with the keys of every object in sorted order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}
