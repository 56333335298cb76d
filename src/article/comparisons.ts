/**
 * The article's comparison, which changes the loss and the decision at once: its definition, and
 * sentences on it made from the measures.
 *
 * @module
 */
import { argmax, threshold } from "../evaluation/decisions.ts";
import type { Difference } from "../evaluation/differences.ts";
import {
  CORRECT_COUNTS,
  imagesByCount,
  REJECTED_GROUPS,
  type RejectedGroup,
} from "../evaluation/measures.ts";
import type { Comparison, ExperimentResults, Results } from "../report/results.ts";
import { COUNT_TITLES, experimentNamed, verdictOn } from "../report/vocabulary.ts";
import { highestScore } from "../scores/highest_score.ts";
import { knownMinusNa } from "../scores/known_minus_na.ts";
import { capitalised, decimalWithInterval, points, pointsMore, shareOf } from "../text/wording.ts";
import { bceNa, bcena } from "./experiments.ts";

const HIGH = threshold(0.5);
const BEFORE = { experiment: bceNa.name, decision: argmax } as const;

/** The comparison as in the article. */
export const CLAIMED: Comparison = {
  first: { experiment: bcena.name, decision: HIGH },
  second: BEFORE,
};

/** The part of it due to the threshold alone. */
export const BY_THE_THRESHOLD: Comparison = {
  first: { experiment: bceNa.name, decision: HIGH },
  second: BEFORE,
  seedsOf: bcena.name,
};

/** Results for the article's comparison. */
export type ComparedPair = NonNullable<ReturnType<typeof comparedPair>>;

/** Both experiments of the comparison; `undefined` if either did not run. */
export function comparedPair(results: Results) {
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
    /** After minus before by the same decisions, if they have a common seed. */
    differences: results.differences.find(({ first, second }) =>
      first === bcena.name && second === bceNa.name
    ),
    /**
     * The difference in rejected unseen pictures, if there are any, as the article compares them.
     */
    claimed: rejectedMore(CLAIMED),
    /** The same difference due to the threshold alone. */
    byThreshold: rejectedMore(BY_THE_THRESHOLD),
  };
}

/** Sentences on both experiments; none if either did not run. */
export function articleFindings(results: Results): string[] {
  const pair = comparedPair(results);
  if (pair === undefined) return [];
  return [
    ...articleComparison(results, pair),
    ...commonThreshold(results, pair),
    ...REJECTED_GROUPS.flatMap((group) => commonSeparation(pair, group)),
  ];
}

/** The article's comparison, which changes the loss and the decision at once. */
function articleComparison({ dataset }: Results, { before, after }: ComparedPair): string[] {
  const { unseen } = dataset.counts.test;
  if (unseen === 0) return [];
  const { first: { decision }, second: { decision: earlier } } = CLAIMED;
  const rejected = ({ summary }: ExperimentResults, { name }: typeof decision) =>
    summary.decisions[name]!.unseenRejected;
  const own = rejected(before, earlier);
  const other = rejected(after, decision);
  const whole = points((other.mean - own.mean) / unseen);
  const rest = points((other.mean - rejected(before, decision).mean) / unseen);
  return [
    `The article compares ${before.title} ${earlier.phrase} with ${after.title} ` +
    `${decision.phrase}: of the unseen pictures, here they reject ${shareOf(own, unseen)} and ` +
    `${shareOf(other, unseen)}, a difference of ${whole}.`,
    `With ${decision.name} for both, that difference is ${rest}.`,
  ];
}

/** The comparison that changes only the loss. */
function commonThreshold(
  { dataset }: Results,
  { before, after, differences }: ComparedPair,
): string[] {
  if (differences === undefined) return [];
  const images = imagesByCount(dataset.counts.test);
  return [threshold(0.4), threshold(0.5)].flatMap(({ name, phrase }) =>
    CORRECT_COUNTS.flatMap((measure) => {
      const difference = differences.decisions[name]?.[measure];
      if (!difference || measure === "totalCorrect") return [];
      const share = shareOf(after.summary.decisions[name]![measure], images[measure]);
      return [
        `${capitalised(phrase)} for both, ${after.title} has ${share} ${COUNT_TITLES[measure]}, ` +
        `${pointsMore(difference)} than ${before.title}: ${verdictOn(difference)}.`,
      ];
    })
  );
}

function commonSeparation(
  { before, after, differences }: ComparedPair,
  group: RejectedGroup,
): string[] {
  const plain = differences?.openSet[highestScore.name]?.[group]?.auroc;
  const counted = differences?.openSet[knownMinusNa.name]?.[group]?.auroc;
  if (!plain || !counted) return [];
  return [
    `Against ${group} pictures, the AUROC of ${after.title} minus that of ${before.title} is ` +
    `${weighed(plain, decimalWithInterval)}; with the na output of ${before.title} counted in it ` +
    `is ${weighed(counted, decimalWithInterval)}.`,
  ];
}

/** A difference as text, with its verdict. */
function weighed(difference: Difference, text: (difference: Difference) => string): string {
  return `${text(difference)}, ${verdictOn(difference)}`;
}
