/**
 * What the figures say, in sentences made from the figures.
 *
 * @module
 */
import type { Difference } from "../evaluation/differences.ts";
import {
  DECISION_NAMES,
  type DecisionName,
  type RejectedGroup,
  type RightCounts,
} from "../evaluation/evaluate.ts";
import type { ExperimentName } from "../experiments.ts";
import type { ExperimentResults, Results } from "./results.ts";
import { verdictOn } from "./verdict.ts";
import {
  by,
  count,
  decimal,
  decimalWithInterval,
  listed,
  percent,
  points,
  pointsWithInterval,
  shareOf,
} from "../text/wording.ts";

/**
 * Sentences about the results, the most general first. In brackets behind a difference is its 95%
 * interval, see `evaluation/differences.ts`.
 */
export function findings(results: Results): string[] {
  return [
    ...chanceNote(results),
    ...mostRight(results),
    ...rejectingNothing(results),
    ...articleComparison(results),
    ...commonThreshold(results),
    ...costOfRejecting(results),
    ...separation(results),
    ...pytorchEpochs(results),
    ...pytorchShares(results),
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
    const give = verb(best, "gives", "give");
    return `${sentenceStart(by(decision))}, ${titles(best)} ${give} the most right answers: ` +
      `${shares} of the ${count(all)} test pictures.`;
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

/** The comparison that changes the loss alone. */
function commonThreshold(results: Results): string[] {
  const pair = naExperiments(results);
  const differences = naDifferences(results);
  const { test } = results.dataset.counts;
  if (pair === undefined || differences === undefined) return [];
  const { bceNa, bcena } = pair;
  return (["threshold 0.4", "threshold 0.5"] as const).map((decision) => {
    const parts = PARTS.flatMap(([field, group, what]) => {
      const difference = differences.decisions[decision][field];
      if (difference === null) return [];
      const ours = shareOf(bcena.summary.decisions[decision][field], test[group]);
      const other = shareOf(bceNa.summary.decisions[decision][field], test[group]);
      return [`${what} ${ours} against ${other} (${weighed(difference, pointsWithInterval)})`];
    });
    const titles = `${bcena.title} against ${bceNa.title}`;
    return `${sentenceStart(by(decision))} for both, ${titles}: ${listed(parts)}.`;
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
      ...commonSeparation(results, group),
    ];
  });
}

function commonSeparation(results: Results, group: RejectedGroup): string[] {
  const pair = naExperiments(results);
  const differences = naDifferences(results);
  const plain = differences?.openSet[group]?.auroc;
  const counted = differences?.openSetWithNa?.[group]?.auroc;
  if (pair === undefined || !plain || !counted) return [];
  const { bceNa, bcena } = pair;
  return [
    `Against ${group} pictures, the AUROC of ${bcena.title} minus that of ${bceNa.title} is ` +
    `${weighed(plain, decimalWithInterval)}; with the na output of ${bceNa.title} counted in it ` +
    `is ${weighed(counted, decimalWithInterval)}.`,
  ];
}

function naExperiments({ experiments }: Results) {
  const named = (name: ExperimentName) =>
    experiments.find((experiment) => experiment.name === name);
  const bceNa = named("bce-na");
  const bcena = named("bcena");
  return bceNa && bcena ? { bceNa, bcena } : undefined;
}

function naDifferences({ differences }: Results) {
  return differences.find(({ first, second }) => first === "bcena" && second === "bce-na");
}

/** A difference and what may be said of it. */
function weighed(difference: Difference, text: (difference: Difference) => string): string {
  return `${text(difference)}, ${verdictOn(difference)}`;
}

function sentenceStart(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
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

/** How much of a distance from the article another program has as well. */
function pytorchEpochs({ experiments, pytorch }: Results): string[] {
  return pytorch.flatMap(({ experiment, accuracies }) => {
    const parts = accuracies.flatMap(({ metric, epochs }) => {
      const { ours, pytorch, article } = epochs.at(-1)!;
      if (article === null) return [];
      return [
        `${metric.replaceAll("_", " ")} ${shareOf(ours, 1)} (PyTorch ${
          percent(pytorch)
        }, article ` +
        `${percent(article)})`,
      ];
    });
    if (parts.length === 0) return [];
    const { title } = experiments.find(({ name }) => name === experiment)!;
    const { length } = accuracies[0]!.epochs;
    return [
      `${title} beside a PyTorch run that starts at random as well, after ${length} epochs: ` +
      `${listed(parts)}.`,
    ];
  });
}

function pytorchShares({ pytorch }: Results): string[] {
  const shares = pytorch.flatMap(({ rightAnswers }) => rightAnswers);
  if (shares.length === 0) return [];
  const near = shares.filter(({ difference }) => verdictOn(difference) !== "clear");
  return [
    `Of the ${shares.length} shares of right answers that PyTorch runs of the same setting give, ` +
    `${near.length} are met within chance or the spread of the seeds.`,
  ];
}
