import sharp from "sharp";
import { ARTICLE_CONTEXT } from "../article/report.ts";
import { type Group, GROUPS } from "../data/categories.ts";
import { meanOscrCurve } from "../evaluation/open_set.ts";
import { oscrCurveAgainst, type RejectedGroup } from "../evaluation/measures.ts";
import { confusionMatrixPlot } from "../plots/confusion_matrix_plot.ts";
import { recallRejectionPlot } from "../plots/oscr_plot.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { ExperimentResults } from "../report/results.ts";
import type { FigurePlan } from "../report/section.ts";
import { confusionData, seedsText } from "../report/sections/confusion_matrices.ts";
import * as thresholds from "../report/sections/thresholds.ts";
import * as training from "../report/sections/training.ts";
import { experimentNamed, rejectedGroups } from "../report/vocabulary.ts";
import { listed } from "../text/wording.ts";
import type { ExperimentRuns } from "./experiment_runs.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/** A plot as Vega-Lite, which front ends draw themselves, and as SVG and PNG for all others. */
export function figure({ spec, caption }: Pick<FigurePlan, "spec" | "caption">): Displayable {
  return {
    async [DISPLAY]() {
      const svg = await renderSvg(spec);
      // No more colours than plots need, which takes half the bytes.
      const png = await sharp(await svgToPng(svg))
        .png({ palette: true, colours: 64, dither: 0 })
        .toBuffer();
      return {
        "application/vnd.vegalite.v5+json": spec,
        "image/svg+xml": svg,
        "image/png": png.toString("base64"),
        "text/plain": `Figure: ${caption}`,
      };
    },
  };
}

/**
 * Losses and accuracies of an experiment by epoch; over those of references with the same data set
 * and profile.
 */
export function trainingFigure(found: ExperimentRuns, name: string): Displayable {
  const experiment = experimentOf(found, name);
  const { results, runs } = found;
  return figure(training.trainingFigure(results, experiment, runs, ARTICLE_CONTEXT.references));
}

/**
 * What test pictures of some groups were taken for by one decision; means where there are several
 * seeds. Groups that the data set does not have are left out.
 *
 * @throws {RangeError} if there are no runs of the experiment, or the decision is not one of theirs
 */
export function confusionFigure(
  found: ExperimentRuns,
  name: string,
  decision: string,
  groups: readonly Group[],
): Displayable {
  const { results } = found;
  const experiment = experimentOf(found, name);
  const decisions = Object.keys(experiment.summary.confusion);
  if (!decisions.includes(decision)) {
    throw new RangeError(
      `no decision "${decision}" for ${name}; there are ${decisions.join(", ")}`,
    );
  }
  const shown = groups.filter((group) => results.dataset.counts.test[group] > 0);
  const pictures = shown.length === GROUPS.length ? "all pictures" : `${listed(shown)} pictures`;
  const title = `${experiment.title}, ${decision}: ${pictures}, ${seedsText(experiment)}`;
  const spec = confusionMatrixPlot(confusionData(results, experiment, decision, shown, title));
  return figure({ spec, caption: `Confusion matrix of ${title}` });
}

/** Correct and rejected pictures of one experiment at every threshold, a line for each seed. */
export function sweepFigure(found: ExperimentRuns, name: string): Displayable {
  const experiments = [experimentOf(found, name)];
  return figure(thresholds.sweepFigure({ ...found.results, experiments }));
}

/** Steps from 0% to 100% of rejected pictures. */
const REJECTION_STEPS = 40;

/**
 * Accuracy on known pictures against rejection of unknown and of unseen pictures, for every
 * experiment over all thresholds: mean and standard deviation over the seeds.
 */
export function recallRejectionFigure({ results, runs }: ExperimentRuns): Displayable {
  const groups = rejectedGroups(results);
  const points = (name: string, group: RejectedGroup) => {
    const curves = runs.filter(({ experiment }) => experiment.name === name)
      .map(({ predictions }) => oscrCurveAgainst(predictions, group))
      .filter((curve) => curve !== null);
    return meanOscrCurve(curves, REJECTION_STEPS).map(({ fpr, ccr }) => ({
      rejected: 1 - fpr,
      recall: ccr.mean,
      deviation: ccr.standardDeviation,
    })).reverse();
  };
  const spec = recallRejectionPlot({
    title: "Known pictures correct against others rejected, over all thresholds",
    panels: groups.map((group) => ({
      group,
      experiments: results.experiments
        .map(({ name, title }) => ({ title, points: points(name, group) })),
    })),
  });
  const caption = "Share of known pictures that are correct over the share of " +
    `${listed(groups)} pictures that are rejected, for every experiment`;
  return figure({ spec, caption });
}

function experimentOf({ results }: ExperimentRuns, name: string): ExperimentResults {
  const experiment = experimentNamed(results, name);
  if (experiment === undefined) throw new RangeError(`there are no runs of "${name}" among these`);
  return experiment;
}
