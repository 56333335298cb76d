/**
 * Running experiments: data -> training -> predictions -> files.
 *
 * @module
 */
import { join } from "@std/path";
import { isDeepStrictEqual } from "node:util";
import type { RunningBackend } from "./backend/select.ts";
import { evaluationBatches, trainingBatches } from "./data/batches.ts";
import { networkLabels } from "./data/categories.ts";
import { countByGroup, type Dataset } from "./data/dataset.ts";
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from "./data/network_input.ts";
import { openPixelCache, type PixelCache } from "./data/pixel_cache.ts";
import { showProgress as showDecoding } from "./data/progress.ts";
import { imagesOfGroups, labelOf } from "./data/splits.ts";
import type { Experiment } from "./experiments.ts";
import { MODEL_FILE, saveLayersModel } from "./model/layers_format.ts";
import { XResNet } from "./model/xresnet.ts";
import type { Profile } from "./profiles.ts";
import { machine, versions } from "./provenance.ts";
import { HISTORY_FILE, writeHistory } from "./report/history_file.ts";
import { PREDICTIONS_FILE, writePredictions } from "./report/predictions_file.ts";
import {
  CONFIG_FILE,
  type DatasetConfig,
  readRunConfig,
  writeRunConfig,
} from "./report/run_config.ts";
import { runFolder } from "./report/runs.ts";
import type { HistoryRow } from "./training/history.ts";
import { predict } from "./training/predict.ts";
import { durationText, showProgress as showTraining } from "./training/progress.ts";
import { train } from "./training/trainer.ts";

/** Which experiments to run, on what, and where their results go. */
export interface Reproduction {
  readonly dataset: Dataset;
  readonly profile: Profile;
  readonly experiments: readonly Experiment[];
  /** Every experiment is run once with each. */
  readonly seeds: readonly number[];
  /** The backend that is current. */
  readonly backend: RunningBackend;
  /** The results folder. */
  readonly out: string;
  /** Where decoded pictures are kept, if not in `data/cache`. */
  readonly cacheFolder?: string;
  /** Whether to delete what earlier runs of these experiments and seeds left, and begin anew. */
  readonly fresh: boolean;
  /** Stops after the current training step; what was trained is kept. */
  readonly signal?: AbortSignal;
  /** Told in one line what begins or is left out. */
  readonly log: (line: string) => void;
}

/** The checkpoint's name inside a run's folder; deleted when the run is finished. */
const CHECKPOINT_FILE = "checkpoint.bin";
/** The trained network's folder inside a run's folder. */
const MODEL_FOLDER = "model";

/**
 * Trains and tests every experiment with every seed, and leaves each run's model, history,
 * predictions and configuration in `<out>/<experiment>/seed-<n>/`. Finished runs are kept as they
 * are, interrupted ones are continued. A run without its model, as results come out of version
 * control, is not finished: it is trained again, and its files stay until the new ones replace them.
 *
 * @throws {Interrupted} if the signal stopped a training
 * @throws {Error} if a finished run there is of another data set or profile, or if anything that
 * the runs need cannot be had
 */
export async function runExperiments(reproduction: Reproduction): Promise<void> {
  const { dataset, profile, experiments, seeds, cacheFolder } = reproduction;
  const { train, test } = dataset.splits;
  const cache = await openPixelCache({
    root: dataset.root,
    images: [...train, ...test],
    size: profile.size,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    progress: showDecoding("decoding", "pictures"),
  });
  try {
    for (const seed of seeds) {
      for (const experiment of experiments) await runOnce(reproduction, cache, experiment, seed);
    }
  } finally {
    cache.close();
  }
}

