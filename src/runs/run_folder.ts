/**
 * What a run leaves in its folder, and when it counts as finished.
 *
 * @module
 */
import { join } from "@std/path";
import { isDeepStrictEqual } from "node:util";
import type { RunningBackend } from "../backend/start_backend.ts";
import { networkLabels } from "../data/categories.ts";
import { countByGroup, type Dataset, type UnusableFile } from "../data/dataset.ts";
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from "../data/network_input.ts";
import type { Experiment } from "../experiments.ts";
import { AtomicFile, removeTemporaryFiles } from "../files/atomic_file.ts";
import { isFile } from "../files/path_kind.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import type { Network } from "../model/network.ts";
import { MODEL_FILE, saveModel } from "../model/saved_model.ts";
import { type Profile, totalEpochs } from "../profiles.ts";
import { machine, versions } from "./provenance.ts";
import { HISTORY_FILE, readHistory, writeHistory } from "./history_file.ts";
import { PREDICTIONS_FILE, readPredictions, writePredictions } from "./predictions_file.ts";
import {
  CONFIG_FILE,
  type DatasetConfig,
  readRunConfig,
  type RunConfig,
  writeRunConfig,
} from "./run_config.ts";
import { runFolder } from "./read_runs.ts";
import type { HistoryRow } from "../training/history.ts";

/** The trained network's folder inside a run's folder. */
export const MODEL_FOLDER = "model";

/** What training continues from; deleted when the run is finished. */
const CHECKPOINT_FILE = "checkpoint.bin";

