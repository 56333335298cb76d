/**
 * The article's comparison: another loss and another decision at once.
 *
 * @module
 */
import { argmax, threshold } from "../evaluation/decisions.ts";
import type { Comparison, Results } from "../report/results.ts";
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

/** The differences of a comparison, if both experiments ran. */
export function comparedIn(
  { comparisons }: Results,
  { first, second }: Comparison,
): Results["comparisons"][number]["differences"] | undefined {
  type Side = Comparison["first"];
  const isSame = (found: { experiment: string; decision: string }, wanted: Side) =>
    found.experiment === wanted.experiment && found.decision === wanted.decision.name;
  return comparisons.find((compared) =>
    isSame(compared.first, first) && isSame(compared.second, second)
  )?.differences;
}
