/**
 * Running experiments: data -> training -> predictions -> files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { RunningBackend } from "./backend/start_backend.ts";
import { evaluationBatches, trainingBatches } from "./data/batches.ts";
import { networkLabels } from "./data/categories.ts";
import { type Dataset, leaveOut } from "./data/dataset.ts";
import { openPixelCache, type PixelCache } from "./data/pixel_cache.ts";
import { type Progress, showProgress as showDecoding } from "./data/progress.ts";
import { imagesOfGroups, labelOf } from "./data/splits.ts";
import { checkTrainingImages } from "./data/training_images.ts";
import type { Experiment } from "./experiments.ts";
import { lockFolder } from "./files/folder_lock.ts";
import type { Network } from "./model/network.ts";
import type { Profile } from "./profiles.ts";
import {
  leftOutOf,
  type PlannedRun,
  planRuns,
  prepareFolder,
  removeRun,
  requireSameSetting,
  stateOf,
  writeRun,
} from "./runs/run_folder.ts";
import type { HistoryRow } from "./training/history.ts";
import { predict } from "./training/inference.ts";
import {
  durationText,
  type ProgressDisplay,
  showProgress as showTraining,
} from "./training/terminal_display.ts";
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
  /** Whether to leave pictures out that cannot be used; otherwise they are an error. */
  readonly skipBad?: boolean;
  /** Whether to delete what earlier runs of these experiments and seeds left, and begin anew. */
  readonly fresh: boolean;
  /**
   * Whether a run is finished even without its network, as results come out of version control;
   * otherwise it is trained again, and its files stay until the new ones replace them.
   */
  readonly keepWithoutModel?: boolean;
  /** Shows decoding and training; on standard error if not given. */
  readonly display?: RunDisplay;
  /** Stops after the current training step; what was trained is kept. */
  readonly signal?: AbortSignal;
  /** Told in one line what begins or is left out. */
  readonly log: (line: string) => void;
}

/** How the long parts of runs are shown. */
export interface RunDisplay {
  /** Called once before the first training; hears of progress only if pictures must be decoded. */
  readonly decoding: () => Progress;
  /** Called for each run that trains, with its title, for example `bcena, seed 1`. */
  readonly training: (title: string) => ProgressDisplay;
}

/** How many of the pictures left out are logged. */
const SHOWN_FILES = 10;

const TERMINAL_DISPLAY: RunDisplay = {
  decoding: () => showDecoding("decoding", "pictures"),
  training: showTraining,
};

/**
 * Trains and tests every experiment with every seed, and leaves each run's model, history,
 * predictions and configuration in `<out>/<experiment>/seed-<n>/`. Finished runs are kept as they
 * are, interrupted ones are continued. Where none is left to do, no picture is decoded and nothing
 * is written; else no other process may do the same in the results folder until this ends.
 *
 * @throws {Interrupted} if the signal stopped a training; its reason if it stopped something else
 * @throws {Error} if a finished run there is damaged or of another data set or profile, if another
 * process works in the results folder, or if anything that the runs need cannot be had
 */
export async function runExperiments(reproduction: Reproduction): Promise<void> {
  const { out, signal } = reproduction;
  const { finished, runs } = await findRuns(reproduction);
  if (runs.length === 0) return;
  checkTraining(reproduction, runs);
  noteUntaught(reproduction, runs);
  using _lock = lockFolder(out);
  const cache = await openCache(reproduction);
  try {
    const usable = withoutLeftOut(reproduction, cache);
    for (const run of finished) await requireSameSetting(run, usable.dataset, usable.profile);
    checkTraining(usable, runs);
    // Before hours of training, not after.
    for (const run of runs) await prepareFolder(run);
    for (const run of runs) {
      signal?.throwIfAborted();
      await complete(run, usable, cache);
    }
  } finally {
    cache.close();
  }
}

