/**
 * Measures that others report for the same experiments, beside ours. Pure.
 *
 * @module
 */
import type { Group } from "../data/categories.ts";
import type { Difference } from "../evaluation/differences.ts";
import { newcombeInterval, type Proportion } from "../evaluation/intervals.ts";
import { CORRECT_COUNTS, type CorrectCounts, imagesByCount } from "../evaluation/measures.ts";
import { summarise, type Summary } from "../evaluation/statistics.ts";
import type { EpochMeasures, HistoryRow } from "../training/history.ts";
import type { ExperimentResults, Results } from "./results_schema.ts";

/** Runs of another program, or a publication, to compare ours with. */
export interface Reference {
  /** Its name in tables and plots, for example `article`; shared by references of one source. */
  readonly source: string;
  /** Its origin and how it was made, in a few sentences. */
  readonly description: string;
  /** The name of its data set. */
  readonly dataset: string;
  /** The names of its profiles. */
  readonly profiles: readonly string[];
  /**
   * Whether it is a publication: then its counts also appear in the main table, even beside runs of
   * other profiles, for orientation.
   */
  readonly published: boolean;
  /** Its numbers of test pictures: the totals of its counts. */
  readonly images: Readonly<Record<Group, number>>;
  readonly runs: readonly ReferenceRun[];
}

/** A reference's results for one experiment; anything it does not report is absent. */
export interface ReferenceRun {
  /** The experiment's name. */
  readonly experiment: string;
  /** Its epochs in order over all phases; it may have fewer than our runs. */
  readonly epochs?: readonly EpochMeasures[];
  /** Numbers of correct pictures, by the name of the decision. */
  readonly counts?: Readonly<Record<string, Partial<CorrectCounts>>>;
  /** Confusion matrices, by the name of the decision. */
  readonly confusions?: Readonly<Record<string, ReferenceConfusion>>;
}

/** A confusion matrix with `na` as its last column. */
export interface ReferenceConfusion {
  /** The known categories, in the order of rows and columns. */
  readonly known: readonly string[];
  /** One row per known category, then one each for unknown and unseen pictures, if any. */
  readonly rows: readonly (readonly number[])[];
}

/** The data set and profile that select references. */
export type Setting = Readonly<Record<"dataset" | "profile", { readonly name: string }>>;

/** The references for a data set and profile; publications are for every profile. */
export function referencesFor(
  references: readonly Reference[],
  { dataset, profile }: Setting,
): Reference[] {
  return references.filter((reference) =>
    reference.dataset === dataset.name &&
    (reference.published || reference.profiles.includes(profile.name))
  );
}

/** References that report an experiment, each with its run, see {@linkcode referencesFor}. */
export function reportedOf(
  references: readonly Reference[],
  setting: Setting,
  experiment: string,
) {
  return referencesFor(references, setting).flatMap((reference) =>
    reference.runs.filter((run) => run.experiment === experiment)
      .map((run) => ({ reference, run }))
  );
}

/**
 * An experiment's accuracies after each epoch and its counts of correct pictures, beside the same
 * figures of every reference for its data set and profile. Epochs are compared only within the same
 * profile.
 *
 * @param histories of the experiment's runs
 */
export function besideReferences(
  references: readonly Reference[],
  setting: Setting,
  experiment: ExperimentResults,
  histories: readonly (readonly HistoryRow[])[],
): Results["references"] {
  return reportedOf(references, setting, experiment.name).map(({ reference, run }) => ({
    source: reference.source,
    published: reference.published,
    experiment: experiment.name,
    accuracies: reference.profiles.includes(setting.profile.name)
      ? accuraciesBeside(histories, run.epochs ?? [])
      : [],
    counts: countsBeside(experiment, reference, run),
  }));
}

const ACCURACIES = ["accuracy", "accuracy_without_na", "accuracy_with_na"] as const;

function accuraciesBeside(
  histories: readonly (readonly HistoryRow[])[],
  reported: readonly EpochMeasures[],
): Results["references"][number]["accuracies"] {
  const common = Math.min(reported.length, ...histories.map((epochs) => epochs.length));
  return ACCURACIES.flatMap((metric) => {
    const epochs = reported.slice(0, common).flatMap((epoch, index) => {
      const ours = histories.map((rows) => rows[index]![metric]).filter((value) => value !== null);
      const other = epoch[metric];
      return other === null || ours.length === 0
        ? []
        : [{ ours: summarise(ours), reported: other }];
    });
    return epochs.length === 0 ? [] : [{ metric, epochs }];
  });
}

function countsBeside(
  { summary, runs }: ExperimentResults,
  reference: Reference,
  { counts = {} }: ReferenceRun,
): Results["references"][number]["counts"] {
  const images = imagesByCount(runs[0]!.measures.images);
  const reportedImages = imagesByCount(reference.images);
  return Object.entries(counts).flatMap(([decision, reported]) =>
    CORRECT_COUNTS.flatMap((measure) => {
      const count = reported[measure];
      const ours = summary.decisions[decision]?.[measure];
      const all = reportedImages[measure];
      if (count === undefined || ours === undefined || images[measure] === 0) return [];
      return [{
        decision,
        measure,
        ours,
        images: images[measure],
        reported: count,
        reportedImages: all,
        difference: shareDifference(ours, images[measure], { successes: count, trials: all }),
      }];
    })
  );
}

function shareDifference(ours: Summary, images: number, reported: Proportion): Difference {
  return {
    mean: ours.mean / images - reported.successes / reported.trials,
    standardDeviation: ours.standardDeviation === null ? null : ours.standardDeviation / images,
    ...newcombeInterval({ successes: ours.mean, trials: images }, reported),
  };
}
