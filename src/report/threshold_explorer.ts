/**
 * The page's threshold explorer: the predictions in the smallest form that can be redrawn, and the
 * program that draws them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { knownLabels, NA, NO_OUTPUT } from "../data/labels.ts";
import { argmax, decide, thresholdOf } from "../evaluation/decisions.ts";
import { MOST_IN_CONFUSIONS, type RejectedGroup } from "../evaluation/measures.ts";
import type { Prediction, PredictionTable } from "../evaluation/predictions.ts";
import { readWholeFile } from "../files/whole_file.ts";
import { compiled, renderSvg } from "../plots/render.ts";
import type { PlotSpec } from "../plots/theme.ts";
import {
  explorerMatrixPlot,
  explorerRatesPlot,
  NEVER_REJECTED,
  pictureRecords,
  PICTURES,
  type PublishedRate,
  type ScoredPictures,
  THRESHOLD_STEPS,
  type ThresholdExplorerData,
} from "../plots/threshold_explorer_plot.ts";
import { type Reference, reportedOf } from "./reference.ts";
import type { Results } from "./results.ts";
import type { Run } from "../runs/read_runs.ts";
import { hasRowsOf } from "./sections/confusion_matrices.ts";
import { categoryName, COUNT_TITLES, rejectedGroups, strictestDecision } from "./vocabulary.ts";

/**
 * The explorer's data: all runs of all experiments, and their published matrices. It starts with
 * the last experiment whose own decision has a threshold, beside its published matrix, else beside
 * the experiment before it. If there are more categories than a matrix can show, they share one
 * row.
 */
export function thresholdExplorer(
  results: Results,
  runs: readonly Run[],
  references: readonly Reference[] = [],
): ThresholdExplorerData {
  const { experiments } = results;
  const known = knownLabels(experiments[0]!.labels);
  const frame = known.length > MOST_IN_CONFUSIONS
    ? frameOfGroups(results)
    : frameOfCategories(results, known);
  const published = frame.fitsPublished ? publishedMatrices(results, references) : [];
  const main = lastWithThreshold(results);
  const beside = published.findLastIndex(({ experiment }) => experiment === main);
  return {
    matrices: [
      ...experiments.map(({ title, runs }) => ({ title, runs: runs.length, moves: true })),
      ...published.map(({ title }) => ({ title, runs: 1, moves: false })),
    ],
    columns: frame.columns,
    rows: frame.rows,
    pictures: [
      ...experiments.flatMap(({ name }, matrix) =>
        scoredPictures(
          runs.filter((run) => run.experiment.name === name).map(({ predictions }) => predictions),
          matrix,
          frame,
        )
      ),
      ...published.flatMap(({ rows }, index) =>
        rows.flatMap((cells, row) =>
          cells.map((pictures, column) => ({
            matrix: experiments.length + index,
            row,
            column,
            step: NEVER_REJECTED,
            pictures,
          }))
        )
      ),
    ],
    published: publishedRates(results),
    start: {
      left: main,
      right: beside < 0 ? Math.max(0, main - 1) : experiments.length + beside,
      threshold: thresholdOf(strictestDecision(results) ?? "") ?? 0,
    },
  };
}

/** The rows and columns of the explorer's matrices. */
interface Frame extends Pick<ThresholdExplorerData, "columns" | "rows"> {
  /** Whether published matrices have the same rows and columns. */
  readonly fitsPublished: boolean;
  readonly rowOf: (prediction: Prediction) => number;
  /** @param given the predicted label */
  readonly columnOf: (prediction: Prediction, given: string) => number;
}

function frameOfCategories(results: Results, known: readonly string[]): Frame {
  const groups = rejectedGroups(results);
  const labels = [...known, NA];
  return {
    columns: labels.map((label) => categoryName(results, label)),
    rows: [
      ...known.map((category, row) => ({
        name: categoryName(results, category),
        rate: COUNT_TITLES.knownCorrect,
        correct: row,
      })),
      ...rejectedRows(groups, known.length),
    ],
    fitsPublished: true,
    rowOf: ({ group, label }) =>
      group === "known" ? known.indexOf(label) : known.length + groups.indexOf(group),
    columnOf: (_, given) => labels.indexOf(given),
  };
}

/** For many categories: a picture is labelled with its own category, another one, or `na`. */
function frameOfGroups(results: Results): Frame {
  const groups = rejectedGroups(results);
  return {
    columns: ["its category", "another category", NA],
    rows: [
      { name: "known", rate: COUNT_TITLES.knownCorrect, correct: 0 },
      ...rejectedRows(groups, 2),
    ],
    fitsPublished: false,
    rowOf: ({ group }) => group === "known" ? 0 : 1 + groups.indexOf(group),
    columnOf: ({ label }, given) => given === NA ? 2 : given === label ? 0 : 1,
  };
}

