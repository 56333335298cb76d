/**
 * The files in a run's folder, and when a run counts as finished.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import type { RunningBackend } from "../backend/start_backend.ts";
import { catalogueEntry } from "../data/catalogue.ts";
import { countByGroup, type Dataset, type UnusableFile } from "../data/dataset.ts";
import { networkLabels } from "../data/labels.ts";
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from "../data/network_input.ts";
import { decidedLabels } from "../evaluation/decisions.ts";
import {
  describe,
  type Experiment,
  type ExperimentDescription,
  hasNaOutput,
} from "../experiments.ts";
import { sha256 } from "../files/digest.ts";
import { nameInProject } from "../files/in_project.ts";
import { AtomicFile, removeTemporaryFiles, writeWholeFile } from "../files/whole_file.ts";
import { exists, isFile } from "../files/path_kind.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import type { Network } from "../model/network.ts";
import { MODEL_FILE, saveModel } from "../model/saved_model.ts";
import type { SavedPrecision } from "../model/saved_network.ts";
import type { Score } from "../scores/score.ts";
import { tryCheckpoint } from "../training/checkpoint.ts";
import type { HistoryRow } from "../training/history.ts";
import { type Definitions, definitionsOf, scoreDefinition } from "./definitions.ts";
import { fileDigest } from "./file_digests.ts";
import { FITTED_SCORES_FILE, type FittedScores, writeFittedScores } from "./fitted_scores_file.ts";
import { HISTORY_FILE, writeHistory } from "./history_file.ts";
import { PREDICTIONS_FILE, predictionsText } from "./predictions_file.ts";
import { MODEL_FOLDER } from "./model_folder.ts";
import { machine, versions } from "./provenance.ts";
import { comparableDataset, readRun, runFolder } from "./read_runs.ts";
import {
  asJson,
  CONFIG_FILE,
  type DatasetConfig,
  descriptionIn,
  readRunConfig,
  writeRunConfig,
} from "./run_config.ts";
import type { RunSpace } from "./space.ts";

/** The checkpoint from which training continues; deleted when the run is finished. */
const CHECKPOINT_FILE = "checkpoint.bin";

/** An experiment with a seed, and the folder for its files. */
export interface PlannedRun {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly folder: string;
  /** The checkpoint's path. */
  readonly checkpoint: string;
  /** Its title in messages, for example `bcena, seed 1`. */
  readonly title: string;
}

/** All experiments with the first seed, then with the second, and so on. */
export function planRuns(
  out: string,
  experiments: readonly Experiment[],
  seeds: readonly number[],
): PlannedRun[] {
  return seeds.flatMap((seed) =>
    experiments.map((experiment) => {
      const folder = join(out, runFolder(experiment.name, seed));
      const checkpoint = join(folder, CHECKPOINT_FILE);
      return { experiment, seed, folder, checkpoint, title: `${experiment.name}, seed ${seed}` };
    })
  );
}

/**
 * The state of a run, judged by its files. Results from version control have no networks.
 */
export function stateOf({ folder, checkpoint }: PlannedRun) {
  if (!isFile(join(folder, PREDICTIONS_FILE))) return "unfinished";
  if (!isFile(join(folder, MODEL_FOLDER, MODEL_FILE))) return "without network";
  return isFile(checkpoint) ? "unfinished" : "finished";
}

/**
 * The unusable pictures that a run with predictions left out.
 *
 * @throws {Error} if its configuration is missing or damaged
 */
export async function leftOutOf({ folder }: PlannedRun): Promise<readonly UnusableFile[]> {
  const { dataset } = await readRunConfig(join(folder, CONFIG_FILE));
  return dataset.leftOut ?? [];
}

/**
 * Requires that a run with predictions has this experiment and data set, and that its files are
 * intact.
 *
 * @throws {Error} if it has not; the message names the file and the way out
 */
export async function requireSameRun(
  { folder, experiment, seed }: PlannedRun,
  dataset: Dataset,
  scores: readonly Score[],
): Promise<void> {
  const { config, predictions: { predictions } } = await readRun(folder);
  const configFile = join(folder, CONFIG_FILE);
  const remedy = "choose another folder (--out), or train it again (--fresh, in a notebook " +
    "fresh: true)";
  const there = descriptionIn(config);
  const here = describe(experiment);
  const own = comparableDataset(datasetConfig(dataset));
  const saved = config.definitions ?? {};
  const definitions = await definitionsOf(experiment, config.labels.length, []);
  const decided = decidedLabels(
    config.labels,
    predictions.map(({ scores }) => scores),
    experiment.decision,
  );
  const stray = scores.find((score) =>
    predictions[0]?.fittedScores?.[score.name] !== undefined &&
    saved.scores?.[score.name] !== scoreDefinition(score)
  );
  const compared: readonly [what: string, name: string, there: unknown, here: unknown][] = [
    ["data set", config.dataset.name, comparableDataset(config.dataset), own],
    ["profile", config.profile.name, config.profile, experiment.profile],
    ["seed", String(config.seed), config.seed, seed],
    ["network", there.network.name, there.network, here.network],
    ["loss", there.loss.name, there.loss, here.loss],
    ["decision", there.decision, there.decision, here.decision],
    ["start", startText(there), there.start, here.start],
    ["start", startText(there), saved.start, definitions.start],
    ["definition", there.name, there, here],
    ["network", there.network.name, saved.network, definitions.network],
    ["loss", there.loss.name, saved.loss, definitions.loss],
    ["decision", there.decision, predictions.map(({ predicted }) => predicted), decided],
    ["definition of a score", stray?.name ?? "", stray?.name, undefined],
  ];
  for (const [what, name, found, wanted] of compared) {
    if (isDeepStrictEqual(found, wanted === undefined ? wanted : asJson(wanted))) continue;
    const renaming = ["data set", "profile", "seed"].includes(what)
      ? ""
      : "give the experiment another name, ";
    throw new Error(
      `${configFile}: a finished run with another ${what} (${name}); ${renaming}${remedy}`,
    );
  }
  const pathsOf = (pictures: readonly { path: string }[]) =>
    pictures.map(({ path }) => path).sort().join("\n");
  if (pathsOf(predictions) !== pathsOf(dataset.splits.test)) {
    throw new Error(`${folder}: a finished run with other test pictures; ${remedy}`);
  }
}

