/**
 * The report as a list of sections, free of any file format.
 *
 * @module
 */
import type { Run } from "../runs/read_runs.ts";
import { count, listed } from "../text/wording.ts";
import type { ReportContext, Sentence } from "./context.ts";
import type { Results } from "./results.ts";
import { type Block, type FigurePlan, list, type Section } from "./section.ts";
import { calibration } from "./sections/calibration.ts";
import { categories } from "./sections/categories.ts";
import { comparison } from "./sections/comparison.ts";
import { computeAgain } from "./sections/compute_again.ts";
import { confusionMatrices } from "./sections/confusion_matrices.ts";
import { differences } from "./sections/differences.ts";
import { findings } from "./sections/findings.ts";
import { otherStart } from "./sections/other_start.ts";
import { openSet } from "./sections/open_set.ts";
import { references } from "./sections/references.ts";
import { thresholds } from "./sections/thresholds.ts";
import { training } from "./sections/training.ts";
import { whatWasRun } from "./sections/what_was_run.ts";
import { worstErrors } from "./sections/worst_errors.ts";

/** A report: texts are plain, each template escapes them for its format. */
export interface ReportDocument {
  readonly title: string;
  /** What must be read first: why another data set ran, what is not finished. */
  readonly notices: readonly string[];
  /** The sentences that the report opens with. */
  readonly answer: readonly Sentence[];
  readonly sections: readonly { readonly title: string; readonly blocks: readonly Block[] }[];
}

/** In the order of the report, by their titles. */
const SECTIONS: Readonly<Record<string, Section>> = {
  "Comparison": comparison,
  "What the measures say": (results, _runs, context) => list(findings(results, context)),
  "Confusion matrices": confusionMatrices,
  "Training": training,
  "Beside what others report": references,
  "From another start": otherStart,
  "Every threshold": thresholds,
  "Known against other pictures": openSet,
  "Differences between the experiments": differences,
  "Calibration": calibration,
  "Categories": categories,
  "Pictures it errs on most": worstErrors,
  "What was run": whatWasRun,
  "Deviations from what others report": (results, _runs, { deviations }) =>
    list(deviations(results)),
  "How to compute this again": computeAgain,
};

/** The report of some runs. */
export function reportDocument(
  results: Results,
  runs: readonly Run[],
  context: ReportContext,
): ReportDocument {
  return {
    title: `Classifying the unknown: ${results.dataset.name}, profile ${results.profile.name}`,
    notices: notices(results),
    answer: context.answer(results),
    sections: Object.entries(SECTIONS)
      .map(([title, section]) => ({ title, blocks: section(results, runs, context) }))
      .filter(({ blocks }) => blocks.length > 0),
  };
}

/** The figures of a report, in order. */
export function figuresIn({ sections }: ReportDocument): FigurePlan[] {
  return sections.flatMap(({ blocks }) => blocks)
    .flatMap((block) => block.kind === "figures" ? block.figures : []);
}

function notices({ dataset: { substitution, leftOut }, unfinishedRuns }: Results): string[] {
  return [
    ...(substitution === undefined ? [] : [substitution]),
    ...(leftOut === undefined || leftOut.length === 0 ? [] : [
      `${count(leftOut.length)} ${leftOut.length === 1 ? "picture was" : "pictures were"} left ` +
      "out because they could not be used; they are listed under What was run.",
    ]),
    ...(unfinishedRuns.length === 0 ? [] : [
      `Not finished when this report was made, and left out: ${listed(unfinishedRuns)}.`,
    ]),
  ];
}
