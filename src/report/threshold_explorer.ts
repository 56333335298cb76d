/**
 * The page's threshold explorer: the predictions in as little room as a redrawing needs.
 *
 * @module
 */
import { NA } from "../data/categories.ts";
import { knownLabels, type Prediction, type PredictionTable } from "../evaluation/predictions.ts";
import { decode, NO_NA_OUTPUT } from "../evaluation/threshold_metrics.ts";
import { CONFUSION_THRESHOLD, type ExperimentName } from "../experiments.ts";
import {
  type ScoredPictures,
  THRESHOLD_STEPS,
  type ThresholdExplorerData,
} from "../plots/threshold_explorer_plot.ts";
import type { Results } from "./results.ts";
import type { Run } from "../runs/read_runs.ts";
import { categoryName, rejectedGroups, RIGHT_TITLES } from "./tables.ts";

/** What the explorer shows: all runs of all experiments. */
export function thresholdExplorer(
  results: Results,
  runs: readonly Run[],
): ThresholdExplorerData {
  const known = knownLabels(results.experiments[0]!.labels);
  const groups = rejectedGroups(results);
  return {
    experiments: results.experiments.map(({ title, runs }) => ({ title, runs: runs.length })),
    columns: [...known, NA].map((column) => categoryName(results, column)),
    rows: [
      ...known.map((category) => ({
        name: categoryName(results, category),
        rate: RIGHT_TITLES.knownRight,
      })),
      ...groups.map((group) => ({ name: group, rate: RIGHT_TITLES[`${group}Rejected`] })),
    ],
    pictures: results.experiments.flatMap(({ name }, experiment) =>
      scoredPictures(
        runs.filter((run) => run.experiment.name === name).map(({ predictions }) => predictions),
        experiment,
        ({ group, label }) =>
          group === "known" ? known.indexOf(label) : known.length + groups.indexOf(group),
        [...known, NA],
      )
    ),
    start: {
      experiment: startOf(results.experiments.map(({ name }) => name)),
      threshold: CONFUSION_THRESHOLD,
    },
  };
}

/** The article's own experiment if it ran. */
function startOf(names: readonly ExperimentName[]): number {
  return Math.max(0, names.indexOf("bcena"));
}

/** The pictures of some runs, counted by row, answer and step of the threshold. */
function scoredPictures(
  tables: readonly PredictionTable[],
  experiment: number,
  rowOf: (prediction: Prediction) => number,
  columns: readonly string[],
): ScoredPictures[] {
  const counts = new Map<string, ScoredPictures>();
  for (const { labels, predictions } of tables) {
    const rows = predictions.map(({ scores }) => scores);
    decode(rows, { kind: "argmax" }, NO_NA_OUTPUT).forEach((label, index) => {
      const row = rowOf(predictions[index]!);
      const column = columns.indexOf(labels[label]!);
      const step = lastStepNotAbove(rows[index]![label]!);
      const key = `${row} ${column} ${step}`;
      const pictures = (counts.get(key)?.pictures ?? 0) + 1;
      counts.set(key, { experiment, row, column, step, pictures });
    });
  }
  return [...counts.values()].sort((a, b) =>
    a.row - b.row || a.column - b.column || a.step - b.step
  );
}

/** Compared and not computed, so that a score of exactly .29 is not below the threshold .29. */
function lastStepNotAbove(score: number): number {
  let step = Math.floor(score * THRESHOLD_STEPS) + 1;
  while (step / THRESHOLD_STEPS > score) step--;
  return step;
}
