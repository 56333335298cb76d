import type { Decision } from "../evaluation/decisions.ts";
import {
  CORRECT_COUNTS,
  imagesByCount,
  measure,
  rankAgainst,
  REJECTED_GROUPS,
  type RejectedGroup,
} from "../evaluation/measures.ts";
import { openSetMeasures, oscrCurve } from "../evaluation/open_set.ts";
import { imagesPerGroup } from "../evaluation/predictions.ts";
import { oscrPlot } from "../plots/oscr_plot.ts";
import type { PlotSpec } from "../plots/theme.ts";
import { COUNT_TITLES } from "../report/vocabulary.ts";
import type { Run } from "../runs/read_runs.ts";
import { highestScore } from "../scores/highest_score.ts";
import type { Score } from "../scores/score.ts";
import { numbers, type Table, tableOf, words } from "../text/table.ts";
import { NO_NUMBER, percent } from "../text/wording.ts";

/** A trained network with a decision and a score to evaluate it by. */
export interface Attempt {
  /** The title in tables and legends; unique among the attempts compared. */
  readonly title: string;
  readonly run: Run;
  /** Turns scores into labels; left out if only the ranking of the pictures matters. */
  readonly decision?: Decision;
  /** Ranks the pictures by how known they are; by default the highest known score. */
  readonly score?: Score;
}

const CAPTION = "Test pictures whose label is correct, and known against other pictures";

/**
 * Attempts in comparison: shares of correct pictures by their decisions, and the AUROC of their
 * scores. They may have different data sets.
 */
export function attemptTable(attempts: readonly Attempt[]): Table {
  return tableOf(CAPTION, withoutGaps(attempts), [
    words("attempt", ({ title }) => title),
    words("decision", ({ decision }) => decision?.name ?? NO_NUMBER),
    ...CORRECT_COUNTS.map((name) =>
      numbers<Attempt>(COUNT_TITLES[name], ({ run: { predictions: table }, decision }) => {
        const all = imagesByCount(imagesPerGroup(table.predictions))[name];
        if (decision === undefined || all === 0) return NO_NUMBER;
        const { decisions } = measure(table, { decisions: [decision], scores: [] });
        return percent(decisions[decision.name]![name] / all);
      })
    ),
    ...REJECTED_GROUPS.map((group) =>
      numbers<Attempt>(`AUROC ${group}`, (attempt) => {
        const ranked = rankedBy(attempt, group);
        return ranked === null ? NO_NUMBER : openSetMeasures(ranked).auroc.toFixed(3);
      })
    ),
  ]);
}

/** The OSCR curves of attempts against unknown and unseen pictures, where there are any. */
export function attemptPlot(attempts: readonly Attempt[]): PlotSpec {
  const panels = REJECTED_GROUPS.map((group) => ({
    group,
    experiments: withoutGaps(attempts).flatMap((attempt) => {
      const ranked = rankedBy(attempt, group);
      return ranked === null ? [] : [{ title: attempt.title, runs: [oscrCurve(ranked)] }];
    }),
  })).filter(({ experiments }) => experiments.length > 0);
  return oscrPlot({ title: "Open-set classification rate", panels, points: DRAWN_POINTS });
}

/** Enough points for hundreds of pictures, and few enough for a notebook's file. */
const DRAWN_POINTS = 80;

/** The attempts without gaps, which appear if a reader runs the fourth cell before the third. */
function withoutGaps(attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter((attempt) => attempt !== undefined);
}

function rankedBy({ run, score = highestScore }: Attempt, group: RejectedGroup) {
  return rankAgainst(run.predictions, group, score);
}
