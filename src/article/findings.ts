/**
 * What the measures say of the article's main comparison, in sentences made from them.
 *
 * @module
 */
import { threshold } from "../evaluation/decisions.ts";
import type { Difference } from "../evaluation/differences.ts";
import { REJECTED_GROUPS, type RejectedGroup } from "../evaluation/measures.ts";
import type { ExperimentResults, Results } from "../report/results.ts";
import { verdictOn } from "../report/verdict.ts";
import { COUNT_TITLES, experimentNamed } from "../report/vocabulary.ts";
import { highestScore } from "../scores/highest_score.ts";
import { knownMinusNa } from "../scores/known_minus_na.ts";
import {
  capitalised,
  decimalWithInterval,
  listed,
  points,
  pointsWithInterval,
  shareOf,
} from "../text/wording.ts";
import { CLAIMED } from "./comparisons.ts";
import { bceNa, bcena } from "./experiments.ts";

/** Sentences on both experiments; none if either did not run. */
export function articleFindings(results: Results): string[] {
  const before = experimentNamed(results, bceNa.name);
  const after = experimentNamed(results, bcena.name);
  const differences = results.differences.find(({ first, second }) =>
    first === bcena.name && second === bceNa.name
  );
  if (before === undefined || after === undefined) return [];
  const pair = { before, after, differences };
  return [
    ...articleComparison(results, pair),
    ...commonThreshold(results, pair),
    ...REJECTED_GROUPS.flatMap((group) => commonSeparation(pair, group)),
  ];
}

interface Pair {
  readonly before: ExperimentResults;
  readonly after: ExperimentResults;
  /** After minus before, if they have a seed in common. */
  readonly differences: Results["differences"][number] | undefined;
}

/** The comparison the article draws, which changes the loss and the decision at once. */
function articleComparison({ dataset }: Results, { before, after }: Pair): string[] {
  const { unseen } = dataset.counts.test;
  if (unseen === 0) return [];
  const { first: { decision }, second: { decision: earlier } } = CLAIMED;
  const rejected = ({ summary }: ExperimentResults, { name }: typeof decision) =>
    summary.decisions[name]!.unseenRejected;
  const own = rejected(before, earlier);
  const other = rejected(after, decision);
  const whole = (other.mean - own.mean) / unseen;
  const rest = (other.mean - rejected(before, decision).mean) / unseen;
  return [
    `The article compares ${before.title} ${earlier.phrase} with ${after.title} ` +
    `${decision.phrase}. Here these reject ${shareOf(own, unseen)} and ${shareOf(other, unseen)} ` +
    `of the unseen pictures, a difference of ${
      points(whole)
    }. With ${decision.name} for both, the ` +
    `difference is ${points(rest)}.`,
  ];
}

/** The comparison that changes the loss alone. */
function commonThreshold({ dataset }: Results, { before, after, differences }: Pair): string[] {
  const { test } = dataset.counts;
  if (differences === undefined) return [];
  return [threshold(0.4), threshold(0.5)].map(({ name, phrase }) => {
    const parts = PARTS.flatMap(([measure, group]) => {
      const difference = differences.decisions[name]?.[measure];
      if (!difference) return [];
      const ours = shareOf(after.summary.decisions[name]![measure], test[group]);
      const other = shareOf(before.summary.decisions[name]![measure], test[group]);
      return [
        `${COUNT_TITLES[measure]} ${ours} against ${other} ` +
        `(${weighed(difference, pointsWithInterval)})`,
      ];
    });
    return `${capitalised(phrase)} for both, ${after.title} against ${before.title}: ${
      listed(parts)
    }.`;
  });
}

const PARTS = [
  ["knownCorrect", "known"],
  ["unknownRejected", "unknown"],
  ["unseenRejected", "unseen"],
] as const;

function commonSeparation({ before, after, differences }: Pair, group: RejectedGroup): string[] {
  const plain = differences?.openSet[highestScore.name]?.[group]?.auroc;
  const counted = differences?.openSet[knownMinusNa.name]?.[group]?.auroc;
  if (!plain || !counted) return [];
  return [
    `Against ${group} pictures, the AUROC of ${after.title} minus that of ${before.title} is ` +
    `${weighed(plain, decimalWithInterval)}; with the na output of ${before.title} counted in it ` +
    `is ${weighed(counted, decimalWithInterval)}.`,
  ];
}

/** A difference and what may be said of it. */
function weighed(difference: Difference, text: (difference: Difference) => string): string {
  return `${text(difference)}, ${verdictOn(difference)}`;
}
