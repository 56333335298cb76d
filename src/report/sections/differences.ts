import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { count, decimalWithInterval, listed, percentWithInterval } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { paragraph, type Section, tables } from "../section.ts";
import {
  COUNT_TITLES,
  countedCorrect,
  experimentNamed,
  rejectedGroups,
  titleOf,
} from "../vocabulary.ts";

/** Differences between the experiments; no blocks if there is no pair of them. */
export const differences: Section = (results) => {
  if (results.differences.length === 0) return [];
  return [
    paragraph(
      "All experiments were tested on the same pictures. In brackets are 95% intervals from " +
        `${count(results.resamples)} resamples of these pictures, drawn within each group and ` +
        "the same for all experiments (paired percentile bootstrap). They show how much these " +
        "differences could vary with other test pictures of the same kind. How much they vary " +
        "with other networks is told by the standard deviation over the seeds, behind ±, where " +
        "there are several.",
    ),
    ...tables(correctDifferenceTable(results), openSetDifferenceTable(results)),
  ];
};

/** Differences of every pair of experiments by the same decision; the last pair comes first. */
function correctDifferenceTable(results: Results): Table {
  const entries = results.differences.toReversed().flatMap((pair) =>
    Object.entries(pair.decisions).map(([decision, shares]) => ({ pair, decision, shares }))
  );
  return tableOf(
    "Differences of the shares of correct pictures, the first experiment minus the " +
      "second, in percentage points",
    entries,
    [
      words("first minus second", ({ pair }) => pairTitle(results, pair)),
      words("decision", ({ decision }) => decision),
      ...countedCorrect(results).map((measure) =>
        numbers<typeof entries[number]>(
          COUNT_TITLES[measure],
          ({ shares }) => percentWithInterval(shares[measure]!),
        )
      ),
    ],
  );
}

/** Differences in open-set measures of every pair of experiments, in the same order. */
function openSetDifferenceTable(results: Results): Table {
  const entries = results.differences.toReversed().flatMap((pair) =>
    rejectedGroups(results).flatMap((group) =>
      Object.entries(pair.openSet).flatMap(([score, { [group]: measures }]) =>
        measures === null ? [] : [{ pair, group, score, measures }]
      )
    )
  );
  return tableOf(
    "Differences of the measures over all thresholds, the first experiment minus the " +
      "second; an experiment that the score does not apply to is judged by its highest known score",
    entries,
    [
      words("first minus second", ({ pair }) => pairTitle(results, pair)),
      words("known against", ({ group }) => group),
      words("score", ({ score }) => results.scores[score]!),
      numbers("AUROC", ({ measures }) => decimalWithInterval(measures.auroc)),
      numbers("FPR at 95% TPR", ({ measures }) => decimalWithInterval(measures.fprAt95Tpr)),
      numbers("OSCR area", ({ measures }) => decimalWithInterval(measures.oscrArea)),
    ],
  );
}

/** The title of a pair, with its seeds if either experiment ran with others as well. */
function pairTitle(
  results: Results,
  { first, second, seeds }: Results["differences"][number],
): string {
  const title = `${titleOf(results, first)} minus ${titleOf(results, second)}`;
  const complete = [first, second]
    .every((name) => experimentNamed(results, name)!.runs.length === seeds.length);
  return complete ? title : `${title} (seeds ${listed(seeds.map(String))})`;
}
