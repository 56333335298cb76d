/**
 * What runs say, as figures of a notebook.
 *
 * @module
 */
import { ARTICLE_CONTEXT } from "../article/report.ts";
import { type Group, GROUPS } from "../data/categories.ts";
import { meanOscrCurve } from "../evaluation/open_set.ts";
import { oscrCurveAgainst, type RejectedGroup } from "../evaluation/measures.ts";
import { confusionMatrixPlot } from "../plots/confusion_matrix_plot.ts";
import { recallRejectionPlot } from "../plots/oscr_plot.ts";
import type { ExperimentResults } from "../report/results.ts";
import { confusionData, seedsText } from "../report/sections/confusion_matrices.ts";
import * as thresholds from "../report/sections/thresholds.ts";
import * as training from "../report/sections/training.ts";
import { experimentNamed, rejectedGroups } from "../report/vocabulary.ts";
import type { Run } from "../runs/read_runs.ts";
import { listed } from "../text/wording.ts";
import type { Displayable } from "./display.ts";
import type { ExperimentRuns } from "./experiment_runs.ts";
import { figure } from "./figure.ts";

/**
 * Losses and accuracies of an experiment by epoch; over those of references with the same data set
 * and profile.
 */
export function trainingFigure(found: ExperimentRuns, name: string): Displayable {
  const { spec, caption } = training.trainingFigure(
    found.results,
    experimentOf(found, name),
    found.runs,
    ARTICLE_CONTEXT.references,
  );
  return figure(spec, caption);
}

/**
 * What test pictures of some groups were taken for by one decision; means where there are several
 * seeds. Groups that the data set does not have are left out.
 *
 * @throws {RangeError} if there are no runs of the experiment, or the decision is not one of theirs
 */
export function confusionFigure(
  { results, runs }: ExperimentRuns,
  name: string,
  decision: string,
  groups: readonly Group[],
): Displayable {
  const experiment = experimentOf({ results, runs }, name);
  const decisions = Object.keys(experiment.summary.confusion);
  if (!decisions.includes(decision)) {
    throw new RangeError(
      `no decision "${decision}" for ${name}; there are ${decisions.join(", ")}`,
    );
  }
  const shown = groups.filter((group) => results.dataset.counts.test[group] > 0);
  const pictures = shown.length === GROUPS.length ? "all pictures" : `${listed(shown)} pictures`;
  const title = `${experiment.title}, ${decision}: ${pictures}, ${seedsText(experiment)}`;
  return figure(
    confusionMatrixPlot(confusionData(results, experiment, decision, shown, title)),
    `Confusion matrix of ${title}`,
  );
}

/** Correct and rejected pictures of one experiment at every threshold, a line for each seed. */
export function sweepFigure(found: ExperimentRuns, name: string): Displayable {
  const experiments = [experimentOf(found, name)];
  const { spec, caption } = thresholds.sweepFigure({ ...found.results, experiments });
  return figure(spec, caption);
}

/** Steps from 0% to 100% of rejected pictures. */
const REJECTION_STEPS = 40;

/**
 * Accuracy on known pictures against rejection of unknown and of unseen pictures, for every
 * experiment over all thresholds: mean and standard deviation over the seeds.
 */
export function recallRejectionFigure({ results, runs }: ExperimentRuns): Displayable {
  const groups = rejectedGroups(results);
  const spec = recallRejectionPlot({
    title: "Known pictures correct against others rejected, over all thresholds",
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
    `Share of known pictures that are correct over the share of ${
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

function experimentOf({ results }: ExperimentRuns, name: string): ExperimentResults {
  const experiment = experimentNamed(results, name);
  if (experiment === undefined) throw new RangeError(`there are no runs of "${name}" among these`);
  return experiment;
}
