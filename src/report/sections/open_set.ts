import { oscrCurveAgainst } from "../../evaluation/measures.ts";
import type { OpenSetMeasures } from "../../evaluation/open_set.ts";
import { oscrPlot } from "../../plots/oscr_plot.ts";
import type { Run } from "../../runs/read_runs.ts";
import { highestScore } from "../../scores/highest_score.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { decimal, listed } from "../../text/wording.ts";
import type { ExperimentResults, Results } from "../results.ts";
import {
  type Block,
  type FigurePlan,
  figures,
  paragraph,
  type Section,
  tables,
} from "../section.ts";
import { rejectedGroups } from "../vocabulary.ts";

/**
 * How well scores separate known pictures from others, over all thresholds; no blocks for a data
 * set with only known pictures.
 */
export const openSet: Section = (results, runs) => {
  if (rejectedGroups(results).length === 0) return [];
  return [
    paragraph(
      "Known-versus-other separation is also measured without a threshold: a score is taken as " +
        "the sign that a picture is known, and all thresholds are looked at. Every experiment " +
        `is measured with the scores that apply to it: ${listed(Object.values(results.scores))}.`,
    ),
    ...missingScoresNote(results),
    paragraph(
      "AUROC: how often a known picture scores above another one. AUPR: average precision of " +
        "finding the known pictures (in) or the others (out). FPR at 95% TPR: the share of " +
        "other pictures that are accepted when 95% of the known ones are; the lower, the " +
        "better. OSCR area: the area under the curve of known pictures that are accepted and " +
        "correct over other pictures that are accepted.",
    ),
    ...tables(openSetTable(results)),
    figures(oscrFigure(results, runs)),
  ];
};

/** Threshold-free measures, separately for unknown and unseen pictures. */
export function openSetTable(results: Results): Table {
  const entries = results.experiments.flatMap((experiment) =>
    rejectedGroups(results).flatMap((group) =>
      Object.keys(results.scores)
        .filter((score) => score in experiment.summary.openSet)
        .map((score) => ({
          experiment,
          score,
          group,
          measures: experiment.summary.openSet[score]![group],
        }))
    )
  );
  const measure = (name: keyof OpenSetMeasures, title: string) =>
    numbers<typeof entries[number]>(title, ({ measures }) => decimal(measures?.[name] ?? null));
  return tableOf("Known against other pictures, over all thresholds", entries, [
    words("experiment", ({ experiment }) => experiment.title),
    words("score", ({ experiment, score }) => scoreTitle(results, experiment, score)),
    words("known against", ({ group }) => group),
    measure("auroc", "AUROC"),
    measure("auprIn", "AUPR in"),
    measure("auprOut", "AUPR out"),
    measure("fprAt95Tpr", "FPR at 95% TPR"),
    measure("oscrArea", "OSCR area"),
  ]);
}

/** A score's title; the highest score is named after its activation. */
function scoreTitle({ scores }: Results, { activation }: ExperimentResults, score: string): string {
  return score === highestScore.name ? `highest known ${activation}` : scores[score]!;
}

function missingScoresNote({ scores, experiments }: Results): Block[] {
  const missing = Object.keys(scores)
    .filter((score) => !experiments.some(({ summary }) => score in summary.openSet));
  if (missing.length === 0) return [];
  return [paragraph(
    `Not measured: ${
      listed(missing.map((score) => scores[score]!))
    }. A score is missing where it ` +
      "applies to no experiment, or where it has to be fitted at the end of a training and was " +
      "not yet there when these runs were made.",
  )];
}

/** OSCR curves of every run, against each group to be rejected. */
export function oscrFigure(results: Results, runs: readonly Run[]): FigurePlan {
  const panels = rejectedGroups(results).map((group) => ({
    group,
    experiments: results.experiments.map(({ name, title }) => ({
      title,
      runs: runs
        .filter(({ experiment }) => experiment.name === name)
        .map(({ predictions }) => oscrCurveAgainst(predictions, group))
        .filter((curve) => curve !== null),
    })),
  }));
  return {
    name: "oscr",
    caption:
      "Open-set classification rate: share of known pictures that are accepted and correct " +
      "over the share of other pictures that are accepted, for each group of these apart",
    spec: oscrPlot({ title: "Open-set classification rate", panels }),
  };
}
