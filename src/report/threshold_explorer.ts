/**
 * The page's threshold explorer: the predictions in as little room as a redrawing needs, and the
 * program that draws them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { knownLabels, NA, NO_OUTPUT } from "../data/labels.ts";
import { argmax, decide, thresholdOf } from "../evaluation/decisions.ts";
import type { Prediction, PredictionTable } from "../evaluation/predictions.ts";
import { readWholeFile } from "../files/whole_file.ts";
import { compiled, renderSvg } from "../plots/render.ts";
import {
  type ScoredPictures,
  THRESHOLD_STEPS,
  type ThresholdExplorerData,
  thresholdExplorerPlot,
} from "../plots/threshold_explorer_plot.ts";
import type { Results } from "./results.ts";
import type { Run } from "../runs/read_runs.ts";
import { categoryName, COUNT_TITLES, rejectedGroups, strictestDecision } from "./vocabulary.ts";

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
        rate: COUNT_TITLES.knownCorrect,
      })),
      ...groups.map((group) => ({ name: group, rate: COUNT_TITLES[`${group}Rejected`] })),
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
      experiment: lastWithThreshold(results),
      threshold: thresholdOf(strictestDecision(results) ?? "") ?? 0,
    },
  };
}

/** The last experiment whose own decision has a threshold, else the last one. */
function lastWithThreshold({ experiments }: Results): number {
  const found = experiments.findLastIndex(({ decision }) => thresholdOf(decision) !== undefined);
  return found < 0 ? experiments.length - 1 : found;
}

/** The pictures of some runs, counted by row, label and step of the threshold. */
function scoredPictures(
  tables: readonly PredictionTable[],
  experiment: number,
  rowOf: (prediction: Prediction) => number,
  columns: readonly string[],
): ScoredPictures[] {
  const counts = new Map<string, ScoredPictures>();
  for (const { labels, predictions } of tables) {
    const rows = predictions.map(({ scores }) => scores);
    decide(rows, argmax, NO_OUTPUT).forEach((label, index) => {
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

/** What a page needs to show the explorer. */
export type PageExplorer = Awaited<ReturnType<typeof pageExplorer>>;

/**
 * The explorer, compiled so that the page needs Vega alone and not Vega-Lite.
 *
 * @throws {Error} if Vega's package is not complete.
 */
export async function pageExplorer(data: ThresholdExplorerData) {
  const plot = thresholdExplorerPlot(data);
  return {
    specification: compiled(plot),
    /** The drawing as it is before anything is moved, for printing and where no script runs. */
    svg: await renderSvg(plot),
    /** Vega as one script that defines `vega`, with its licence. */
    program: await vegaProgram(),
  };
}

/** Beside the module that this program itself imports, Vega ships itself for pages. */
async function vegaProgram(): Promise<string> {
  const program = new URL("./vega.min.js", import.meta.resolve("vega"));
  const [licence, script] = await Promise.all(
    [new URL("../LICENSE", program), program].map((file) =>
      readWholeFile(
        fromFileUrl(file),
        "the package vega is not complete; run `deno install --reload=npm:vega`",
      )
    ),
  );
  return `/*!\nVega\n\n${licence}*/\n${script}`;
}
