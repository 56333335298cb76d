/**
 * What a report may know besides its runs.
 *
 * @module
 */
import type { Reference } from "./reference.ts";
import type { Comparison, Results } from "./results.ts";

/** A sentence with what it is about, to be seen at a glance. */
export interface Sentence {
  readonly lead: string;
  readonly text: string;
}

/** A question behind the runs, and what others report of it. */
export interface ReportContext {
  /** Names of the experiments that come first, in this order; others follow by name. */
  readonly order: readonly string[];
  readonly references: readonly Reference[];
  /** Differences to compute besides those of all pairs of experiments. */
  readonly comparisons: readonly Comparison[];
  /** The sentences that the report opens with. */
  readonly answer: (results: Results) => readonly Sentence[];
  /** Sentences to follow those that every report has. */
  readonly findings: (results: Results) => readonly string[];
  /** In what the runs differ from the references that they are compared with. */
  readonly deviations: (results: Results) => readonly string[];
}
