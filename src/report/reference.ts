/**
 * Measures that somebody else reports of the same experiments, and ours beside them. Pure.
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

/** Runs of another program, or a publication, to stand beside ours. */
export interface Reference {
  /** What tables and plots call it, for example `article`; those of one source share it. */
  readonly source: string;
  /** Where it comes from and how it was made, in a few sentences. */
  readonly description: string;
  /** The data set that it belongs to. */
  readonly dataset: string;
  /** The profiles that it belongs to. */
  readonly profiles: readonly string[];
  /**
   * Whether it is a publication: its counts then stand in the main table, beside runs of other
   * profiles as well, for orientation.
   */
  readonly published: boolean;
  /** Numbers of test pictures that its counts are parts of. */
  readonly images: Readonly<Record<Group, number>>;
  readonly runs: readonly ReferenceRun[];
}

/** What a reference says of one experiment; what it does not say is left out. */
export interface ReferenceRun {
  /** The experiment's name. */
  readonly experiment: string;
  /** In order over all phases; may end before ours. */
  readonly epochs?: readonly EpochMeasures[];
  /** Numbers of correct pictures by the name of the decision. */
  readonly counts?: Readonly<Record<string, Partial<CorrectCounts>>>;
  /** By the name of the decision. */
  readonly confusions?: Readonly<Record<string, ReferenceConfusion>>;
}

/** A confusion matrix, `na` its last column. */
export interface ReferenceConfusion {
  /** The known categories, in the order of rows and columns. */
  readonly known: readonly string[];
  /** One row per known category, then one for unknown and one for unseen pictures if there are. */
  readonly rows: readonly (readonly number[])[];
}

/** What references belong to. */
export type Setting = Readonly<Record<"dataset" | "profile", { readonly name: string }>>;

/** The references that belong to a data set and profile; publications to every profile. */
export function referencesFor(
  references: readonly Reference[],
  { dataset, profile }: Setting,
): Reference[] {
  return references.filter((reference) =>
    reference.dataset === dataset.name &&
    (reference.published || reference.profiles.includes(profile.name))
  );
}

/** What references say of an experiment, each with its run, see {@linkcode referencesFor}. */
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
 * An experiment's accuracies after each epoch and its counts of correct pictures, beside those of
 * every reference that belongs to data set and profile. Epochs are compared with the same profile
 * alone.
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
