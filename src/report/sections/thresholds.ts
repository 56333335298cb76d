import { type CorrectCounts, imagesByCount, recordOf } from "../../evaluation/measures.ts";
import { tradeOffPlot } from "../../plots/trade_off_plot.ts";
import { thresholdSweepPlot } from "../../plots/threshold_sweep_plot.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { percent } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type FigurePlan, type Section, tables } from "../section.ts";
import { COUNT_TITLES, countedCorrect, rejectedGroups } from "../vocabulary.ts";

/** Accuracy and rejections at every threshold, in numbers. */
export const thresholds: Section = (results) => tables(sweepTable(results));

/**
 * The cost of rejection: accuracy on known pictures over the rejection rate of the last group to be
 * rejected; none for a data set with only known pictures.
 */
export function tradeOffFigures(results: Results): FigurePlan[] {
  const group = rejectedGroups(results).at(-1);
  if (group === undefined || results.dataset.counts.test.known === 0) return [];
  const share = sharesIn(results);
  const rejected = `${group}Rejected` as const;
  return [{
    name: "trade-off",
    caption: `Known pictures that are correct over ${group} pictures that are rejected, at every ` +
      "threshold: the farther to the top right, the better. Dots are the experiments' own " +
      "decisions, squares published results.",
    spec: tradeOffPlot({
      title: `Known accuracy against ${group} pictures rejected`,
      group,
      experiments: results.experiments.map(({ name, title, decision, summary }) => {
        const point = (counts: Record<keyof CorrectCounts, { readonly mean: number }>) => ({
          known: share("knownCorrect", counts.knownCorrect.mean),
          rejected: share(rejected, counts[rejected].mean),
        });
        return {
          title,
          sweep: summary.thresholdSweep.map(point),
          own: point(summary.decisions[decision]!),
          published: publishedPoints(results, name, rejected),
        };
      }),
    }),
  }];
}

/** Points from publications that report both shares by the same decision. */
function publishedPoints(
  { references }: Results,
  name: string,
  rejected: keyof CorrectCounts,
): readonly { known: number; rejected: number }[] {
  return references.filter(({ published, experiment }) => published && experiment === name)
    .flatMap(({ counts }) =>
      [...Map.groupBy(counts, ({ decision }) => decision).values()].flatMap((reported) => {
        const [known, other] = (["knownCorrect", rejected] as const).map((measure) => {
          const found = reported.find((count) => count.measure === measure);
          return found === undefined ? undefined : found.reported / found.reportedImages;
        });
        return known === undefined || other === undefined ? [] : [{ known, rejected: other }];
      })
    );
}

/** Shares of correct labels and rejection rates at every threshold. */
export function sweepFigure(results: Results): FigurePlan {
  const shareOf = sharesIn(results);
  return {
    name: "threshold-sweep",
    caption: "Rates at every threshold on the highest score: a higher one rejects more of the " +
      "pictures it should, and more of the known ones, too.",
    spec: thresholdSweepPlot({
      title: "Known accuracy and rejection rates at every threshold",
      experiments: results.experiments.map(({ title, runs }) => ({
        title,
        runs: runs.map(({ measures }) =>
          measures.thresholdSweep.map((point) => ({
            threshold: point.threshold,
            ...recordOf(groupCounts(results), (measure) => shareOf(measure, point[measure])),
          }))
        ),
      })),
    }),
  };
}

/** The sweep in steps of a tenth, in numbers. */
function sweepTable(results: Results): Table {
  const shareOf = sharesIn(results);
  const counted = groupCounts(results);
  const titles = counted.map((measure) => COUNT_TITLES[measure]);
  const [first] = results.experiments;
  const tenths = first!.summary.thresholdSweep.flatMap(({ threshold }, index) =>
    Math.round(100 * threshold) % 10 === 0 ? [{ threshold, index }] : []
  );
  return tableOf(`${titles.join(" / ")} at a threshold on the highest score`, tenths, [
    words("threshold", ({ threshold }) => threshold.toFixed(1)),
    ...results.experiments.map(({ title, summary }) =>
      numbers<typeof tenths[number]>(title, ({ index }) => {
        const point = summary.thresholdSweep[index]!;
        return counted.map((measure) => percent(shareOf(measure, point[measure].mean))).join(" / ");
      })
    ),
  ]);
}

function groupCounts(results: Results) {
  return countedCorrect(results).filter((measure) => measure !== "totalCorrect");
}

function sharesIn({ dataset }: Results) {
  const images = imagesByCount(dataset.counts.test);
  return (measure: keyof CorrectCounts, pictures: number) => pictures / images[measure];
}
