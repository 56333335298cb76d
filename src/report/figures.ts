/**
 * The figures of a report: which there are, and their files.
 *
 * @module
 */
import { join } from "@std/path";
import { NA } from "../data/categories.ts";
import {
  type DecisionName,
  oscrCurveAgainst,
  type RejectedGroup,
  type SweepPoint,
} from "../evaluation/evaluate.ts";
import type { ExperimentName } from "../experiments.ts";
import { type ConfusionMatrixData, confusionMatrixPlot } from "../plots/confusion_matrix_plot.ts";
import { oscrPlot } from "../plots/oscr_plot.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { PlotSpec } from "../plots/theme.ts";
import { type SweepShares, thresholdSweepPlot } from "../plots/threshold_sweep_plot.ts";
import { trainingCurvesPlot } from "../plots/training_curves_plot.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import type { ExperimentResults, Results } from "./results.ts";
import type { Run } from "./runs.ts";
import { categoryName } from "./tables.ts";

/** The folder of the figures inside a results folder. */
export const FIGURES_FOLDER = "figures";

/** What a figure is about; each kind has its place in the report. */
export type FigureKind = "open set" | "confusion" | "training";

/** A figure before it is drawn. */
export interface FigurePlan {
  readonly kind: FigureKind;
  /** The name of its files, without extension. */
  readonly name: string;
  /** What it shows, for captions and for people who cannot see it. */
  readonly caption: string;
  readonly spec: PlotSpec;
}

/** A figure with its drawing. */
export interface DrawnFigure extends FigurePlan {
  readonly svg: string;
}

/** The figures of a report. Confusion matrices are those of the first seed; lines show all seeds. */
export function figurePlans(results: Results, runs: readonly Run[]): FigurePlan[] {
  return [
    ...oscrFigures(results, runs),
    sweepFigure(results),
    ...results.experiments.flatMap((experiment) => confusionFigures(results, experiment)),
    ...results.experiments.map((experiment) => trainingFigure(experiment, runs)),
  ];
}

/**
 * Draws figures and writes them as SVG and PNG into the results folder. Figures of an earlier report
 * are replaced only when all new ones are drawn.
 */
