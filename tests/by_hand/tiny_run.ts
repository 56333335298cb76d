/**
 * Finished and stopped runs on a few of the embedded gestures with the profile smoke, for programs
 * that damage or stop them.
 *
 * @module
 */
import { join } from "@std/path";
import { bceNa, bcena } from "../../src/article/experiments.ts";
import type { RunningBackend } from "../../src/backend/start_backend.ts";
import { type Dataset, inTurns } from "../../src/data/dataset.ts";
import { openDataset } from "../../src/data/open_dataset.ts";
import { PLAIN_CNN } from "../../src/model/plain_cnn.ts";
import { smoke } from "../../src/profiles.ts";
import { type Reproduction, runExperiments } from "../../src/reproduce.ts";
import { SCORES } from "../../src/scores/all.ts";
import { relativeMahalanobis } from "../../src/scores/relative_mahalanobis.ts";
import type { Score } from "../../src/scores/score.ts";

/** The folder of finished runs, as `report` reads them. */
export const RESULTS = "results";
/** The folder of one of them with its network, as `predict` reads it. */
export const MODEL = join(RESULTS, "bcena", "seed-1");
/** The folder of decoded pictures. */
export const CACHE = "cache";
/** The folder of a stopped run, as `reproduce` continues it. */
export const CONTINUED = "continued";

/** The scores of every report, and a fitted one, which adds a file. */
export const SCORES_READ: readonly Score[] = [...SCORES, relativeMahalanobis];

const TRAINED = 84;
const TESTED = 60;

/** BCENa on a few gestures with a small network; decoded pictures are kept in the folder. */
export async function reproductionIn(
  folder: string,
  backend: RunningBackend,
): Promise<Reproduction> {
  const experiments = [{ ...bcena, network: PLAIN_CNN, profile: smoke }];
  return {
    dataset: await fewGestures(),
    experiments,
    seeds: [1],
    backend,
    out: join(folder, RESULTS),
    cacheFolder: join(folder, CACHE),
    scores: SCORES_READ,
    display: { decoding: () => SILENT, training: () => SILENT },
    log: () => {},
  };
}

/** Makes the files for the readers in a folder: results of two experiments, and a stopped run. */
export async function makeRuns(folder: string, backend: RunningBackend): Promise<void> {
  const reproduction = await reproductionIn(folder, backend);
  const [experiment] = reproduction.experiments;
  const experiments = [experiment!, { ...bceNa, network: PLAIN_CNN, profile: smoke }];
  await runExperiments({ ...reproduction, experiments });
  const stop = new AbortController();
  const log = (line: string) => line.includes("training on") && stop.abort();
  const out = join(folder, CONTINUED);
  await runExperiments({ ...reproduction, out, signal: stop.signal, log }).catch((error) => {
    if (error.name !== "Interrupted") throw error;
  });
}

const SILENT = { update() {}, stop() {}, onProgress() {}, onEpoch() {} };

async function fewGestures(): Promise<Dataset> {
  const dataset = await openDataset({ dataset: "gestures" });
  const { train, test } = dataset.splits;
  return { ...dataset, splits: { train: inTurns(train, TRAINED), test: inTurns(test, TESTED) } };
}
