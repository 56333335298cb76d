/**
 * What a report may know besides its runs.
 *
 * @module
 */
import { REJECTED_GROUPS } from "../evaluation/measures.ts";
import type { Extension } from "../extension.ts";
import { by, listed, shareOf } from "../text/wording.ts";
import type { ComparedWith, Results } from "./results.ts";
import { rejectedGroups } from "./vocabulary.ts";

/** A sentence with what it is about, to be seen at a glance. */
export interface Sentence {
  readonly lead: string;
  readonly text: string;
}

/** A question behind the runs, and what others report of it. */
export interface ReportContext extends ComparedWith {
  /** Names of the experiments that come first, in this order; others follow by name. */
  readonly order: readonly string[];
  /** Where the report is written, for its commands; by default where `reproduce` would. */
  readonly resultsFolder?: string;
  /** The user's own module that the command line was given by `--with`. */
  readonly extension?: { readonly path: string } & Pick<Extension, "experiments">;
  /** The name of the profile that trains as this one does, but from another start, if there is one. */
  readonly otherStart?: (profile: string) => string | undefined;
  /** The sentence that the report opens with. */
  readonly answer: (results: Results) => string;
  /** What stands behind it, in some more sentences. */
  readonly account: (results: Results) => readonly Sentence[];
  /** Sentences to follow those that every report has. */
  readonly findings: (results: Results) => readonly string[];
  /** In what the runs differ from the references that they are compared with. */
  readonly deviations: (results: Results) => readonly string[];
}

/** Nothing but the runs themselves. */
export const STANDALONE: ReportContext = {
  order: [],
  references: [],
  comparisons: [],
  answer: (results) => bestSeparation(results) ?? knownAccuracy(results)[0]?.text ?? NOTHING_KNOWN,
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

/** Of all experiments and scores the highest AUROC, against unseen pictures if there are any. */
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
