import type { Difference } from "../../evaluation/differences.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import {
  count,
  countWithShare,
  percent,
  percentWithInterval,
  shareOf,
  signedPercent,
} from "../../text/wording.ts";
import { referencesFor } from "../reference.ts";
import type { Results } from "../results.ts";
import { paragraph, type Section, tables } from "../section.ts";
import { COUNT_TITLES, titleOf, verdictOn } from "../vocabulary.ts";

/** A description of each reference, and our measures beside its own for the same setting. */
export const references: Section = (results, _runs, context) => {
  const bySource = Map.groupBy(referencesFor(context.references, results), ({ source }) => source);
  return [...bySource].flatMap(([source, described]) => {
    const beside = results.references.filter((reported) => reported.source === source);
    const shown = tables(
      epochTable(results, source, beside),
      countTable(results, source, beside),
    );
    if (shown.length === 0) return [];
    const descriptions = new Set(described.map(({ description }) => description));
    return [...[...descriptions].map(paragraph), ...shown];
  });
};

/** The differences between epochs. */
function epochTable(results: Results, source: string, beside: Results["references"]): Table {
  const entries = beside.flatMap(({ experiment, accuracies }) =>
    accuracies.map(({ metric, epochs }) => ({
      experiment,
      metric,
      epochs: epochs.length,
      last: epochs.at(-1)!,
      ...epochDifferences(epochs),
    }))
  );
  return tableOf(
    `Validation accuracies after the last epoch that both have, and ours minus ${source} ` +
      "over all epochs up to it, in percentage points",
    entries,
    [
      words("experiment", ({ experiment }) => titleOf(results, experiment)),
      words("measure", ({ metric }) => metric.replaceAll("_", " ")),
      numbers("epochs", ({ epochs }) => count(epochs)),
      numbers("ours", ({ last }) => shareOf(last.ours, 1)),
      numbers(source, ({ last }) => percent(last.reported)),
      numbers("mean difference", ({ mean }) => signedPercent(mean)),
      numbers(
        "largest difference",
        ({ largest, epochOfLargest }) => `${signedPercent(largest)} (epoch ${epochOfLargest})`,
      ),
    ],
  );
}

type EpochPair = Results["references"][number]["accuracies"][number]["epochs"][number];

/** Ours minus theirs: the mean, and the largest difference with its epoch, counted from 1. */
function epochDifferences(epochs: readonly EpochPair[]) {
  const differences = epochs.map(({ ours, reported }) => ours.mean - reported);
  const sizes = differences.map(Math.abs);
  const index = sizes.indexOf(Math.max(...sizes));
  return {
    mean: differences.reduce((sum, difference) => sum + difference, 0) / differences.length,
    largest: differences[index]!,
    epochOfLargest: index + 1,
  };
}

/** Every reported count beside ours. */
function countTable(results: Results, source: string, beside: Results["references"]): Table {
  return tableOf(
    `Ours beside ${source} on the test pictures, and the difference of the shares with ` +
      "Newcombe's 95% interval",
    beside.flatMap(({ experiment, counts }) => counts.map((count) => ({ experiment, ...count }))),
    [
      words("experiment", ({ experiment }) => titleOf(results, experiment)),
      words("decision", ({ decision }) => decision),
      words("measure", ({ measure }) => COUNT_TITLES[measure]),
      numbers("ours", ({ ours, images }) => countWithShare(ours, images)),
      numbers(
        source,
        ({ reported, reportedImages }) =>
          countWithShare({ mean: reported, standardDeviation: null }, reportedImages),
      ),
      numbers("difference in points", ({ difference }) => percentWithInterval(difference)),
      words("verdict", ({ difference }) => verdictBeside(difference)),
    ],
  );
}

function verdictBeside(difference: Difference): string {
  const verdict = verdictOn(difference);
  if (verdict !== "clear") return verdict;
  return difference.mean > 0 ? "ours is higher" : "ours is lower";
}
