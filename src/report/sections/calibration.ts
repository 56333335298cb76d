import { CALIBRATION_BINS } from "../../evaluation/calibration.ts";
import { reliabilityPlot } from "../../plots/reliability_plot.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { decimal, NO_NUMBER } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type FigurePlan, figures, paragraph, type Section, tables } from "../section.ts";

/** Whether scores are probabilities; no blocks for a data set without known test pictures. */
export const calibration: Section = (results) => {
  if (results.dataset.counts.test.known === 0) return [];
  return [
    paragraph(
      "Is a score a probability: are 80% of the pictures scored .8 correct? Known pictures are " +
        `put into ${CALIBRATION_BINS} bins of equal width by their highest score; the expected ` +
        "calibration error is the distance of mean score and accuracy, averaged over all " +
        "pictures (Guo et al., 2017). The first column takes the known labels alone. The second " +
        "one takes the highest of all outputs, and a known picture called na is wrong.",
    ),
    ...tables(calibrationTable(results)),
    figures(reliabilityFigure(results)),
  ];
};

/** Expected calibration errors on known pictures. */
function calibrationTable({ experiments }: Results): Table {
  return tableOf("Expected calibration error on the known test pictures", experiments, [
    words("experiment", ({ title }) => title),
    numbers("of the known labels", ({ summary }) => decimal(summary.calibration!.knownLabels)),
    numbers(
      "of all outputs, na included",
      ({ naTarget, summary }) =>
        naTarget === "output" ? decimal(summary.calibration!.allLabels) : NO_NUMBER,
    ),
  ]);
}

function reliabilityFigure({ experiments }: Results): FigurePlan {
  return {
    name: "reliability",
    caption: "Reliability of the known labels' scores on known pictures: their accuracy over " +
      "their highest known score, with the line on which both are the same",
    spec: reliabilityPlot({
      title: "Reliability on known pictures",
      experiments: experiments.map(({ title, runs }) => ({
        title,
        runs: runs.map(({ measures }) => measures.calibration!.knownLabels.bins),
      })),
    }),
  };
}
