/**
 * What runs say, as figures of a notebook.
 *
 * @module
 */
import { type Group, GROUPS } from "../data/categories.ts";
import { type DecisionName, oscrCurveAgainst, type RejectedGroup } from "../evaluation/evaluate.ts";
import { meanOscrCurve } from "../evaluation/mean_oscr_curve.ts";
import type { ExperimentName } from "../experiments.ts";
import { confusionMatrixPlot } from "../plots/confusion_matrix_plot.ts";
import { recallRejectionPlot } from "../plots/recall_rejection_plot.ts";
import * as report from "../report/figures.ts";
import type { ExperimentResults } from "../report/results.ts";
import type { Run } from "../runs/read_runs.ts";
import { rejectedGroups } from "../report/tables.ts";
import { listed } from "../text/wording.ts";
import type { Displayable } from "./display.ts";
import type { ExperimentRuns } from "./experiment_runs.ts";
import { figure } from "./figure.ts";

/**
 * Losses and accuracies of an experiment by epoch; over those of the article's run where data set
 * and profile are the article's.
 */
export function trainingFigure(found: ExperimentRuns, name: ExperimentName): Displayable {
  const { spec, caption } = report.trainingFigure(
    found.results,
    experimentOf(found, name),
    found.runs,
  );
  return figure(spec, caption);
}

/**
 * What test pictures of some groups were taken for by one decision; means where there are several
 * seeds. Groups that the data set does not have are left out.
 */
export function confusionFigure(
  { results, runs }: ExperimentRuns,
  name: ExperimentName,
  decision: DecisionName,
  groups: readonly Group[],
): Displayable {
  const experiment = experimentOf({ results, runs }, name);
  const shown = groups.filter((group) => results.dataset.counts.test[group] > 0);
  const pictures = shown.length === GROUPS.length ? "all pictures" : `${listed(shown)} pictures`;
  const seeds = report.seedsText(experiment);
  const title = `${experiment.title}, ${decision}: ${pictures}, ${seeds}`;
  return figure(
    confusionMatrixPlot(report.confusionData(results, experiment, decision, shown, title)),
    `Confusion matrix of ${title}`,
  );
}

/** Right answers and rejections of one experiment at every threshold, a line for each seed. */
export function sweepFigure(found: ExperimentRuns, name: ExperimentName): Displayable {
  const experiments = [experimentOf(found, name)];
  const { spec, caption } = report.sweepFigure({ ...found.results, experiments });
  return figure(spec, caption);
}

/** Steps from 0% to 100% of rejected pictures. */
const REJECTION_STEPS = 40;

/**
 * Known pictures that are right against rejections of unknown and of unseen pictures, for every
 * experiment over all thresholds: mean and standard deviation over the seeds.
 */
export function recallRejectionFigure({ results, runs }: ExperimentRuns): Displayable {
  const groups = rejectedGroups(results);
  const spec = recallRejectionPlot({
    title: "Known pictures right against others rejected, over all thresholds",
    panels: groups.map((group) => ({
      group,
      experiments: results.experiments.map(({ name, title }) => ({
        title,
        points: recallAgainstRejection(
          runs.filter(({ experiment }) => experiment.name === name),
          group,
        ),
      })),
    })),
  });
  return figure(
    spec,
    `Share of known pictures that are right over the share of ${
      listed(groups)
    } pictures that are ` +
      "rejected, for every experiment",
  );
}

function recallAgainstRejection(runs: readonly Run[], group: RejectedGroup) {
  const curves = runs.map(({ predictions }) => oscrCurveAgainst(predictions, group))
    .filter((curve) => curve !== null);
  return meanOscrCurve(curves, REJECTION_STEPS).map(({ fpr, ccr }) => ({
    rejected: 1 - fpr,
    recall: ccr.mean,
    deviation: ccr.standardDeviation,
  })).reverse();
}

function experimentOf({ results }: ExperimentRuns, name: ExperimentName): ExperimentResults {
  const experiment = results.experiments.find((candidate) => candidate.name === name);
  if (experiment === undefined) throw new RangeError(`there are no runs of "${name}" among these`);
  return experiment;
}