async function runOnce(
  reproduction: Reproduction,
  cache: PixelCache,
  experiment: Experiment,
  seed: number,
): Promise<void> {
  const { dataset, profile, out, fresh, log } = reproduction;
  const folder = join(out, runFolder(experiment.name, seed));
  const title = `${experiment.name}, seed ${seed}`;
  if (fresh) await removeFolder(folder);
  if (await isFile(join(folder, PREDICTIONS_FILE))) {
    await requireSameSetting(folder, dataset, profile);
    if (await isFile(join(folder, MODEL_FOLDER, MODEL_FILE))) {
      log(`${title}: finished earlier, kept (--fresh trains it again)`);
      return;
    }
    log(`${title}: results are here, but not the network behind them; training it`);
  }
  await Deno.mkdir(folder, { recursive: true });

  const labels = networkLabels(dataset.groups, experiment.naClass);
  const network = new XResNet(profile.network, labels.length, seed);
  try {
    const history = await trainNetwork(reproduction, cache, experiment, seed, network, folder);
    await saveLayersModel(join(folder, MODEL_FOLDER), network, {
      experiment: experiment.name,
      labels,
      size: profile.size,
      activation: experiment.activation,
      decision: experiment.decision,
      mean: IMAGENET_MEAN,
      deviation: IMAGENET_DEVIATION,
    });
    const startOfTest = performance.now();
    const scores = await testNetwork(reproduction, cache, experiment, network);
    const testSeconds = (performance.now() - startOfTest) / 1000;

    await writeHistory(join(folder, HISTORY_FILE), history);
    await writeRunConfig(join(folder, CONFIG_FILE), {
      experiment: experiment.name,
      dataset: datasetConfig(dataset),
      profile: profileConfig(profile),
      seed,
      labels,
      backend: reproduction.backend,
      versions: versions(),
      machine: machine(),
      time: {
        finished: new Date().toISOString(),
        trainingSeconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
        testSeconds,
      },
    });
    // Last, because it is what marks the run as finished.
    await writePredictions(join(folder, PREDICTIONS_FILE), experiment, {
      labels,
      images: dataset.splits.test,
      scores,
    });
    await Deno.remove(join(folder, CHECKPOINT_FILE));
    log(`${title}: tested ${scores.length} pictures in ${durationText(testSeconds)}`);
  } finally {
    network.dispose();
  }
}

async function trainNetwork(
  { dataset, profile, signal, log }: Reproduction,
  cache: PixelCache,
  experiment: Experiment,
  seed: number,
  network: XResNet,
  folder: string,
): Promise<HistoryRow[]> {
  const labels = networkLabels(dataset.groups, experiment.naClass);
  const select = (all: Dataset["splits"]["train"]) => {
    const images = imagesOfGroups(all, experiment.trainingGroups);
    return { images, labels: images.map((image) => labelOf(image, labels)) };
  };
  const { batchSize } = profile;
  const trained = select(dataset.splits.train);
  const validated = select(dataset.splits.test);
  using training = trainingBatches({ cache, ...trained, batchSize, seed });
  using validation = evaluationBatches({ cache, ...validated, batchSize });
  const title = `${experiment.name}, seed ${seed}`;
  log(`${title}: training on ${trained.images.length} pictures`);
  const progress = showTraining(title);
  try {
    return await train({
      network,
      experiment,
      profile,
      seed,
      training,
      validation,
      checkpoint: join(folder, CHECKPOINT_FILE),
      signal,
      onProgress: progress.onProgress,
      onEpoch: progress.onEpoch,
    });
  } finally {
    progress.stop();
  }
}

async function testNetwork(
  { dataset, profile, signal }: Reproduction,
  cache: PixelCache,
  experiment: Experiment,
  network: XResNet,
): Promise<Float32Array[]> {
  const images = dataset.splits.test;
  const labels = networkLabels(dataset.groups, experiment.naClass);
  using test = evaluationBatches({
    cache,
    images,
    labels: images.map((image) => labelOf(image, labels)),
    batchSize: profile.batchSize,
  });
  return await predict(network, experiment.activation, test, signal);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function requireSameSetting(
  folder: string,
  dataset: Dataset,
  profile: Profile,
): Promise<void> {
  const path = join(folder, CONFIG_FILE);
  const config = await readRunConfig(path);
  for (
    const [what, there, asked] of [
      ["data set", config.dataset, datasetConfig(dataset)],
      ["profile", config.profile, profileConfig(profile)],
    ] as const
  ) {
    if (!isDeepStrictEqual(there, asked)) {
      throw new Error(
        `${path}: a finished run with another ${what} (${there.name}); choose another folder with ` +
          "--out, or train it again with --fresh",
      );
    }
  }
}

function datasetConfig({ name, groups, categoryNames, splits }: Dataset): DatasetConfig {
  return {
    name,
    groups: {
      known: [...groups.known],
      unknown: [...groups.unknown],
      unseen: [...groups.unseen],
    },
    counts: countByGroup(splits),
    categoryNames: { ...categoryNames },
  };
}

/** The profile as it reads after a trip through JSON. */
function profileConfig(profile: Profile): Profile & Record<string, unknown> {
  return JSON.parse(JSON.stringify(profile));
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
