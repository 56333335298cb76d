/**
 * The context of a report: whatever it may know besides its runs.
 *
 * @module
 */
import { REJECTED_GROUPS } from "../evaluation/measures.ts";
import type { Extension } from "../extension.ts";
import { by, listed, shareOf } from "../text/wording.ts";
import type { ComparedWith, ExperimentResults, Results } from "./results.ts";
import { rejectedGroups } from "./vocabulary.ts";

/** A sentence with its subject, which is highlighted. */
export interface Sentence {
  readonly lead: string;
  readonly text: string;
}

/** The question behind the runs, and the results others report on it. */
export interface ReportContext extends ComparedWith {
  /** Names of the experiments listed first, in this order; others follow by name. */
  readonly order: readonly string[];
  /** The folder the report is written to, for its commands; by default `reproduce`'s. */
  readonly resultsFolder?: string;
  /** The user's own module, passed to the command line by `--with`. */
  readonly extension?: { readonly path: string } & Pick<Extension, "experiments">;
  /** The name of the profile with the same training but another start, if there is one. */
  readonly otherStart?: (profile: string) => string | undefined;
  /** The report's opening sentence. */
  readonly answer: (results: Results) => string;
  /** The evidence for it, in a few more sentences. */
  readonly account: (results: Results) => readonly Sentence[];
  /** Further findings, after those of every report. */
  readonly findings: (results: Results) => readonly string[];
  /** Ways in which the runs differ from the references they are compared with. */
  readonly deviations: (results: Results) => readonly string[];
}

/** The context of a report that knows only its runs. */
export const STANDALONE: ReportContext = {
  order: [],
  references: [],
  comparisons: [],
  answer: (results) => bestSeparation(results) ?? bestAccuracy(results) ?? NOTHING_KNOWN,
  account: (results) => [...knownAccuracy(results), ...rejectionRates(results)],
  findings: () => [],
  deviations: () => [],
};

function knownAccuracy({ experiments, dataset: { counts: { test } } }: Results): Sentence[] {
  if (test.known === 0) return [];
  const parts = experiments.map(({ title, decision, summary: { decisions } }) =>
    `${title} ${shareOf(decisions[decision]!.knownCorrect, test.known)} (${by(decision)})`
  );
  return [{ lead: "Known accuracy", text: `${listed(parts)}.` }];
}

/** The highest accuracy of all experiments, each at its own decision. */
function bestAccuracy({ experiments, dataset: { counts: { test } } }: Results): string | undefined {
  if (test.known === 0) return undefined;
  const accuracyOf = ({ decision, summary }: ExperimentResults) =>
    summary.decisions[decision]!.knownCorrect;
  const best = experiments.toSorted((a, b) => accuracyOf(b).mean - accuracyOf(a).mean)[0]!;
  return `${best.title} labels ${shareOf(accuracyOf(best), test.known)} of the known pictures ` +
    `correctly, ${by(best.decision)}.`;
}

function rejectionRates(results: Results): Sentence[] {
  const groups = rejectedGroups(results);
  if (groups.length === 0) return [];
  const { test } = results.dataset.counts;
  const parts = results.experiments.map(({ title, decision, summary: { decisions } }) => {
    const rates = groups.map((group) =>
      `${shareOf(decisions[decision]![`${group}Rejected`], test[group])} of the ${group}`
    );
    return `${title} ${listed(rates)} pictures`;
  });
  return [{ lead: "Rejection rates", text: `${parts.join("; ")}.` }];
}

const NOTHING_KNOWN = "This data set has no known test pictures, so that nothing can be measured.";

/** The highest AUROC of all experiments and scores, against unseen pictures if there are any. */
function bestSeparation({ experiments, scores }: Results): string | undefined {
  for (const group of REJECTED_GROUPS.toReversed()) {
    const [best] = experiments.flatMap(({ title, summary }) =>
      Object.entries(summary.openSet).flatMap(([score, { [group]: measures }]) =>
        measures === null ? [] : [{ title, score, auroc: measures.auroc.mean }]
      )
    ).sort((a, b) => b.auroc - a.auroc);
    if (best === undefined) continue;
    return `${best.title} tells ${group} pictures from known ones best: with its ` +
      `${scores[best.score]}, by an AUROC of ${best.auroc.toFixed(3)}.`;
  }
  return undefined;
}
