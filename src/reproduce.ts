/**
 * Running experiments: data -> training -> predictions -> files.
 *
 * @module
 */
import type { RunningBackend } from "./backend/start_backend.ts";
import { type Dataset, imagesOfGroups, leaveOut } from "./data/dataset.ts";
import { networkLabels } from "./data/labels.ts";
import { openPixelCache, type PixelCache } from "./data/pixel_cache.ts";
import { type Progress, showProgress } from "./data/progress.ts";
import {
  checkExperiments,
  describe,
  type Experiment,
  hasNaOutput,
  startOf,
  trainsUnknown,
} from "./experiments.ts";
import { sourceOf } from "./definition.ts";
import { lockFolder } from "./files/folder_lock.ts";
import { requireSpace } from "./files/free_space.ts";
import { isFile } from "./files/path_kind.ts";
import { refuseLinksBelow } from "./files/plain_file.ts";
import { removeIfPresent } from "./files/remove_if_present.ts";
import type { SavedPrecision } from "./model/saved_network.ts";
import { startNetwork } from "./model/start.ts";
import { definitionsOf } from "./runs/definitions.ts";
import { checkDescription } from "./runs/run_config.ts";
import {
  leftOutOf,
  type PlannedRun,
  planRuns,
  prepareFolder,
  requireSameRun,
  stateOf,
  writeRun,
} from "./runs/run_folder.ts";
import { type RunSpace, runSpace } from "./runs/space.ts";
import { checkScores, type Score } from "./scores/score.ts";
import { duration } from "./text/wording.ts";
import {
  fitScores,
  outputsOn,
  scoresToFit,
  scoreValues,
  trainOnPictures,
} from "./training/network_on_pictures.ts";
import { showTraining, type TrainingObserver } from "./training/terminal_display.ts";
import { rehearse } from "./training/rehearsal.ts";
import { checkTrainingImages } from "./training/training_images.ts";

/** The experiments to run, with their data, settings and results folder. */
export interface Reproduction {
  readonly dataset: Dataset;
  /** The experiments, all with the same profile. */
  readonly experiments: readonly Experiment[];
  /** Every experiment is run once with each seed. */
  readonly seeds: readonly number[];
  /** The current backend. */
  readonly backend: RunningBackend;
  /** The results folder. */
  readonly out: string;
  /** The folder of decoded pictures, by default `data/cache`. */
  readonly cacheFolder?: string;
  /** Whether to leave out unusable pictures; otherwise they are an error. */
  readonly skipBad?: boolean;
  /** Whether to delete earlier runs of these experiments and seeds, and begin anew. */
  readonly fresh?: boolean;
  /**
   * Whether a run without its network counts as finished, as in results from version control;
   * otherwise it is trained again, and its files stay until new ones replace them.
   */
  readonly keepWithoutModel?: boolean;
  /** The precision of saved networks; `single` by default. */
  readonly precision?: SavedPrecision;
  /** Scores; those that are fitted to training pictures are computed and saved with a run. */
  readonly scores?: readonly Score[];
  /** Shows decoding and training; by default on standard error. */
  readonly display?: RunDisplay;
  /** Stops after the current training step; the training so far is kept. */
  readonly signal?: AbortSignal;
  /** Receives log lines: runs that begin or are kept, pictures left out, results. */
  readonly log: (line: string) => void;
}

/** The displays of the long parts of runs. */
export interface RunDisplay {
  /**
   * Called once before the first training; its progress is updated only if pictures must be
   * decoded.
   */
  readonly decoding: () => Progress;
  /** Called for each run that trains, with its title, for example `bcena, seed 1`. */
  readonly training: (title: string) => TrainingObserver;
}

/** The most left-out pictures that are logged. */
const SHOWN_FILES = 10;

const TERMINAL_DISPLAY: RunDisplay = {
  decoding: () => showProgress("decoding", "pictures"),
  training: showTraining,
};

/**
 * Trains and tests every experiment with every seed, and leaves each run's model, history,
 * predictions and configuration in `<out>/<experiment>/seed-<n>/`. Finished runs are kept as they
 * are, interrupted ones are continued. If none is left to do, no picture is decoded and nothing is
 * written; otherwise the results folder is locked against other processes until this ends.
 *
 * @throws {Interrupted} if the signal stopped a training; the signal's reason if it stopped
 * something else
 * @throws {Error} if the experiments cannot be in one report, two scores have the same name, a
 * finished run there is damaged or has another definition, data set or profile, another process
 * works in the results folder, or anything that the runs need is not available
 */