/** The runs that are finished, and those that are left to do. */
async function findRuns(
  { dataset, profile, experiments, seeds, out, fresh, keepWithoutModel, log }: Reproduction,
): Promise<{ finished: PlannedRun[]; runs: PlannedRun[] }> {
  const planned = planRuns(out, experiments, seeds);
  if (fresh) return { finished: [], runs: planned };
  const finished: PlannedRun[] = [];
  const runs: PlannedRun[] = [];
  for (const run of planned) {
    const state = stateOf(run);
    if (state !== "unfinished") {
      // Which pictures cannot be used is known only when they are decoded; the run knew it.
      const seen = leaveOut(dataset, await leftOutOf(run));
      await requireSameSetting(run, seen, profile);
    }
    if (state === "finished" || (state === "without network" && keepWithoutModel)) {
      log(`${run.title}: finished earlier, kept (--fresh trains it again)`);
      finished.push(run);
      continue;
    }
    if (state === "without network") {
      log(`${run.title}: results are here, but not the network behind them; training it`);
    }
    runs.push(run);
  }
  return { finished, runs };
}

function checkTraining({ dataset, profile }: Reproduction, runs: readonly PlannedRun[]): void {
  for (const { experiment } of runs) checkTrainingImages(dataset, experiment, profile.batchSize);
}

function noteUntaught({ dataset, log }: Reproduction, runs: readonly PlannedRun[]): void {
  const untaught = runs.map(({ experiment }) => experiment).filter(({ naClass }) => naClass);
  if (untaught.length === 0 || dataset.groups.unknown.length > 0) return;
  const names = [...new Set(untaught.map(({ name }) => name))];
  log(`no category is unknown: ${names.join(" and ")} will not be taught what na is`);
}

/** The same with those pictures alone that can be used. */
function withoutLeftOut(reproduction: Reproduction, { leftOut }: PixelCache): Reproduction {
  const { dataset, log } = reproduction;
  for (const { path, reason } of leftOut.slice(0, SHOWN_FILES)) log(`left out: ${path}: ${reason}`);
  const more = leftOut.length - SHOWN_FILES;
  if (more > 0) log(`left out: ${more} more, which the report lists`);
  return { ...reproduction, dataset: leaveOut(dataset, leftOut) };
}

function openCache(
  { dataset, profile, cacheFolder, skipBad = false, display, signal }: Reproduction,
): Promise<PixelCache> {
  const { train, test } = dataset.splits;
  return openPixelCache({
    root: dataset.root,
    images: [...train, ...test],
    size: profile.size,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    skipBad,
    progress: (display ?? TERMINAL_DISPLAY).decoding(),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Trains a network from where it was left, tests it, and writes down what came of it. */
async function complete(
  run: PlannedRun,
  reproduction: Reproduction,
  cache: PixelCache,
): Promise<void> {
  const { dataset, profile, backend, fresh, log } = reproduction;
  const { experiment, seed, title } = run;
  if (fresh) await removeRun(run);
  const { length: classes } = networkLabels(dataset.groups, experiment.naClass);
  const network = profile.network.build(classes, seed);
  try {
    const history = await trainNetwork(network, run, reproduction, cache);
    const startOfTest = performance.now();
    const scores = await testNetwork(network, run, reproduction, cache);
    const testSeconds = (performance.now() - startOfTest) / 1000;
    await writeRun(run, { dataset, profile, backend, network, history, scores, testSeconds });
    log(`${title}: tested ${scores.length} pictures in ${durationText(testSeconds)}`);
  } finally {
    network.dispose();
  }
}

async function trainNetwork(
  network: Network,
  { experiment, seed, checkpoint, title }: PlannedRun,
  { dataset, profile, signal, log, display }: Reproduction,
  cache: PixelCache,
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
  log(`${title}: training on ${trained.images.length} pictures`);
  const progress = (display ?? TERMINAL_DISPLAY).training(title);
  try {
    return await train({
      network,
      experiment,
      profile,
      seed,
      pictures: sha256(JSON.stringify([trained, validated])),
      training,
      validation,
      checkpoint,
      signal,
      onProgress: progress.onProgress,
      onEpoch: progress.onEpoch,
    });
  } finally {
    progress.stop();
  }
}

async function testNetwork(
  network: Network,
  { experiment }: PlannedRun,
  { dataset, profile, signal }: Reproduction,
  cache: PixelCache,
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

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
