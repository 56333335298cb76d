/**
 * The report as a list of sections, free of any file format.
 *
 * @module
 */
import type { ThresholdExplorerData } from "../plots/threshold_explorer_plot.ts";
import type { Run } from "../runs/read_runs.ts";
import { count, listed } from "../text/wording.ts";
import type { ReportContext } from "./context.ts";
import type { Results } from "./results.ts";
import { type Block, type FigurePlan, list, paragraph, type Section, tables } from "./section.ts";
import { calibration } from "./sections/calibration.ts";
import { categories } from "./sections/categories.ts";
import { comparison, ownDecisionTable } from "./sections/comparison.ts";
import { computeAgain } from "./sections/compute_again.ts";
import { confusionMatrices } from "./sections/confusion_matrices.ts";
import { differences } from "./sections/differences.ts";
import { findings } from "./sections/findings.ts";
import { otherStart } from "./sections/other_start.ts";
import { openSet } from "./sections/open_set.ts";
import { references } from "./sections/references.ts";
import { sweepFigure, thresholds, tradeOffFigures } from "./sections/thresholds.ts";
import { training } from "./sections/training.ts";
import { whatWasRun } from "./sections/what_was_run.ts";
import { thresholdExplorer } from "./threshold_explorer.ts";
import { worstErrors } from "./sections/worst_errors.ts";

/** A report: texts are plain, each template escapes them for its format. */
export interface ReportDocument {
  readonly title: string;
  /** Read these first: why another data set ran, which runs are not finished. */
  readonly notices: readonly string[];
  /** The report's opening sentence. */
  readonly answer: string;
  /** The blocks visible at once. */
  readonly blocks: readonly Block[];
  /** Everything else, folded, in order. */
  readonly details: readonly {
    readonly title: string;
    /** Its content, in one line. */
    readonly summary: string;
    readonly blocks: readonly Block[];
  }[];
}

/** A folded part of a report. */
interface Part {
  readonly summary: string;
  readonly blocks: Section;
}

/** The folded parts by title, in the order of the report. */
const DETAILS: Readonly<Record<string, Part>> = {
  "What was found": {
    summary: "the main findings in sentences, with intervals",
    blocks: (results, _runs, context) => [
      ...context.account(results).map(({ lead, text }) => paragraph(`${lead}: ${text}`)),
      ...list(findings(results, context)),
    ],
  },
  "From another start": {
    summary: "the same experiments, trained from other first weights",
    blocks: otherStart,
  },
  "Every decision": {
    summary: "argmax and both thresholds for every experiment, with counts and intervals",
    blocks: comparison,
  },
  "Confusion matrices": {
    summary: "what the pictures of each category were taken for",
    blocks: confusionMatrices,
  },
  "Every threshold": { summary: "rates at each threshold, in numbers", blocks: thresholds },
  "Known against other pictures": {
    summary: "AUROC, AUPR, FPR and OSCR by several scores",
    blocks: openSet,
  },
  "Differences between the experiments": {
    summary: "every pair, with intervals",
    blocks: differences,
  },
  "Training": { summary: "losses and accuracies by epoch", blocks: training },
  "Beside what others report": {
    summary: "the same measures from publications and other programs",
    blocks: references,
  },
  "Calibration": { summary: "how far scores can be read as probabilities", blocks: calibration },
  "Categories": { summary: "each category by itself", blocks: categories },
  "Pictures it errs on most": {
    summary: "confident mistakes, by file name",
    blocks: worstErrors,
  },
  "What was run": { summary: "data, profile, machine and time", blocks: whatWasRun },
  "What differs from what others report": {
    summary: "deviations of this run from the protocols it is compared with",
    blocks: (results, _runs, { deviations }) => list(deviations(results)),
  },
  "How to compute this again": { summary: "commands", blocks: computeAgain },
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
    blocks: opening(results, runs, context),
    details: Object.entries(DETAILS)
      .map(([title, { summary, blocks }]) => ({
        title,
        summary,
        blocks: blocks(results, runs, context),
      }))
      .filter(({ blocks }) => blocks.length > 0),
  };
}

/**
 * The explorer, each experiment at its own decision, and two figures on the effect of thresholds.
 */
const opening: Section = (results, _runs, { references }) => [
  { kind: "explorer", explorer: thresholdExplorer(results, _runs, references) },
  ...tables(ownDecisionTable(results)),
  {
    kind: "figures",
    paired: true,
    figures: [sweepFigure(results), ...tradeOffFigures(results)],
  },
];

/** The figures of a report, in order. */
export function figuresIn({ blocks, details }: ReportDocument): FigurePlan[] {
  return [...blocks, ...details.flatMap((part) => part.blocks)]
    .flatMap((block) => block.kind === "figures" ? block.figures : []);
}

/** The data of the report's explorer, if it has one. */
export function explorerIn({ blocks }: ReportDocument): ThresholdExplorerData | undefined {
  return blocks.find((block) => block.kind === "explorer")?.explorer;
}

/**
 * A report without the figures that could not be drawn.
 *
 * @param figures names of the figures that were drawn
 * @param hasExplorer whether the explorer was drawn
 */
export function asDrawn(
  document: ReportDocument,
  figures: ReadonlySet<string>,
  hasExplorer: boolean,
): ReportDocument {
  const drawn = (blocks: readonly Block[]) =>
    blocks.filter(({ kind }) => hasExplorer || kind !== "explorer").map((block) =>
      block.kind === "figures"
        ? { ...block, figures: block.figures.filter(({ name }) => figures.has(name)) }
        : block
    );
  return {
    ...document,
    blocks: drawn(document.blocks),
    details: document.details.map((part) => ({ ...part, blocks: drawn(part.blocks) })),
  };
}

function notices(
  { dataset: { substitution, leftOut }, otherStart, unfinishedRuns }: Results,
): string[] {
  return [
    ...(substitution === undefined ? [] : [substitution]),
    ...(leftOut === undefined || leftOut.length === 0 ? [] : [
      `${count(leftOut.length)} ${leftOut.length === 1 ? "picture was" : "pictures were"} left ` +
      "out because they could not be used; they are listed under What was run.",
    ]),
    ...(otherStart === null || otherStart.leftOut.length === 0 ? [] : [
      `Not compared with the profile ${otherStart.profile}: ${listed(otherStart.leftOut)}, which ` +
      "differ from the runs here in more than their start.",
    ]),
    ...(unfinishedRuns.length === 0 ? [] : [
      `Not finished when this report was made, and left out: ${listed(unfinishedRuns)}.`,
    ]),
  ];
}
