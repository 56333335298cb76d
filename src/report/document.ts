/**
 * The report as a list of sections, free of any file format.
 *
 * @module
 */
import type { Run } from "../runs/read_runs.ts";
import { count, listed } from "../text/wording.ts";
import type { ReportContext, Sentence } from "./context.ts";
import type { Results } from "./results.ts";
import type { FigurePlan, Section, SectionMaker } from "./section.ts";
import { calibration } from "./sections/calibration.ts";
import { categories } from "./sections/categories.ts";
import { comparison } from "./sections/comparison.ts";
import { computeAgain } from "./sections/compute_again.ts";
import { confusionMatrices } from "./sections/confusion_matrices.ts";
import { deviations } from "./sections/deviations.ts";
import { differences } from "./sections/differences.ts";
import { whatTheMeasuresSay } from "./sections/findings.ts";
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
  readonly sections: readonly Section[];
}

/** In the order of the report. */
const SECTIONS: readonly SectionMaker[] = [
  comparison,
  whatTheMeasuresSay,
  confusionMatrices,
  training,
  references,
  thresholds,
  openSet,
  differences,
  calibration,
  categories,
  worstErrors,
  whatWasRun,
  deviations,
  computeAgain,
];

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
    sections: SECTIONS.map((section) => section(results, runs, context))
      .filter((section) => section !== undefined),
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
