/**
 * Measures that somebody else reports of the same experiments. Pure data.
 *
 * @module
 */
import type { Group } from "../data/categories.ts";
import type { CorrectCounts } from "../evaluation/measures.ts";
import type { EpochMeasures } from "../training/history.ts";

/** Runs of another program, or a publication, to stand beside ours. */
export interface Reference {
  /** What tables and plots call it, for example `article`; those of one source share it. */
  readonly source: string;
  /** Where it comes from and how it was made, in a few sentences. */
  readonly description: string;
  /** The data set that it belongs to. */
  readonly dataset: string;
  /** The profile that it belongs to. */
  readonly profile: string;
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

/** The references that belong to a data set and profile; publications to every profile. */
export function referencesFor(
  references: readonly Reference[],
  { dataset, profile }: {
    readonly dataset: { readonly name: string };
    readonly profile: { readonly name: string };
  },
): Reference[] {
  return references.filter((reference) =>
    reference.dataset === dataset.name &&
    (reference.published || reference.profile === profile.name)
  );
}

/** What a reference that belongs to data set and profile says of one experiment. */
export interface Reported {
  readonly reference: Reference;
  readonly run: ReferenceRun;
}

/** What references say of an experiment, see {@linkcode referencesFor}. */
export function reportedOf(
  references: readonly Reference[],
  setting: Parameters<typeof referencesFor>[1],
  experiment: string,
): Reported[] {
  return referencesFor(references, setting).flatMap((reference) =>
    reference.runs.filter((run) => run.experiment === experiment)
      .map((run) => ({ reference, run }))
  );
}
