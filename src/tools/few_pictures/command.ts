/**
 * The measurements of `deno task few-pictures`: profiles with few pictures of each category.
 *
 * @module
 */
import { join } from "@std/path";
import type { RunningBackend } from "../../backend/start_backend.ts";
import type { Dataset } from "../../data/dataset.ts";
import { threshold } from "../../evaluation/decisions.ts";
import { imagesByCount, measure } from "../../evaluation/measures.ts";
import { summarise } from "../../evaluation/statistics.ts";
import type { Experiment } from "../../experiments.ts";
import { removeIfPresent } from "../../files/remove_if_present.ts";
import { writeWholeFile } from "../../files/whole_file.ts";
import type { Profile } from "../../profiles.ts";
import { runExperiments } from "../../reproduce.ts";
import { machine, versions } from "../../runs/provenance.ts";
import { readRun, runFolder } from "../../runs/read_runs.ts";
import { highestScore } from "../../scores/highest_score.ts";
import { markdownTable, numbers, type Table, tableOf, words } from "../../text/table.ts";
import { decimal, shareOf } from "../../text/wording.ts";
import { drawFew, type FewPictures } from "./draw.ts";

/** The options of the measurement. */
export interface FewPicturesPlan {
  readonly dataset: Dataset;
  readonly experiment: Experiment;
  readonly profiles: readonly Profile[];
  /** Numbers of the draws; every profile is trained on each draw, with its number as the seed. */
  readonly draws: readonly number[];
  readonly pictures: FewPictures;
  readonly backend: RunningBackend;
  /** The folder of the runs; existing ones are not trained again. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/** The shares and measures of one run. */
export type FewPicturesRun = Awaited<ReturnType<typeof trainDraw>>;

const HALF = threshold(0.5).name;

/**
 * Trains the experiment with each profile on each draw.
 *
 * @throws {Error} as {@linkcode runExperiments}
 */
export async function measureFewPictures(plan: FewPicturesPlan): Promise<FewPicturesRun[]> {
  const runs: FewPicturesRun[] = [];
  for (const draw of plan.draws) {
    for (const profile of plan.profiles) runs.push(await trainDraw(plan, profile, draw));
  }
  return runs;
}

async function trainDraw(
  { dataset, experiment, pictures, backend, folder, signal, log }: FewPicturesPlan,
  profile: Profile,
  draw: number,
) {
  const out = join(folder, profile.name);
  const cacheFolder = join(folder, "cache");
  await runExperiments({
    dataset: drawFew(dataset, draw, pictures),
    experiments: [{ ...experiment, profile }],
    seeds: [draw],
    backend,
    out,
    cacheFolder,
    ...(signal === undefined ? {} : { signal }),
    log: (line) => log(`${profile.name}, draw ${draw}: ${line}`),
  });
  await removeIfPresent(cacheFolder);
  const { config, predictions } = await readRun(join(out, runFolder(experiment.name, draw)));
  const { decisions, openSet, images } = measure(predictions, {
    decisions: [threshold(0.5)],
    scores: [highestScore],
  });
  const all = imagesByCount(images);
  const bestLabels = predictions.predictions.filter(({ group }) => group === "known");
  const naOutput = config.labels.indexOf("na");
  const correct = bestLabels.filter(({ scores, category }) => {
    const known = scores.map((score, output) => output === naOutput ? -Infinity : score);
    return config.labels[known.indexOf(Math.max(...known))] === category;
  });
  return {
    profile: profile.name,
    draw,
    knownCorrect: correct.length / bestLabels.length,
    aurocUnknown: openSet[highestScore.name]!.unknown!.auroc,
    aurocUnseen: openSet[highestScore.name]!.unseen!.auroc,
    knownCorrectAtHalf: decisions[HALF]!.knownCorrect / all.knownCorrect,
    unknownRejectedAtHalf: decisions[HALF]!.unknownRejected / all.unknownRejected,
    unseenRejectedAtHalf: decisions[HALF]!.unseenRejected / all.unseenRejected,
    seconds: config.time.trainingSeconds + config.time.testSeconds,
  };
}

/** One row per profile: mean and standard deviation over the draws. */
export function fewPicturesTable(
  runs: readonly FewPicturesRun[],
  { train, test }: FewPictures,
): Table {
  const byProfile = [...Map.groupBy(runs, ({ profile }) => profile)];
  const over = (some: readonly FewPicturesRun[], of: (run: FewPicturesRun) => number) =>
    summarise(some.map(of));
  type Entry = (typeof byProfile)[number];
  const share = (title: string, of: (run: FewPicturesRun) => number) =>
    numbers<Entry>(title, ([, some]) => shareOf(over(some, of), 1));
  return tableOf(
    `${train} training and ${test} test pictures of each category, mean and standard deviation ` +
      `over ${new Set(runs.map(({ draw }) => draw)).size} draws`,
    byProfile,
    [
      words("profile", ([profile]) => profile),
      share("known correct by argmax", ({ knownCorrect }) => knownCorrect),
      numbers("AUROC unknown", ([, some]) => decimal(over(some, (run) => run.aurocUnknown))),
      numbers("AUROC unseen", ([, some]) => decimal(over(some, (run) => run.aurocUnseen))),
      share("at 0.5: known correct", (run) => run.knownCorrectAtHalf),
      share("unknown rejected", (run) => run.unknownRejectedAtHalf),
      share("unseen rejected", (run) => run.unseenRejectedAtHalf),
      numbers("seconds", ([, some]) => String(Math.round(over(some, (run) => run.seconds).mean))),
    ],
  );
}

/** Writes the table, its runs and their profiles into a folder. */
export async function writeFewPictures(
  folder: string,
  runs: readonly FewPicturesRun[],
  { profiles, pictures }: Pick<FewPicturesPlan, "profiles" | "pictures">,
): Promise<void> {
  const table = fewPicturesTable(runs, pictures);
  await writeWholeFile(
    join(folder, "runs.json"),
    JSON.stringify(
      { machine: machine(), versions: versions(), profiles, pictures, runs },
      null,
      2,
    ) + "\n",
  );
  await writeWholeFile(join(folder, "report.md"), `# Few pictures\n\n${markdownTable(table)}\n`);
}