function rejectedRows(groups: readonly RejectedGroup[], correct: number) {
  return groups.map((group) => ({ name: group, rate: COUNT_TITLES[`${group}Rejected`], correct }));
}

/** The last experiment whose own decision has a threshold, else the last one. */
function lastWithThreshold({ experiments }: Results): number {
  const found = experiments.findLastIndex(({ decision }) => thresholdOf(decision) !== undefined);
  return found < 0 ? experiments.length - 1 : found;
}

/** Published confusion matrices of the experiments, with the same rows as ours. */
function publishedMatrices(results: Results, references: readonly Reference[]) {
  return results.experiments.flatMap(({ name, title }, experiment) =>
    reportedOf(references, results, name).filter(({ reference }) => reference.published)
      .flatMap(({ reference: { source }, run: { confusions = {} } }) =>
        Object.entries(confusions).filter(([, confusion]) => hasRowsOf(results, confusion))
          .map(([decision, { rows }]) => ({
            experiment,
            title: `${source}: ${title}, ${decision}`,
            rows,
          }))
      )
  );
}

/** Published rates of the experiments, by the decision with the most reported rates. */
function publishedRates({ references, experiments }: Results): PublishedRate[] {
  return references.filter(({ published }) => published).flatMap(
    ({ source, experiment, counts }) => {
      const byDecision = [...Map.groupBy(counts, ({ decision }) => decision)];
      const [most] = byDecision.sort(([, a], [, b]) => b.length - a.length);
      if (most === undefined) return [];
      const [decision, reported] = most;
      return reported.map(({ measure, reported, reportedImages }) => ({
        matrix: experiments.findIndex(({ name }) => name === experiment),
        rate: COUNT_TITLES[measure],
        share: reported / reportedImages,
        label: `${source}, ${decision}`,
      })).filter(({ rate }) => rate !== COUNT_TITLES.totalCorrect);
    },
  );
}

/** The pictures of some runs, counted by row, label and step of the threshold. */
function scoredPictures(
  tables: readonly PredictionTable[],
  matrix: number,
  { rowOf, columnOf }: Frame,
): ScoredPictures[] {
  const counts = new Map<string, ScoredPictures>();
  for (const { labels, predictions } of tables) {
    const rows = predictions.map(({ scores }) => scores);
    decide(rows, argmax, NO_OUTPUT).forEach((label, index) => {
      const prediction = predictions[index]!;
      const row = rowOf(prediction);
      const column = columnOf(prediction, labels[label]!);
      const step = lastStepNotAbove(rows[index]![label]!);
      const key = `${row} ${column} ${step}`;
      const pictures = (counts.get(key)?.pictures ?? 0) + 1;
      counts.set(key, { matrix, row, column, step, pictures });
    });
  }
  return [...counts.values()].sort((a, b) =>
    a.row - b.row || a.column - b.column || a.step - b.step
  );
}

/** Compares instead of computing, so that a score of exactly .29 is not below the threshold .29. */
function lastStepNotAbove(score: number): number {
  let step = Math.floor(score * THRESHOLD_STEPS) + 1;
  while (step / THRESHOLD_STEPS > score) step--;
  return step;
}

/** The parts a page needs to show the explorer. */
export type PageExplorer = Awaited<ReturnType<typeof pageExplorer>>;

/**
 * The explorer, compiled so that the page needs only Vega, not Vega-Lite.
 *
 * @throws {Error} if Vega's package is not complete.
 */
export async function pageExplorer(data: ThresholdExplorerData) {
  const { matrices, start } = data;
  const [left, right] = [start.left, start.right].map((matrix) => explorerMatrixPlot(data, matrix));
  const rates = explorerRatesPlot(data);
  return {
    titles: matrices.map(({ title }) => title),
    start,
    steps: THRESHOLD_STEPS,
    /** The data, shared by all drawings; their specifications contain none. */
    pictures: { name: PICTURES, values: pictureRecords(data) },
    specifications: { matrix: withoutPictures(left!), rates: withoutPictures(rates) },
    /** The drawings in their initial state, for printing and where no script runs. */
    drawings: {
      left: await renderSvg(left!),
      right: await renderSvg(right!),
      rates: await renderSvg(rates),
    },
    /** Vega and its licence as one script, which defines `vega`. */
    program: await vegaProgram(),
  };
}

function withoutPictures(plot: PlotSpec) {
  const specification = compiled(plot);
  return {
    ...specification,
    data: specification.data?.map((source) =>
      source.name === PICTURES ? { ...source, values: [] } : source
    ),
  };
}

/** Vega's build for pages, which lies beside the module that this program imports. */
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
