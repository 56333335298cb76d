/**
 * What the figures say, in sentences made from the figures.
 *
 * @module
 */
import {
  DECISION_NAMES,
  type DecisionName,
  type RejectedGroup,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import type { Summary } from "../evaluation/statistics.ts";
import type { ExperimentName } from "../experiments.ts";
import type { ExperimentResults, Results } from "./results.ts";
import { count, decimal, listed, percent, points, shareOf } from "./wording.ts";

/** Sentences about the results, the most general first. */
export function findings(results: Results): string[] {
  return [
    ...chanceNote(results),
    ...mostRight(results),
    ...rejectingNothing(results),
    ...articleComparison(results),
    ...commonThreshold(results),
    ...costOfRejecting(results),
    ...separation(results),
  ];
}

function chanceNote({ experiments }: Results): string[] {
  const single = experiments.filter(({ runs }) => runs.length === 1);
  if (single.length === 0) return [];
  const which = single.length === experiments.length
    ? "Every experiment"
    : listed(single.map(({ title }) => title));
  return [
    `${which} ran with one seed only, so a difference of a few points may be chance.`,
  ];
}

function mostRight(results: Results): string[] {
  const { experiments, dataset: { counts: { test } } } = results;
  const all = test.known + test.unknown + test.unseen;
  if (experiments.length < 2) return [];
  return DECISION_NAMES.map((decision) => {
    const total = ({ summary }: ExperimentResults) => summary.decisions[decision].totalRight;
    const best = highest(experiments, (experiment) => total(experiment).mean);
    const shares = shareOf(total(best[0]!), all);
    return `${by(decision)}, ${titles(best)} ${verb(best, "gives", "give")} the most right ` +
      `answers: ${shares} of the ${count(all)} test pictures.`;
  });
}

function rejectingNothing({ experiments, dataset: { counts: { test } } }: Results): string[] {
  if (test.unknown + test.unseen === 0) return [];
  const none = experiments.filter(({ summary: { decisions } }) =>
    decisions.argmax.unknownRejected.mean === 0 && decisions.argmax.unseenRejected.mean === 0
  );
  if (none.length === 0) return [];
  return [
    `By argmax, ${titles(none)} ${verb(none, "rejects", "reject")} no unknown or unseen picture.`,
  ];
}

/** The comparison the article draws, which changes the loss and the decision at once. */
function articleComparison(results: Results): string[] {
  const pair = naExperiments(results);
  const { unseen } = results.dataset.counts.test;
  if (pair === undefined || unseen === 0) return [];
  const { bceNa, bcena } = pair;
  const before = bceNa.summary.decisions["argmax"].unseenRejected;
  const after = bcena.summary.decisions["threshold 0.5"].unseenRejected;
  const sameDecision = bceNa.summary.decisions["threshold 0.5"].unseenRejected;
  const whole = (after.mean - before.mean) / unseen;
  const rest = (after.mean - sameDecision.mean) / unseen;
  return [
    `The article sets ${bceNa.title} by argmax against ${bcena.title} at threshold 0.5. Here these ` +
    `reject ${shareOf(before, unseen)} and ${shareOf(after, unseen)} of the unseen pictures, a ` +
    `difference of ${points(whole)}. With threshold 0.5 for both, the difference is ${
      points(rest)
    }.`,
  ];
}

function commonThreshold(results: Results): string[] {
  const pair = naExperiments(results);
  const { test } = results.dataset.counts;
  if (pair === undefined) return [];
  const { bceNa, bcena } = pair;
  return (["threshold 0.4", "threshold 0.5"] as const).map((decision) => {
    const parts = PARTS.filter(([, group]) => test[group] > 0).map(([field, group, what]) => {
      const ours = bcena.summary.decisions[decision][field];
      const other = bceNa.summary.decisions[decision][field];
      const difference = points((ours.mean - other.mean) / test[group]);
      return `${what} ${shareOf(ours, test[group])} against ${shareOf(other, test[group])} ` +
        `(${difference}${spreadNote(ours, other)})`;
    });
    return `${by(decision)} for both, ${bcena.title} against ${bceNa.title}: ${listed(parts)}.`;
  });
}

const PARTS: readonly [keyof RightCounts, "known" | RejectedGroup, string][] = [
  ["knownRight", "known", "known right"],
  ["unknownRejected", "unknown", "unknown rejected"],
  ["unseenRejected", "unseen", "unseen rejected"],
];

function costOfRejecting({ experiments, dataset: { counts: { test } } }: Results): string[] {
  if (test.known === 0) return [];
  const share = ({ summary }: ExperimentResults, decision: DecisionName) =>
    summary.decisions[decision].knownRight.mean / test.known;
  const parts = experiments.map((experiment) =>
    `${experiment.title} ${percent(share(experiment, "argmax"))} and ${
      percent(share(experiment, "threshold 0.5"))
    }`
  );
  return [
    `What rejecting costs: the share of known pictures that are right, by argmax and at threshold ` +
    `0.5, is for ${listed(parts)}.`,
  ];
}

function separation(results: Results): string[] {
  return (["unknown", "unseen"] as const).flatMap((group) => {
    const measured = results.experiments.filter(({ summary }) => summary.openSet[group] !== null);
    if (measured.length === 0) return [];
    const figures = measured.map(({ title, summary }) =>
      `${title} ${decimal(summary.openSet[group]!.auroc)}`
    );
    const best = highest(measured, ({ summary }) => summary.openSet[group]!.oscrArea.mean);
    const area = decimal(best[0]!.summary.openSet[group]!.oscrArea);
    return [
      `Over all thresholds, known pictures score above ${group} ones with an AUROC of ${
        listed(figures)
      }; the largest OSCR area is that of ${titles(best)}, ${area}.`,
    ];
  });
}

function naExperiments({ experiments }: Results) {
  const named = (name: ExperimentName) =>
    experiments.find((experiment) => experiment.name === name);
  const bceNa = named("bce-na");
  const bcena = named("bcena");
  return bceNa && bcena ? { bceNa, bcena } : undefined;
}

/** How a difference compares with the sum of the two deviations; nothing for single runs. */
function spreadNote(a: Summary, b: Summary): string {
  if (a.standardDeviation === null || b.standardDeviation === null) return "";
  const spread = a.standardDeviation + b.standardDeviation;
  const within = Math.abs(a.mean - b.mean) <= spread;
  return within ? ", within the spread of the seeds" : ", more than the spread of the seeds";
}

function by(decision: DecisionName): string {
  return decision === "argmax" ? "By argmax" : `At ${decision}`;
}

/** All experiments that share the highest value. */
function highest(
  experiments: readonly ExperimentResults[],
  value: (experiment: ExperimentResults) => number,
): ExperimentResults[] {
  const most = Math.max(...experiments.map(value));
  return experiments.filter((experiment) => value(experiment) === most);
}

function titles(experiments: readonly ExperimentResults[]): string {
  return listed(experiments.map(({ title }) => title));
}

function verb(subjects: readonly unknown[], singular: string, plural: string): string {
  return subjects.length === 1 ? singular : plural;
}