/** An experiment with a seed, and the folder for its files. */
export interface PlannedRun {
  readonly experiment: Experiment;
  readonly seed: number;
  readonly folder: string;
  /** The checkpoint's path. */
  readonly checkpoint: string;
  /** For messages, for example `bcena, seed 1`. */
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
 * How far a run is: it has its predictions, and its network as well. Results come out of version
 * control without their networks.
 */
export type RunState = "unfinished" | "without network" | "finished";

/** Looks at which files a run has left; does not look into them. */
export function stateOf({ folder, checkpoint }: PlannedRun): RunState {
  if (!isFile(join(folder, PREDICTIONS_FILE))) return "unfinished";
  if (!isFile(join(folder, MODEL_FOLDER, MODEL_FILE))) return "without network";
  return isFile(checkpoint) ? "unfinished" : "finished";
}

/**
 * The pictures that a run with predictions left out because they could not be used.
 *
 * @throws {Error} if its configuration is missing or damaged
 */
export async function leftOutOf({ folder }: PlannedRun): Promise<readonly UnusableFile[]> {
  const { dataset } = await readRunConfig(join(folder, CONFIG_FILE));
  return dataset.leftOut ?? [];
}

/**
 * Requires that a run with predictions is of this data set and profile, and that its files are
 * whole.
 *
 * @throws {Error} if it is not; the message names the file and the way out
 */
export async function requireSameSetting(
  { folder, experiment }: PlannedRun,
  dataset: Dataset,
  profile: Profile,
): Promise<void> {
  const configFile = join(folder, CONFIG_FILE);
  const historyFile = join(folder, HISTORY_FILE);
  const config = await readRunConfig(configFile);
  const history = await readHistory(historyFile);
  const { predictions } = await readPredictions(join(folder, PREDICTIONS_FILE), experiment);
  const wayOut = "choose another folder with --out, or train it again with --fresh";
  for (
    const [what, there, here] of [
      [
        "data set",
        settingOf(config.dataset),
        settingOf(datasetConfig(dataset)),
      ],
      ["profile", config.profile, profileConfig(profile)],
    ] as const
  ) {
    if (isDeepStrictEqual(there, here)) continue;
    throw new Error(
      `${configFile}: a finished run with another ${what} (${there.name}); ${wayOut}`,
    );
  }
  const pathsOf = (pictures: readonly { path: string }[]) =>
    pictures.map(({ path }) => path).sort();
  if (!isDeepStrictEqual(pathsOf(predictions), pathsOf(dataset.splits.test))) {
    throw new Error(`${folder}: a finished run with other test pictures; ${wayOut}`);
  }
  if (history.length !== totalEpochs(profile)) {
    throw new Error(
      `${historyFile}: ${history.length} epochs and not the profile's ${totalEpochs(profile)}; ` +
        wayOut,
    );
  }
}

/**
 * Makes the run's folder ready for its files. Only for who alone works in the results folder:
 * temporary files there are taken for those of killed processes, and removed.
 *
 * @throws {Error} if files cannot be written there; names the folder's checkpoint and the way out
 */
export async function prepareFolder({ folder, checkpoint }: PlannedRun): Promise<void> {
  const probe = await AtomicFile.create(checkpoint);
  await probe.discard();
  await removeTemporaryFiles(folder);
}

/** Deletes everything that the run has left. */
export async function removeRun({ folder }: PlannedRun): Promise<void> {
  await removeIfPresent(folder);
}

/** What comes of a run. */
export interface RunOutcome {
  readonly dataset: Dataset;
  readonly profile: Profile;
  readonly backend: RunningBackend;
  /** Trained. */
  readonly network: Network;
  readonly history: readonly HistoryRow[];
  /** One row per test picture, one score per network label. */
  readonly scores: readonly Float32Array[];
  readonly testSeconds: number;
}

/**
 * Writes the files of a run that is done, in place of those that are there, and deletes its
 * checkpoint. Where this ends half way there are no predictions, so that the run is not finished.
 *
 * @throws {Error} if a file cannot be written; the checkpoint is kept
 */
export async function writeRun(run: PlannedRun, outcome: RunOutcome): Promise<void> {
  const { experiment, seed, folder, checkpoint } = run;
  const { dataset, profile, backend, network, history, scores, testSeconds } = outcome;
  const labels = networkLabels(dataset.groups, experiment.naClass);
  const predictions = join(folder, PREDICTIONS_FILE);
  await removeIfPresent(predictions);
  await saveModel(join(folder, MODEL_FOLDER), network, {
    experiment: experiment.name,
    labels,
    categoryNames: dataset.categoryNames,
    size: profile.size,
    activation: experiment.activation,
    decision: experiment.decision,
    mean: IMAGENET_MEAN,
    deviation: IMAGENET_DEVIATION,
  });
  await writeHistory(join(folder, HISTORY_FILE), history);
  await writeRunConfig(join(folder, CONFIG_FILE), {
    experiment: experiment.name,
    dataset: datasetConfig(dataset),
    profile: profileConfig(profile),
    seed,
    labels,
    backend,
    versions: versions(),
    machine: machine(),
    time: {
      finished: new Date().toISOString(),
      trainingSeconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
      testSeconds,
    },
  });
  await writePredictions(predictions, experiment, { labels, images: dataset.splits.test, scores });
  await removeIfPresent(checkpoint);
}

function datasetConfig(dataset: Dataset): DatasetConfig {
  const { name, groups, categoryNames, splits, leftOut, substitution } = dataset;
  return {
    name,
    groups: {
      known: [...groups.known],
      unknown: [...groups.unknown],
      unseen: [...groups.unseen],
    },
    counts: countByGroup(splits),
    categoryNames: { ...categoryNames },
    ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map((file) => ({ ...file })) }),
    ...(substitution === undefined ? {} : { substitution }),
  };
}

/** Why a data set was chosen, and what was not used of it, does not change what a run learns. */
function settingOf(dataset: DatasetConfig): DatasetConfig {
  const { substitution: _substitution, leftOut: _leftOut, ...setting } = dataset;
  return setting;
}

/** The profile as it reads after a trip through JSON. */
function profileConfig(profile: Profile): RunConfig["profile"] {
  return JSON.parse(JSON.stringify(profile));
}