export async function runExperiments(reproduction: Reproduction): Promise<void> {
  const { out, signal, experiments, scores = [], fresh = false } = reproduction;
  checkExperiments(experiments);
  for (const experiment of experiments) checkDescription(describe(experiment), experiment.profile);
  checkScores(scores);
  requireOneProfile(experiments);
  const { finished, runs } = await findRuns(reproduction);
  if (runs.length === 0) return;
  for (const { experiment } of runs) checkTrainingImages(reproduction.dataset, experiment);
  noteUntaught(reproduction, runs);
  await tryStarts(reproduction, runs);
  await refuseLinksBelow(out);
  using _lock = lockFolder(out);
  const spaces = runSpaces(reproduction, runs);
  await requireRunSpace(out, spaces);
  const cache = await openCache(reproduction);
  try {
    const usable = withoutLeftOut(reproduction, cache);
    for (const run of finished) await requireSameRun(run, usable.dataset, scores);
    for (const { experiment } of runs) checkTrainingImages(usable.dataset, experiment);
    // Before hours of training, not after them.
    for (const [run, space] of spaces) await prepareFolder(run, space, fresh);
    // The cache may have used up the free space.
    await requireRunSpace(out, spaces);
    for (const run of runs) {
      signal?.throwIfAborted();
      await complete(run, usable, cache);
    }
  } finally {
    cache.close();
  }
}

const KEPT = "finished earlier, kept (--fresh trains it again)";
const WITHOUT_NETWORK = "results are here, but not the network behind them; training it";

/** The finished runs, and those left to do. */
async function findRuns(
  { dataset, experiments, seeds, out, scores = [], fresh = false, ...reproduction }: Reproduction,
): Promise<{ finished: PlannedRun[]; runs: PlannedRun[] }> {
  const { keepWithoutModel, log } = reproduction;
  const planned = planRuns(out, experiments, seeds);
  if (fresh) return { finished: [], runs: planned };
  const finished: PlannedRun[] = [];
  const runs: PlannedRun[] = [];
  for (const run of planned) {
    const state = stateOf(run);
    if (state === "unfinished") {
      runs.push(run);
      continue;
    }
    // Unusable pictures are found only by decoding; the run has recorded its own.
    await requireSameRun(run, leaveOut(dataset, await leftOutOf(run)), scores);
    const kept = state === "finished" || keepWithoutModel;
    (kept ? finished : runs).push(run);
    log(`${run.title}: ${kept ? KEPT : WITHOUT_NETWORK}`);
  }
  return { finished, runs };
}

/**
 * Finds faults of experiments before any picture is decoded: in the networks they start from, and
 * in losses and networks that are not this project's own, and so not tested.
 */
async function tryStarts(
  { dataset, experiments, seeds }: Reproduction,
  runs: readonly PlannedRun[],
): Promise<void> {
  for (const experiment of experiments) {
    const { loss, network } = experiment;
    const isOwn = sourceOf(loss) !== undefined || sourceOf(network) !== undefined;
    const isStarted = Object.keys(startOf(experiment)).length > 0;
    if (!(isOwn || isStarted) || !runs.some((run) => run.experiment === experiment)) continue;
    const labels = networkLabels(dataset.groups, hasNaOutput(describe(experiment)));
    const built = network.build(labels.length, seeds[0]!);
    try {
      if (isOwn) rehearse(experiment, built, labels);
      await startNetwork(built, startOf(experiment));
    } finally {
      built.dispose();
    }
  }
}

/** The disk space that each run takes. */
function runSpaces(
  { dataset }: Reproduction,
  runs: readonly PlannedRun[],
): ReadonlyMap<PlannedRun, RunSpace> {
  const byExperiment = [...Map.groupBy(runs, ({ experiment }) => experiment)];
  return new Map(byExperiment.flatMap(([experiment, alike]) => {
    const labels = networkLabels(dataset.groups, hasNaOutput(describe(experiment)));
    const network = experiment.network.build(labels.length);
    try {
      const space = runSpace(network, dataset.splits.test.length);
      return alike.map((run) => [run, space] as const);
    } finally {
      network.dispose();
    }
  }));
}

