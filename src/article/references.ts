/**
 * References for our runs: the article's published results, and runs of other programs with this
 * project's settings, to separate the effects of the code from those of the setting.
 *
 * @module
 */
import { type CorrectCounts, mapValues } from "../evaluation/measures.ts";
import type { Reference, ReferenceRun } from "../report/reference.ts";
import type { EpochMeasures } from "../training/history.ts";
import article from "./article_runs.json" with { type: "json" };
import { ARTICLE_GROUPS } from "./groups.ts";
import { ARTICLE_PROFILE, ARTICLE_RANDOM_PROFILE } from "./profile.ts";
import programs from "./program_runs.json" with { type: "json" };

/**
 * The article's epochs, counts and confusion matrices. Counts that its notebook does not print are
 * derived from its confusion matrices and accuracies, and are absent if that is not possible. The
 * notebook prints one matrix without the unseen pictures and one whose `na` row contains unknown
 * and unseen pictures together; the unseen row is their difference.
 */
export const ARTICLE: Reference = {
  source: "article",
  description:
    'article: K. Dylski, "Classifying unknown gestures with modified loss function" (28 ' +
    "September 2020). Its numbers are read from the outputs of its notebook: one run each with " +
    "fastai2, on Imagenette v2 at 128 pixels. Counts that the notebook does not print are derived " +
    "from its confusion matrices and accuracies.",
  dataset: "imagenette",
  profiles: [ARTICLE_PROFILE.name, ARTICLE_RANDOM_PROFILE.name],
  published: true,
  images: { known: 1539, unknown: 1186, unseen: 1200 },
  runs: article.runs.map((run) => referenceRun(article.columns, run)),
};

const PROGRAMS: Readonly<Record<string, string>> = {
  PyTorch: "PyTorch: does the gap to the article come from our code or from the setup? " +
    "Another program ran the same protocol in PyTorch 1.13: on a CPU, in 32-bit floats, with all " +
    "weights random at the start, and with code and random numbers of its own. There is one run of " +
    "it for each experiment below, so a point or two may be chance, more in early epochs. (From the " +
    "same start and on the same batches, PyTorch and this project train alike: " +
    "tests/training/trainer_pytorch_test.ts.)",
  fastai: "fastai: the article's own library, in version 2.8.12 and on a CPU, ran the two frozen " +
    "epochs with the article's code, once from a stem that had learnt from Imagewoof and once with " +
    "all weights random.",
};

/**
 * Runs of other programs, one reference for each program and profile; those of 128 px were stopped
 * early.
 */
export const PROGRAM_RUNS: readonly Reference[] = [
  ...Map.groupBy(programs.runs, ({ program, profile }) => `${program} ${profile}`).values(),
].map((runs) => ({
  source: runs[0]!.program,
  description: PROGRAMS[runs[0]!.program]!,
  dataset: ARTICLE.dataset,
  profiles: [runs[0]!.profile],
  published: false,
  images: ARTICLE.images,
  runs: runs.map((run) => referenceRun(programs.columns, run)),
}));

/** The form of the recorded runs in the files beside this one. */
interface RecordedRun {
  readonly experiment: string;
  /** One row per epoch, with a value for each column. */
  readonly epochs: readonly (readonly (string | number | null)[])[];
  readonly counts?: Readonly<Record<string, Partial<CorrectCounts>>>;
  readonly confusions?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

function referenceRun(
  columns: readonly string[],
  { epochs, confusions = {}, ...rest }: RecordedRun,
): ReferenceRun {
  return {
    ...rest,
    epochs: epochs.map((cells) =>
      Object.fromEntries(columns.map((column, index) => [column, cells[index]]))
    ) as unknown as EpochMeasures[],
    confusions: mapValues(confusions, (rows) => ({ known: ARTICLE_GROUPS.known, rows })),
  };
}
