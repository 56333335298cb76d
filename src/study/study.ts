/**
 * The study: every training with every seed on every split, as units that run independently.
 *
 * @module
 */
import type { RunningBackend } from "../backend/start_backend.ts";
import type { Dataset } from "../data/dataset.ts";
import { readImageFolder } from "../data/image_folder.ts";
import { openPixelCache, type PixelCache } from "../data/pixel_cache.ts";
import { showProgress } from "../data/progress.ts";
import { messageOf } from "../files/error_message.ts";
import { isFolder } from "../files/path_kind.ts";
import { checkScores, type Score } from "../scores/score.ts";
import type { RunDisplay } from "../reproduce.ts";
import { Interrupted } from "../training/trainer.ts";
import { runUnit, type StudyContext } from "./run_unit.ts";
import { type StudySplit, studySplits, withHeldOut } from "./splits.ts";
import { type Unit, unitTitle } from "./unit.ts";

/** A data set with all pictures that its splits may use for training or testing. */
export interface StudyDataset {
  readonly dataset: Dataset;
  readonly pictures: StudyContext["pictures"];
  /** The data set's own split and the drawn ones. */
  readonly splits: readonly StudySplit[];
  /** The same splits with a held-out category, where that is possible. */
  readonly heldOutSplits: readonly StudySplit[];
}

/**
 * Finds the pictures of a study. Categories that are unseen in the data set's own split can be used
 * for training in another split if they have training pictures.
 *
 * @throws {Error} if a category's folder cannot be read
 */
export async function studyDataset(dataset: Dataset): Promise<StudyDataset> {
  const { root, groups } = dataset;
  const alsoTrainable = groups.unseen.filter((category) => isFolder(`${root}/train/${category}`));
  const trainable = [...groups.known, ...groups.unknown, ...alsoTrainable];
  const pictures = alsoTrainable.length === 0 ? dataset.splits : await readImageFolder(root, {
    known: trainable,
    unknown: [],
    unseen: groups.unseen.filter((category) => !alsoTrainable.includes(category)),
  });
  const splits = studySplits(groups, trainable);
  const heldOutSplits = splits.flatMap((split) => withHeldOut(split) ?? []);
  return { dataset, pictures, splits, heldOutSplits };
}

/** The units to run, their data set, and the folder for their results. */
export interface StudyRun {
  readonly units: readonly Unit[];
  readonly study: StudyDataset;
  readonly scores: readonly Score[];
  /** The current backend. */
  readonly backend: RunningBackend;
  readonly out: string;
  /** The folder for decoded pictures; by default `data/cache`. */
  readonly cacheFolder?: string | undefined;
  /** Shows the progress of decoding and training; by default on standard error. */
  readonly display?: RunDisplay | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/**
 * Runs all unfinished units, one after another. A failure is logged and does not stop the other
 * units; units that another process works on are skipped.
 *
 * @returns the titles of the units that failed
 * @throws {Interrupted} if the signal stopped a training
 * @throws the signal's reason, if it stopped anything else
 */
export async function runUnits(
  { units, study, scores, backend, out, cacheFolder, display, signal, log }: StudyRun,
): Promise<string[]> {
  checkScores(scores);
  const { dataset, pictures } = study;
  const profile = units[0]?.training.candidates[0].profile;
  let cache: PixelCache | undefined;
  const openCache = async () =>
    cache ??= await openPixelCache({
      root: dataset.root,
      images: [...pictures.train, ...pictures.test],
      size: profile!.size,
      crop: profile!.crop,
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      progress: display?.decoding() ?? showProgress("decoding", "pictures"),
      ...(signal === undefined ? {} : { signal }),
    });
  const failed: string[] = [];
  let kept = 0;
  try {
    for (const unit of units) {
      signal?.throwIfAborted();
      try {
        const shared = { out, dataset, pictures, scores, backend, openCache };
        const context = { ...shared, display, signal, log };
        if (!await runUnit(unit, context)) kept++;
      } catch (error) {
        if (signal?.aborted || error instanceof Interrupted) throw error;
        log(`${unitTitle(unit)}: ${messageOf(error)}`);
        if (!isInUse(error)) failed.push(unitTitle(unit));
      }
    }
  } finally {
    cache?.close();
  }
  if (kept > 0) log(`${kept} of ${units.length} units finished earlier, kept`);
  return failed;
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && error.name === "FolderInUse";
}