async function requireRunSpace(
  out: string,
  spaces: ReadonlyMap<PlannedRun, RunSpace>,
): Promise<void> {
  const results = spaces.values().reduce((sum, { results }) => sum + results, 0);
  // A new checkpoint is written beside the previous one, which may already exist; both are deleted
  // when a run is finished.
  const checkpoints = Math.max(
    ...spaces.entries().map(([{ checkpoint: file }, { checkpoint }]) =>
      isFile(file) ? checkpoint : 2 * checkpoint
    ),
  );
  await requireSpace(out, results + checkpoints, "networks, predictions and checkpoints");
}

/** Requires one profile: a results folder and a cache hold only one. */
function requireOneProfile([first, ...others]: readonly Experiment[]): void {
  if (first === undefined) throw new Error("there is no experiment to run");
  const other = others.find(({ profile }) => profile !== first.profile);
  if (other === undefined) return;
  throw new Error(
    `${first.name} has the profile ${first.profile.name} and ${other.name} the profile ` +
      `${other.profile.name}; run them into two folders`,
  );
}

function noteUntaught({ dataset, log }: Reproduction, runs: readonly PlannedRun[]): void {
  const untaught = runs.map(({ experiment }) => experiment).filter(trainsUnknown);
  if (untaught.length === 0 || dataset.groups.unknown.length > 0) return;
  const names = [...new Set(untaught.map(({ name }) => name))];
  log(`no category is unknown: ${names.join(" and ")} will not be taught what na is`);
}

/** The same reproduction with only the usable pictures. */
function withoutLeftOut(reproduction: Reproduction, { leftOut }: PixelCache): Reproduction {
  const { dataset, log } = reproduction;
  for (const { path, reason } of leftOut.slice(0, SHOWN_FILES)) log(`left out: ${path}: ${reason}`);
  const more = leftOut.length - SHOWN_FILES;
  if (more > 0) log(`left out: ${more} more, which the report lists`);
  return { ...reproduction, dataset: leaveOut(dataset, leftOut) };
}

function openCache(
  { dataset, experiments, cacheFolder, skipBad = false, display, log, signal }: Reproduction,
): Promise<PixelCache> {
  const { train, test } = dataset.splits;
  return openPixelCache({
    root: dataset.root,
    images: [...train, ...test],
    size: experiments[0]!.profile.size,
    crop: experiments[0]!.profile.crop,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    skipBad,
    progress: (display ?? TERMINAL_DISPLAY).decoding(),
    log,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Trains a network from where it stopped, tests it, and saves the results. */
async function complete(
  run: PlannedRun,
  reproduction: Reproduction,
  cache: PixelCache,
): Promise<void> {
  const { dataset, backend, scores = [], precision = "single", log } = reproduction;
  const { signal, display = TERMINAL_DISPLAY } = reproduction;
  const { experiment, seed, checkpoint, title } = run;
  if (reproduction.fresh) await removeIfPresent(run.folder);
  const labels = networkLabels(dataset.groups, hasNaOutput(describe(experiment)));
  const toFit = scoresToFit(scores, { experiment, labels });
  const definitions = await definitionsOf(experiment, labels.length, toFit);
  const network = experiment.network.build(labels.length, seed);
  try {
    await startNetwork(network, startOf(experiment));
    const pictures = { experiment, network, cache, labels };
    const trained = imagesOfGroups(dataset.splits.train, experiment.trainingGroups);
    log(`${title}: training on ${trained.length} pictures`);
    const history = await trainOnPictures(pictures, {
      seed,
      definitions,
      checkpoint,
      signal,
      train: trained,
      validation: imagesOfGroups(dataset.splits.test, experiment.trainingGroups),
      observer: display.training(title),
    });
    const startOfTest = performance.now();
    const features = toFit.length > 0;
    const outputs = await outputsOn(pictures, dataset.splits.test, { features, signal });
    const fitted = await fitScores(toFit, pictures, trained, signal);
    const fittedScores = scoreValues(fitted, outputs);
    const testSeconds = (performance.now() - startOfTest) / 1000;
    const { logits } = outputs;
    const outcome = { dataset, backend, network, history, logits, fittedScores, testSeconds };
    await writeRun(run, { ...outcome, definitions, precision });
    log(`${title}: tested ${logits.length} pictures in ${duration(testSeconds)}`);
  } finally {
    network.dispose();
  }
}