/**
 * Prepares the run's folder, and tests whether files can be written there. Call only while holding
 * the results folder's lock: temporary files are treated as leftovers of killed processes, and
 * removed.
 *
 * @param fresh whether existing files will be deleted first
 * @throws {Error} if files cannot be written there, or there is no room for the checkpoint; names
 *   the file and the way out
 */
export async function prepareFolder(
  { folder, checkpoint }: PlannedRun,
  { checkpoint: bytes }: RunSpace,
  fresh: boolean,
): Promise<void> {
  await tryCheckpoint(checkpoint, bytes);
  const model = join(folder, MODEL_FOLDER);
  if (exists(model) && !fresh) {
    const probe = await AtomicFile.create(join(model, MODEL_FILE));
    await probe.discard();
  }
  await removeTemporaryFiles(folder);
}

/** The result of a run. */
export interface RunOutcome {
  readonly dataset: Dataset;
  readonly backend: RunningBackend;
  /** The trained network. */
  readonly network: Network;
  readonly history: readonly HistoryRow[];
  /** One row per test picture, one logit per network label. */
  readonly logits: readonly Float32Array[];
  /** Fitted scores of the test pictures; empty if no score is fitted. */
  readonly fittedScores: FittedScores;
  readonly testSeconds: number;
  readonly definitions: Definitions;
  /** The precision of the saved network. */
  readonly precision: SavedPrecision;
}

/**
 * Writes the files of a completed run, replacing existing ones, and deletes its checkpoint. If this
 * is interrupted, there are no predictions, so the run does not count as finished.
 *
 * @throws {Error} if a file cannot be written; the checkpoint is kept
 */
export async function writeRun(run: PlannedRun, outcome: RunOutcome): Promise<void> {
  const { experiment, seed, folder, checkpoint } = run;
  const { dataset, backend, network, history, logits, fittedScores, testSeconds } = outcome;
  const { definitions, precision } = outcome;
  const { name, ...description } = describe(experiment);
  const labels = networkLabels(dataset.groups, hasNaOutput(description));
  const predictions = join(folder, PREDICTIONS_FILE);
  const fitted = join(folder, FITTED_SCORES_FILE);
  await removeIfPresent(predictions);
  await removeIfPresent(fitted);
  const metadata = {
    experiment: name,
    labels,
    categoryNames: dataset.categoryNames,
    size: experiment.profile.size,
    ...(experiment.profile.crop ? { crop: true } : {}),
    activation: description.activation,
    decision: description.decision,
    mean: IMAGENET_MEAN,
    deviation: IMAGENET_DEVIATION,
  };
  await saveModel(join(folder, MODEL_FOLDER), network, metadata, precision);
  await writeHistory(join(folder, HISTORY_FILE), history);
  const images = dataset.splits.test;
  if (Object.keys(fittedScores).length > 0) {
    await writeFittedScores(fitted, images.map(({ path }) => path), fittedScores);
  }
  const outputs = { labels, images, logits };
  const table = predictionsText(predictions, description, experiment.decision, outputs);
  await writeRunConfig(
    join(folder, CONFIG_FILE),
    asJson({
      experiment: name,
      ...description,
      dataset: datasetConfig(dataset),
      profile: experiment.profile,
      seed,
      labels,
      definitions: Object.keys(definitions).length === 0 ? undefined : definitions,
      digests: {
        predictions: sha256(table),
        history: await fileDigest(join(folder, HISTORY_FILE)),
        fittedScores: await fileDigest(fitted),
      },
      backend,
      versions: versions(),
      machine: machine(),
      time: {
        finished: new Date().toISOString(),
        trainingSeconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
        testSeconds,
      },
    }),
  );
  await writeWholeFile(predictions, table);
  await removeIfPresent(checkpoint);
}

function startText({ start }: Pick<ExperimentDescription, "start">): string {
  const entries = Object.entries(start).map(([group, origin]) => `${group} from ${origin}`);
  return entries.length === 0 ? "all at random" : entries.join(", ");
}

function datasetConfig(dataset: Dataset): DatasetConfig {
  const { name, root, groups, categoryNames, splits, leftOut, substitution } = dataset;
  return {
    name,
    folder: catalogueEntry(name) === undefined ? nameInProject(root) : undefined,
    groups,
    counts: countByGroup(splits),
    categoryNames,
    leftOut: leftOut.length === 0 ? undefined : leftOut,
    substitution,
  };
}
