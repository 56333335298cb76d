/**
 * The figures of a report: which there are, and their files.
 *
 * @module
 */
import { join } from "@std/path";
import { type Group, NA } from "../data/categories.ts";
import { type DecisionName, oscrCurveAgainst, type SweepPoint } from "../evaluation/evaluate.ts";
import type { Summary } from "../evaluation/statistics.ts";
import { type ExperimentName, experimentNamed } from "../experiments.ts";
import { type ConfusionMatrixData, confusionMatrixPlot } from "../plots/confusion_matrix_plot.ts";
import { oscrPlot } from "../plots/oscr_plot.ts";
import { reliabilityPlot } from "../plots/reliability_plot.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { PlotSpec } from "../plots/theme.ts";
import { type SweepShares, thresholdSweepPlot } from "../plots/threshold_sweep_plot.ts";
import { trainingCurvesPlot } from "../plots/training_curves_plot.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { ARTICLE_SETTING, PUBLISHED_CONFUSIONS, publishedHistory } from "../article/article.ts";
import { pytorchRun } from "../article/pytorch.ts";
import type { ExperimentResults, Results } from "./results.ts";
import type { Run } from "../runs/read_runs.ts";
import { categoryName, rejectedGroups } from "./tables.ts";

/** The folder of the figures inside a results folder. */
export const FIGURES_FOLDER = "figures";

/** What a figure is about; each kind has its place in the report. */
export type FigureKind = "confusion" | "training" | "thresholds" | "open set" | "calibration";

/** A figure before it is drawn. */
export interface FigurePlan {
  readonly kind: FigureKind;
  /** The name of its files, without extension. */
  readonly name: string;
  /** What it shows, for captions and for people who cannot see it. */
  readonly caption: string;
  readonly spec: PlotSpec;
  /** Whether it belongs to the left of those after it, where figures are beside each other. */
  readonly startsRow?: boolean;
}

/** A figure with its drawing. */
export interface DrawnFigure extends FigurePlan {
  readonly svg: string;
}

/**
 * The figures of a report. Confusion matrices are means over the seeds; other figures show every
 * seed.
 */
