import { argmax } from "../../evaluation/decisions.ts";
import { REJECTED_GROUPS } from "../../evaluation/measures.ts";
import { by, capitalised, count, decimal, listed, percent, shareOf } from "../../text/wording.ts";
import { type ReportContext, STANDALONE } from "../context.ts";
import type { ExperimentResults, Results } from "../results.ts";
import { strictestDecision, verdictOn } from "../vocabulary.ts";

/** Findings from the measures: the most general sentences first, the context's last. */
export function findings(results: Results, context: ReportContext = STANDALONE): string[] {
  return [
    ...chanceNote(results),
    ...mostCorrect(results),
    ...rejectingNothing(results),
    ...costOfRejecting(results),
    ...separation(results),
    ...referenceEpochs(results),
    ...referenceShares(results),
    ...context.findings(results),
  ];
}

function chanceNote({ experiments }: Results): string[] {
  const single = experiments.filter(({ runs }) => runs.length === 1);
  if (single.length === 0) return [];
  const which = single.length === experiments.length ? "Every experiment" : titles(single);
  return [
    `${which} ran with one seed only, so a difference of a few points may be chance.`,
  ];
}

function mostCorrect({ experiments, decisions, dataset: { counts: { test } } }: Results): string[] {
  const all = test.known + test.unknown + test.unseen;
  if (experiments.length < 2) return [];
  return decisions.map((decision) => {
    const total = ({ summary }: ExperimentResults) => summary.decisions[decision]!.totalCorrect;
    const best = highest(experiments, (experiment) => total(experiment).mean);
    return `${capitalised(by(decision))}, ${titles(best)} ${verb(best, "labels", "label")} the ` +
      `most pictures correctly: ${shareOf(total(best[0]!), all)} of the ${
        count(all)
      } test pictures.`;
  });
}

function rejectingNothing({ experiments, dataset: { counts: { test } } }: Results): string[] {
  if (test.unknown + test.unseen === 0) return [];
  const none = experiments.filter(({ summary: { decisions } }) =>
    REJECTED_GROUPS.every((group) => decisions[argmax.name]?.[`${group}Rejected`].mean === 0)
  );
  if (none.length === 0) return [];
  return [
    `${capitalised(argmax.phrase)}, ${titles(none)} ` +
    `${verb(none, "rejects", "reject")} no unknown or unseen picture.`,
  ];
}

function costOfRejecting(results: Results): string[] {
  const { experiments, dataset: { counts: { test } } } = results;
  const strict = strictestDecision(results);
  if (test.known === 0 || strict === undefined) return [];
  const accuracy = ({ summary }: ExperimentResults, decision: string) =>
    percent(summary.decisions[decision]!.knownCorrect.mean / test.known);
  const parts = experiments.map((experiment) =>
    `${accuracy(experiment, argmax.name)} to ${accuracy(experiment, strict)} ` +
    `for ${experiment.title}`
  );
  return [
    `What rejecting costs: from ${argmax.name} to ${strict}, known accuracy goes from ` +
    `${listed(parts)}.`,
  ];
}

/** How well known pictures are separated from others, by the first score. */
function separation({ experiments, scores }: Results): string[] {
  const [score] = Object.keys(scores);
  return REJECTED_GROUPS.flatMap((group) => {
    const measured = experiments.flatMap(({ title, summary }) => {
      const openSet = summary.openSet[score!]?.[group];
      return openSet ? [{ title, openSet }] : [];
    });
    if (measured.length === 0) return [];
    const areas = measured.map(({ title, openSet }) => `${title} ${decimal(openSet.auroc)}`);
    const best = highest(measured, ({ openSet }) => openSet.oscrArea.mean);
    return [
      `Over all thresholds, known pictures score above ${group} ones with an AUROC of ${
        listed(areas)
      }; the largest OSCR area is that of ${titles(best)}, ${decimal(best[0]!.openSet.oscrArea)}.`,
    ];
  });
}

/**
 * Accuracies after the last common epoch, where several references report an experiment's epochs.
 */
function referenceEpochs({ experiments, references }: Results): string[] {
  return experiments.flatMap(({ name, title }) => {
    const reports = references.filter(({ experiment, accuracies }) =>
      experiment === name && accuracies.length > 0
    );
    if (reports.length < 2) return [];
    const last = Math.min(
      ...reports.flatMap(({ accuracies }) => accuracies.map(({ epochs }) => epochs.length)),
    );
    const parts = reports[0]!.accuracies.flatMap(({ metric, epochs }) => {
      const others = reports.flatMap(({ source, accuracies }) => {
        const found = accuracies.find((reported) => reported.metric === metric);
        return found === undefined
          ? []
          : [`${source} ${percent(found.epochs[last - 1]!.reported)}`];
      });
      const ours = shareOf(epochs[last - 1]!.ours, 1);
      return [`${metric.replaceAll("_", " ")} ${ours} (${others.join(", ")})`];
    });
    return [
      `${title} beside ${listed(reports.map(({ source }) => source))}, after ${last} epochs: ${
        listed(parts)
      }.`,
    ];
  });
}

function referenceShares({ references }: Results): string[] {
  const unpublished = references.filter(({ published }) => !published);
  return [...Map.groupBy(unpublished, ({ source }) => source)].flatMap(([source, reports]) => {
    // A network that cannot reject has rejection rates of zero, which are not worth comparing.
    const shares = reports.flatMap(({ counts }) => counts).filter(({ reported }) => reported > 0);
    if (shares.length === 0) return [];
    const near = shares.filter(({ difference }) => verdictOn(difference) !== "clear");
    return [
      `Of the ${shares.length} shares of correct pictures that ${source} reports of the same ` +
      `setting, ${near.length} are met within chance or the spread of the seeds.`,
    ];
  });
}

/** All entries that share the highest value. */
function highest<T>(all: readonly T[], value: (one: T) => number): T[] {
  const most = Math.max(...all.map(value));
  return all.filter((one) => value(one) === most);
}

function titles(experiments: readonly { readonly title: string }[]): string {
  return listed(experiments.map(({ title }) => title));
}

function verb(subjects: readonly unknown[], singular: string, plural: string): string {
  return subjects.length === 1 ? singular : plural;
}
