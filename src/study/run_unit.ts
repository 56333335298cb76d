/**
 * Running one unit of the study: training, choosing, testing, saving.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { RunningBackend } from "../backend/start_backend.ts";
import { byGroup, type LabelledImage } from "../data/categories.ts";
import { countByGroup, type Dataset, imagesOfGroups } from "../data/dataset.ts";
import { networkLabels } from "../data/labels.ts";
import type { PixelCache } from "../data/pixel_cache.ts";
import { openSetMeasures, rankPictures } from "../evaluation/open_set.ts";
import { describe, type Experiment, hasNaOutput, startOf } from "../experiments.ts";
import { lockFolder } from "../files/folder_lock.ts";
import { requireSpace } from "../files/free_space.ts";
import { refuseLinksBelow } from "../files/plain_file.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { removeTemporaryFiles } from "../files/whole_file.ts";
import { startNetwork } from "../model/start.ts";
import type { RunDisplay } from "../reproduce.ts";
import { definitionsOf } from "../runs/definitions.ts";
import { machine, versions } from "../runs/provenance.ts";
import { runSpace } from "../runs/space.ts";
import { energy } from "../scores/energy.ts";
import type { Score } from "../scores/score.ts";
import { duration } from "../text/wording.ts";
import { tryCheckpoint } from "../training/checkpoint.ts";
import type { HistoryRow } from "../training/history.ts";
import {
  fitScores,
  type NetworkOnPictures,
  outputsOn,
  scoresToFit,
  scoreValues,
  trainOnPictures,
} from "../training/network_on_pictures.ts";
import { showTraining } from "../training/terminal_display.ts";
import { isClosedSetCorrect } from "./closed_set.ts";
import { rejectedInValidation, splitPictures, type StudyPictures } from "./splits.ts";
import { type Unit, unitFolder, unitTitle } from "./unit.ts";
import { isFinished, type PictureOutputs, type PlannedUnit, writeUnit } from "./unit_files.ts";

/** The context shared by all units of a study. */
export interface StudyContext {
  /** The folder of the study. */
  readonly out: string;
  readonly dataset: Dataset;
  /** All pictures of the data set, including training pictures of unseen categories. */
  readonly pictures: Pick<StudyPictures, "train" | "test">;
  /** The scores of the study; values of fitted ones are saved with a unit. */
  readonly scores: readonly Score[];
  /** The current backend. */
  readonly backend: RunningBackend;
  /** Opens the pixels of all pictures, once for all units. */
  readonly openCache: () => Promise<PixelCache>;
  /** Shows the progress of training; by default on standard error. */
  readonly display?: Pick<RunDisplay, "training"> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/**
 * Runs a unit, continues an interrupted one, or keeps a finished one as it is. Locks the unit's
 * folder against other processes until it ends.
 *
 * @returns false if the unit was finished already
 * @throws {Interrupted} if the signal stopped its training
 * @throws the signal's reason, if it stopped anything else
 * @throws {Error} if another process works on the unit, a finished unit there was planned
 *   differently, or a required file or enough disk space is missing
 */
export async function runUnit(unit: Unit, context: StudyContext): Promise<boolean> {
  const folder = unitFolder(context.out, unit);
  const pictures = splitPictures(unit.split, context.pictures);
  const planned = await planOf(unit, pictures, context);
  if (await isFinished(folder, planned)) return false;
  await refuseLinksBelow(folder);
  using _lock = lockFolder(folder);
  // Another process may have finished it in the meantime.
  if (await isFinished(folder, planned)) return false;
  await removeTemporaryFiles(folder);
  const cache = await context.openCache();
  await trainAndTest(unit, planned, pictures, cache, context);
  return true;
}

async function planOf(
  { split, seed, training }: Unit,
  pictures: StudyPictures,
  { dataset, scores }: StudyContext,
): Promise<PlannedUnit> {
  const { candidates: [first], candidates } = training;
  const labels = networkLabels(split.groups, hasNaOutput(describe(first)));
  const fitted = scoresToFit(scores, { experiment: first, labels });
  return {
    split: split.name,
    ...(split.heldOut === undefined ? {} : { heldOut: split.heldOut }),
    seed,
    training: training.name,
    title: training.title,
    candidates: candidates.map((candidate) => structuredClone(describe(candidate))),
    dataset: {
      name: dataset.name,
      groups: split.groups,
      counts: countByGroup(pictures),
      categoryNames: dataset.categoryNames,
    },
    validation: byGroup((group) => imagesOfGroups(pictures.validation, [group]).length),
    profile: { ...first.profile },
    labels,
    scores: Object.fromEntries(fitted.map(({ name, options = {} }) => [name, options])),
    definitions: await Promise.all(
      candidates.map((candidate) => definitionsOf(candidate, labels.length, fitted)),
    ),
  };
}

/** A trained network. */
interface TrainedCandidate {
  readonly pictures: NetworkOnPictures;
  readonly history: readonly HistoryRow[];
  /** Area under the OSCR curve on validation pictures; undefined if there is only one candidate. */
  readonly area: number | undefined;
}

async function trainAndTest(
  unit: Unit,
  planned: PlannedUnit,
  pictures: StudyPictures,
  cache: PixelCache,
  context: StudyContext,
): Promise<void> {
  const { signal, log, backend } = context;
  const folder = unitFolder(context.out, unit);
  const { candidates } = unit.training;
  const checkpoints = candidates.map((_, index) => join(folder, `checkpoint-${index + 1}.bin`));
  const areas: number[] = [];
  let best: TrainedCandidate | undefined;
  let chosen = 0;
  try {
    for (const [index, experiment] of candidates.entries()) {
      const trained = await trainCandidate(unit, experiment, {
        checkpoint: checkpoints[index]!,
        title: candidates.length === 1
          ? unitTitle(unit)
          : `${unitTitle(unit)} (${index + 1} of ${candidates.length})`,
        definitions: planned.definitions[index]!,
        pictures,
        cache,
        context,
      });
      if (trained.area !== undefined) areas.push(trained.area);
      if (best !== undefined && !(trained.area! > best.area!)) {
        trained.pictures.network.dispose();
        continue;
      }
      best?.pictures.network.dispose();
      best = trained;
      chosen = index;
    }
    const startOfTest = performance.now();
    const kept = best!.pictures;
    const toFit = scoresToFit(context.scores, kept);
    const trainingImages = imagesOfGroups(pictures.train, kept.experiment.trainingGroups);
    const scores = await fitScores(toFit, kept, trainingImages, signal);
    const outputsFor = async (images: readonly LabelledImage[]): Promise<PictureOutputs> => {
      const outputs = await outputsOn(kept, images, { features: scores.size > 0, signal });
      return { images, logits: outputs.logits, fittedScores: scoreValues(scores, outputs) };
    };
    const validation = await outputsFor(pictures.validation);
    const test = await outputsFor(pictures.test);
    const testSeconds = (performance.now() - startOfTest) / 1000;
    await writeUnit(folder, {
      config: {
        planned,
        chosen,
        validationAreas: areas,
        backend: { name: backend.name, threads: backend.threads },
        versions: versions(),
        machine: machine(),
        time: {
          finished: new Date().toISOString(),
          trainingSeconds: best!.history.reduce((sum, { seconds }) => sum + seconds, 0),
          testSeconds,
        },
      },
      history: best!.history,
      validation,
      test,
    });
    for (const checkpoint of checkpoints) await removeIfPresent(checkpoint);
    log(`${unitTitle(unit)}: tested ${test.images.length} pictures in ${duration(testSeconds)}`);
  } finally {
    best?.pictures.network.dispose();
  }
}

async function trainCandidate(
  { split, seed, training }: Unit,
  experiment: Experiment,
  { checkpoint, title, definitions, pictures, cache, context: { signal, log, display } }: {
    readonly checkpoint: string;
    readonly title: string;
    readonly definitions: PlannedUnit["definitions"][number];
    readonly pictures: StudyPictures;
    readonly cache: PixelCache;
    readonly context: StudyContext;
  },
): Promise<TrainedCandidate> {
  const labels = networkLabels(split.groups, hasNaOutput(describe(experiment)));
  const network = experiment.network.build(labels.length, seed);
  try {
    await startNetwork(network, startOf(experiment));
    const own: NetworkOnPictures = { experiment, network, cache, labels };
    const space = runSpace(network, pictures.validation.length + pictures.test.length);
    const needed = space.results + 2 * space.checkpoint;
    await requireSpace(dirname(checkpoint), needed, "outputs and checkpoints");
    await tryCheckpoint(checkpoint, space.checkpoint);
    const train = imagesOfGroups(pictures.train, experiment.trainingGroups);
    log(`${title}: training on ${train.length} pictures`);
    const history = await trainOnPictures(own, {
      seed,
      definitions,
      checkpoint,
      signal,
      train,
      validation: imagesOfGroups(pictures.validation, experiment.trainingGroups),
      observer: display?.training(title) ?? showTraining(title),
    });
    const area = training.candidates.length === 1
      ? undefined
      : await validationArea(own, split, pictures.validation, signal);
    return { pictures: own, history, area };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The area under the OSCR curve of energies, for known pictures against pictures to reject. */
async function validationArea(
  pictures: NetworkOnPictures,
  split: Unit["split"],
  validation: readonly LabelledImage[],
  signal?: AbortSignal,
): Promise<number> {
  const { labels, experiment } = pictures;
  const images = imagesOfGroups(validation, ["known", rejectedInValidation(split)]);
  const { logits } = await outputsOn(pictures, images, { features: false, signal });
  const energyOf = energy.of!({ ...describe(experiment), labels });
  const ranked = rankPictures(images.map((image, place) => ({
    place,
    score: energyOf({ logits: logits[place]! }),
    known: image.group === "known",
    correct: isClosedSetCorrect(labels, image, logits[place]!),
  })));
  return openSetMeasures(ranked).oscrArea;
}
