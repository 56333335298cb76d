import { type CorrectCounts, imagesByCount, recordOf } from "../../evaluation/measures.ts";
import { thresholdSweepPlot } from "../../plots/threshold_sweep_plot.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { percent } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type FigurePlan, figures, type Section, tables } from "../section.ts";
import { COUNT_TITLES, countedCorrect } from "../vocabulary.ts";

/** Accuracy and rejections at every threshold. */
export const thresholds: Section = (results) => [
  { kind: "explorer" },
  figures(sweepFigure(results)),
  ...tables(sweepTable(results)),
];

/** Correct labels and rejections at every threshold. */
export function sweepFigure(results: Results): FigurePlan {
  const shareOf = sharesIn(results);
  return {
    name: "threshold-sweep",
    caption:
      "Share of known pictures that are correct, and of unknown and unseen pictures that are " +
      "rejected, for every threshold on the highest score",
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