export function figurePlans(results: Results, runs: readonly Run[]): FigurePlan[] {
  return [
    ...results.experiments.flatMap((experiment) => confusionFigures(results, experiment)),
    ...results.experiments.map((experiment) => trainingFigure(results, experiment, runs)),
    sweepFigure(results),
    ...oscrFigures(results, runs),
    ...calibrationFigures(results),
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
    await removeIfPresent(folder);
    await Deno.rename(unfinished, folder);
    return drawn;
  } catch (error) {
    await removeIfPresent(unfinished);
    throw error;
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
  return CONFUSION_DECISIONS[experiment.name].flatMap((decision) => {
    const title = `${experiment.title}, ${decision}`;
    const name = `confusion-${experiment.name}-${decision.replace(" ", "-")}`;
    const plan = (form: string, pictures: string, data: ConfusionMatrixData): FigurePlan => ({
      kind: "confusion",
      name: `${name}-${form}`,
      caption: `Confusion matrix of ${title}, ${pictures}`,
      spec: confusionMatrixPlot(data),
    });
    const seeds = seedsText(experiment);
    const groups = ["known", ...rejectedGroups(results)] as const;
    const known = plan(
      "known",
      `known pictures only, ${seeds}`,
      confusionData(results, experiment, decision, ["known"], `${title}: known, ${seeds}`),
    );
    const all = plan(
      "all",
      `all test pictures, ${seeds}`,
      confusionData(results, experiment, decision, groups, `${title}: all, ${seeds}`),
    );
    const published = publishedConfusion(results, experiment.name, decision);
    if (published === undefined) return inOneRow(known, all);
    const article = plan("article", "as the article published it", published);
    const ofKnownAlone = published.actual.length === results.dataset.groups.known.length;
    return ofKnownAlone ? inOneRow(known, article, all) : inOneRow(all, article, known);
  });
}

function inOneRow(...plans: readonly FigurePlan[]): FigurePlan[] {
  return plans.map((plan, index) => ({ ...plan, startsRow: index === 0 }));
}

/** Whose counts, or the mean of whose counts, a matrix shows. */
export function seedsText({ runs }: ExperimentResults): string {
  return runs.length === 1 ? `seed ${runs[0]!.seed}` : `mean of ${runs.length} seeds`;
}

/**
 * What the test pictures of some groups were taken for; means where there are several seeds. There is
 * a column for `na` unless only known pictures are shown and none of them got it.
 */
export function confusionData(
  results: Results,
  { summary }: ExperimentResults,
  decision: DecisionName,
  groups: readonly Group[],
  title: string,
): ConfusionMatrixData {
  const { columns, known, unknown, unseen } = summary.confusion[decision];
  const rows = { known, unknown: [unknown], unseen: [unseen] };
  const counts = groups.flatMap((group) => rows[group]).map(meansOf);
  const names = columns.map((column) => categoryName(results, column));
  const naColumn = columns.indexOf(NA);
  const onlyKnown = groups.every((group) => group === "known");
  const width = onlyKnown && counts.every((row) => row[naColumn] === 0) ? naColumn : columns.length;
  return {
    title,
    actual: groups.flatMap((group) => group === "known" ? names.slice(0, naColumn) : [group]),
    predicted: names.slice(0, width),
    counts: counts.map((row) => row.slice(0, width)),
  };
}

function meansOf(row: readonly Summary[]): number[] {
  return row.map(({ mean }) => mean);
}

/** The article's matrix of this experiment and decision, if it published one. */
function publishedConfusion(
  results: Results,
  name: ExperimentName,
  decision: DecisionName,
): ConfusionMatrixData | undefined {
  const published = PUBLISHED_CONFUSIONS.find((matrix) =>
    matrix.experiment === name && matrix.decision === decision
  );
  const { name: dataset, groups } = results.dataset;
  const sameRows = published?.known.join() === [...groups.known].sort().join();
  if (dataset !== ARTICLE_SETTING.dataset || !published || !sameRows) return undefined;
  const { title } = experimentNamed(name);
  const known = published.known.map((category) => categoryName(results, category));
  const actual = [...known, "unknown", "unseen"].slice(0, published.rows.length);
  return {
    title: `${title}, ${decision}: the article`,
    actual,
    predicted: [...known, categoryName(results, NA)],
    counts: published.rows,
  };
}

/** An experiment's epochs, over the article's and PyTorch's where these have the same setting. */
export function trainingFigure(
  { dataset, profile }: Results,
  { name, title }: ExperimentResults,
  runs: readonly Run[],
): FigurePlan {
  const own = runs.filter(({ experiment }) => experiment.name === name);
  const sameSetting = dataset.name === ARTICLE_SETTING.dataset &&
    profile.name === ARTICLE_SETTING.profile;
  const published = sameSetting ? publishedHistory(name) : undefined;
  const pytorch = pytorchRun({ dataset: dataset.name, profile: profile.name, experiment: name })
    ?.epochs;
  return {
    kind: "training",
    name: `training-${name}`,
    caption: `Losses and validation accuracies of ${title} by epoch` +
      (published === undefined ? "" : "; the thin lines are the article's run") +
      (pytorch === undefined ? "" : "; the hollow points are PyTorch's run"),
    spec: trainingCurvesPlot({
      title,
      runs: own.map(({ history }) => history),
      published,
      pytorch,
    }),
  };
}

/** Right answers and rejections at every threshold. */
export function sweepFigure({ dataset: { counts: { test } }, experiments }: Results): FigurePlan {
  const share = (right: number, all: number) => all === 0 ? undefined : right / all;
  const shares = (point: SweepPoint): SweepShares => ({
    threshold: point.threshold,
    knownRight: share(point.knownRight, test.known),
    unknownRejected: share(point.unknownRejected, test.unknown),
    unseenRejected: share(point.unseenRejected, test.unseen),
  });
  return {
    kind: "thresholds",
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
  if (panels.length === 0) return [];
  return [{
    kind: "open set",
    name: "oscr",
    caption: "Open-set classification rate: share of known pictures that are accepted and right " +
      "over the share of other pictures that are accepted, for each group of these apart",
    spec: oscrPlot({ title: "Open-set classification rate", panels }),
  }];
}

/** None for a data set without known test pictures. */
function calibrationFigures({ experiments }: Results): FigurePlan[] {
  const measured = experiments.map(({ title, runs }) => ({
    title,
    runs: runs.flatMap(({ figures: { calibration } }) =>
      calibration === null ? [] : [calibration.knownLabels.bins]
    ),
  }));
  if (measured.every(({ runs }) => runs.length === 0)) return [];
  return [{
    kind: "calibration",
    name: "reliability",
    caption: "Reliability of the known labels' scores on known pictures: the share of pictures " +
      "that are right over their highest known score, with the line on which both are the same",
    spec: reliabilityPlot({ title: "Reliability on known pictures", experiments: measured }),
  }];
}
