/**
 * The article's comparison: another loss and another decision at once.
 *
 * @module
 */
import { argmax, threshold } from "../evaluation/decisions.ts";
import type { Difference } from "../evaluation/differences.ts";
import type { Comparison, ExperimentResults, Results } from "../report/results.ts";
import { experimentNamed } from "../report/vocabulary.ts";
import { bceNa, bcena } from "./experiments.ts";

const HIGH = threshold(0.5);
const BEFORE = { experiment: bceNa.name, decision: argmax } as const;

/** As the article draws it. */
export const CLAIMED: Comparison = {
  first: { experiment: bcena.name, decision: HIGH },
  second: BEFORE,
};

/** What of it the threshold does alone. */
export const BY_THE_THRESHOLD: Comparison = {
  first: { experiment: bceNa.name, decision: HIGH },
  second: BEFORE,
};

/** What results say of the article's comparison. */
export interface ComparedPair {
  readonly before: ExperimentResults;
  readonly after: ExperimentResults;
  /** After minus before by the same decisions, if they have a seed in common. */
  readonly differences: Results["differences"][number] | undefined;
  /** How many more unseen pictures are rejected, if there are any: as the article compares. */
  readonly claimed: Difference | null | undefined;
  /** The same by the threshold alone. */
  readonly byThreshold: Difference | null | undefined;
}

/** Both experiments of the comparison; `undefined` if either did not run. */
export function comparedPair(results: Results): ComparedPair | undefined {
  const before = experimentNamed(results, bceNa.name);
  const after = experimentNamed(results, bcena.name);
  if (before === undefined || after === undefined) return undefined;
  const rejectedMore = ({ first: { experiment } }: Comparison) =>
    results.comparisons.find(({ first, second }) =>
      first.experiment === experiment && second.experiment === bceNa.name
    )?.differences.unseenRejected;
  return {
    before,
    after,
    differences: results.differences.find(({ first, second }) =>
      first === bcena.name && second === bceNa.name
    ),
    claimed: rejectedMore(CLAIMED),
    byThreshold: rejectedMore(BY_THE_THRESHOLD),
  };
}
