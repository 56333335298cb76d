/**
 * Accuracy and rejections at every threshold.
 *
 * @module
 */
import { imagesByCount, type SweepPoint } from "../../evaluation/measures.ts";
import { type SweepShares, thresholdSweepPlot } from "../../plots/threshold_sweep_plot.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { percent } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type FigurePlan, figures, type SectionMaker, tables } from "../section.ts";
import { COUNT_TITLES, countedCorrect } from "../vocabulary.ts";

/** The section on thresholds. */
export const thresholds: SectionMaker = (results) => ({
  title: "Every threshold",
  blocks: [{ kind: "explorer" }, figures(sweepFigure(results)), ...tables(sweepTable(results))],
});

/** Correct labels and rejections at every threshold. */
export function sweepFigure({ dataset: { counts: { test } }, experiments }: Results): FigurePlan {
  const share = (correct: number, all: number) => all === 0 ? undefined : correct / all;
  const shares = (point: SweepPoint): SweepShares => ({
    threshold: point.threshold,
    knownCorrect: share(point.knownCorrect, test.known),
    unknownRejected: share(point.unknownRejected, test.unknown),
    unseenRejected: share(point.unseenRejected, test.unseen),
  });
  return {
    name: "threshold-sweep",
    caption:
      "Share of known pictures that are correct, and of unknown and unseen pictures that are " +
      "rejected, for every threshold on the highest score",
    spec: thresholdSweepPlot({
      title: "Known accuracy and rejection rates at every threshold",
      experiments: experiments.map(({ title, runs }) => ({
        title,
        runs: runs.map(({ measures }) => measures.thresholdSweep.map(shares)),
      })),
    }),
  };
}

/** The sweep in steps of a tenth, in numbers. */
function sweepTable(results: Results): Table {
  const images = imagesByCount(results.dataset.counts.test);
  const counted = countedCorrect(results).filter((measure) => measure !== "totalCorrect");
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
        return counted.map((measure) => percent(point[measure].mean / images[measure])).join(" / ");
      })
    ),
  ]);
}
