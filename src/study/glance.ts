/**
 * A study at a glance: one figure, one table. Pure.
 *
 * @module
 */
import type { RejectedGroup } from "../evaluation/measures.ts";
import { scoreMatrixPlot } from "../plots/score_matrix_plot.ts";
import type { FigurePlan } from "../report/section.ts";
import { numbers, type Table, tableOf, words } from "../text/table.ts";
import { decimal, NO_NUMBER, shareOf } from "../text/wording.ts";
import { CHOSEN_SCORE, type StudyResults } from "./results_schema.ts";
import { scoreTitle, trainingTitle } from "./vocabulary.ts";

/** AUROCs of every training by every score, against a group; undefined if it has no pictures. */
export function scoreMatrix(results: StudyResults, group: RejectedGroup): FigurePlan | undefined {
  const rows = results.table.filter((row) => row[group] !== null);
  if (rows.length === 0) return undefined;
  const scores = [...Object.keys(results.scores), CHOSEN_SCORE]
    .filter((name) => rows.some(({ score }) => score === name));
  const title = `AUROC against ${group} pictures`;
  const meanOf = (training: string, score: string) =>
    rows.find((row) => row.training === training && row.score === score)?.[group]?.auroc.mean;
  return {
    name: `auroc-${group}`,
    caption: `${title}: mean over splits and seeds, of every training (rows) by every score ` +
      "(columns); the score that validation pictures choose is last",
    spec: scoreMatrixPlot({
      title,
      trainings: results.trainings.map(({ title }) => title),
      scores: scores.map((score) => scoreTitle(results, score)),
      values: results.trainings.map(({ name }) =>
        scores.map((score) => meanOf(name, score) ?? null)
      ),
    }),
  };
}

/** Results of each training's own score at the threshold chosen on validation pictures. */
export function ownScoreTable(results: StudyResults): Table {
  const own = results.trainings.flatMap(({ name, ownScore }) =>
    results.table.filter(({ training, score }) => training === name && score === ownScore)
  );
  type Row = typeof own[number];
  const rejected = (group: RejectedGroup) =>
    numbers(
      `${group} rejected`,
      (row: Row) => row[group] === null ? NO_NUMBER : shareOf(row[group].rejected, 1),
    );
  const auroc = (group: RejectedGroup) =>
    numbers(`AUROC, ${group}`, (row: Row) => decimal(row[group]?.auroc ?? null));
  return tableOf("By each training's own score, at the threshold chosen on validation", own, [
    words("training", ({ training }) => trainingTitle(results, training)),
    words("score", ({ score }) => scoreTitle(results, score)),
    auroc("unknown"),
    auroc("unseen"),
    numbers("known correct", ({ knownCorrect }) => shareOf(knownCorrect, 1)),
    rejected("unknown"),
    rejected("unseen"),
  ]);
}