export async function writeFigures(
  runDirectory: string,
  plans: readonly FigurePlan[],
): Promise<DrawnFigure[]> {
  const folder = join(runDirectory, FIGURES_FOLDER);
  const unfinished = `${folder}.${crypto.randomUUID()}.tmp`;
  try {
    const drawn: DrawnFigure[] = [];
    for (const plan of plans) {
      const svg = await renderSvg(plan.spec);
      await writeWholeFile(join(unfinished, `${plan.name}.svg`), svg);
      await writeWholeFile(join(unfinished, `${plan.name}.png`), await svgToPng(svg));
      drawn.push({ ...plan, svg });
    }
    await removeFolder(folder);
    await Deno.rename(unfinished, folder);
    return drawn;
  } catch (error) {
    await removeFolder(unfinished);
    throw error;
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Besides argmax, the decision of the article's own confusion matrices of BCENa. */
const CONFUSION_DECISIONS: Readonly<Record<ExperimentName, readonly DecisionName[]>> = {
  "ce": ["argmax"],
  "bce": ["argmax"],
  "bce-na": ["argmax"],
  "bcena": ["argmax", "threshold 0.5"],
};

function confusionFigures(results: Results, experiment: ExperimentResults): FigurePlan[] {
  const { seed } = experiment.runs[0]!;
  return CONFUSION_DECISIONS[experiment.name].flatMap((decision) => {
    const title = `${experiment.title}, ${decision}, seed ${seed}`;
    const name = `confusion-${experiment.name}-${decision.replace(" ", "-")}`;
    const plan = (form: string, pictures: string, data: ConfusionMatrixData): FigurePlan => ({
      kind: "confusion",
      name: `${name}-${form}`,
      caption: `Confusion matrix of ${title}, ${pictures}`,
      spec: confusionMatrixPlot(data),
    });
    const known = plan(
      "known",
      "known pictures only",
      knownConfusion(results, experiment, decision, `${title}: known`),
    );
    const all = plan(
      "all",
      "all test pictures",
      wholeConfusion(results, experiment, decision, `${title}: all`),
    );
    return [known, all];
  });
}

/** The known pictures alone; a column for `na` only where some of them got it. */
function knownConfusion(
  results: Results,
  { runs }: ExperimentResults,
  decision: DecisionName,
  title: string,
): ConfusionMatrixData {
  const { columns, known } = runs[0]!.figures.confusion[decision];
  const names = columns.map((column) => categoryName(results, column));
  const naColumn = columns.indexOf(NA);
  const width = known.some((row) => row[naColumn]! > 0) ? columns.length : naColumn;
  return {
    title,
    actual: names.slice(0, naColumn),
    predicted: names.slice(0, width),
    counts: known.map((row) => row.slice(0, width)),
  };
}

/** All pictures: one row per known category, then the other groups that have pictures. */
function wholeConfusion(
  results: Results,
  { runs }: ExperimentResults,
  decision: DecisionName,
  title: string,
): ConfusionMatrixData {
  const { confusion, images } = runs[0]!.figures;
  const { columns, known, unknown, unseen } = confusion[decision];
  const names = columns.map((column) => categoryName(results, column));
  const groups = ([["unknown", unknown], ["unseen", unseen]] as const)
    .filter(([group]) => images[group] > 0);
  return {
    title,
    actual: [...names.slice(0, columns.indexOf(NA)), ...groups.map(([group]) => group)],
    predicted: names,
    counts: [...known, ...groups.map(([, row]) => row)],
  };
}

function trainingFigure({ name, title }: ExperimentResults, runs: readonly Run[]): FigurePlan {
  const own = runs.filter(({ experiment }) => experiment.name === name);
  return {
    kind: "training",
    name: `training-${name}`,
    caption: `Losses and validation accuracies of ${title} by epoch`,
    spec: trainingCurvesPlot({ title, runs: own.map(({ history }) => history) }),
  };
}

function sweepFigure({ dataset: { counts: { test } }, experiments }: Results): FigurePlan {
  const share = (right: number, all: number) => all === 0 ? undefined : right / all;
  const shares = (point: SweepPoint): SweepShares => ({
    threshold: point.threshold,
    knownRight: share(point.knownRight, test.known),
    unknownRejected: share(point.unknownRejected, test.unknown),
    unseenRejected: share(point.unseenRejected, test.unseen),
  });
  return {
    kind: "open set",
    name: "threshold-sweep",
    caption:
      "Share of known pictures that are right, and of unknown and unseen pictures that are " +
      "rejected, for every threshold on the highest score",
    spec: thresholdSweepPlot({
      title: "Right answers and rejections at every threshold",
      experiments: experiments.map(({ title, runs }) => ({
        title,
        runs: runs.map(({ figures }) => figures.thresholdSweep.map(shares)),
      })),
    }),
  };
}

/** None for a data set of known pictures alone. */
function oscrFigures(results: Results, runs: readonly Run[]): FigurePlan[] {
  const groups: readonly RejectedGroup[] = ["unknown", "unseen"];
  const panels = groups
    .filter((group) => results.dataset.counts.test[group] > 0)
    .map((group) => ({
      group,
      experiments: results.experiments.map(({ name, title }) => ({
        title,
        runs: runs
          .filter(({ experiment }) => experiment.name === name)
          .map(({ predictions }) => oscrCurveAgainst(predictions, group))
          .filter((curve) => curve !== null),
      })),
    }));
  if (panels.length === 0) return [];
  return [{
    kind: "open set",
    name: "oscr",
    caption: "Open-set classification rate: share of known pictures that are accepted and right " +
      "over the share of other pictures that are accepted, for each group of these apart",
    spec: oscrPlot({ title: "Open-set classification rate", panels }),
  }];
}
