import type { OscrCurve } from "../evaluation/open_set.ts";
import {
  CONFIG,
  type LayeredPlotSpec,
  type PlotSpec,
  SCHEMA,
  seriesEncoding,
  unitChannel,
} from "./theme.ts";

/** Curves of several experiments against several groups. */
interface GroupPanels<ExperimentCurves> {
  readonly title: string;
  readonly panels: readonly {
    /** Which pictures the known ones are told from, for example "unseen". */
    readonly group: string;
    readonly experiments: readonly ExperimentCurves[];
  }[];
}

/** An experiment with a curve of each run. */
interface RunCurves {
  readonly title: string;
  readonly runs: readonly OscrCurve[];
}

/** An experiment with points in order of `rejected`; every value from 0 to 1. */
interface MeanCurve {
  readonly title: string;
  readonly points: readonly {
    /** Share of the group's pictures that are rejected. */
    readonly rejected: number;
    /** Share of the known pictures that are accepted and correct then: mean over the runs. */
    readonly recall: number;
    /** Standard deviation of the recall; null for a single run. */
    readonly deviation: number | null;
  }[];
}

/**
 * One panel per group: the share of known pictures that are accepted and correct over the share of
 * the group's pictures that are accepted. The nearer to the top left, the better.
 */
export function oscrPlot({ title, panels }: GroupPanels<RunCurves>): PlotSpec {
  return { $schema: SCHEMA, title, hconcat: panels.map(oscrPanel), config: CONFIG };
}

/**
 * One panel per group: the share of known pictures that are correct over the share of the group's
 * pictures that are rejected, with a band of one standard deviation to each side. The nearer to the
 * top right, the better.
 */
export function recallRejectionPlot({ title, panels }: GroupPanels<MeanCurve>): PlotSpec {
  return { $schema: SCHEMA, title, hconcat: panels.map(recallPanel), config: CONFIG };
}

/** Enough for a smooth line; a curve has one point for each of thousands of scores. */
const DRAWN_POINTS = 200;
/** Points with a shape on them, so that the line can be told apart without colour. */
const MARKED_POINTS = 8;

function oscrPanel(
  { group, experiments }: GroupPanels<RunCurves>["panels"][number],
): LayeredPlotSpec {
  const position = {
    x: unitChannel("fpr", `${group} pictures accepted`),
    y: unitChannel("ccr", "known pictures accepted and correct"),
    detail: { field: "run" },
  };
  const titles = experiments.map(({ title }) => title);
  const { color, strokeDash, shape } = seriesEncoding("experiment", titles);
  return {
    width: 270,
    height: 270,
    layer: [
      {
        data: { values: pointsOf(experiments, DRAWN_POINTS) },
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          ...position,
          color,
          strokeDash,
          order: { field: "position", type: "quantitative" },
        },
      },
      {
        data: { values: pointsOf(experiments, MARKED_POINTS) },
        mark: { type: "point", filled: true, opacity: 1, size: 45 },
        encoding: { ...position, color, shape },
      },
    ],
  };
}

function pointsOf(experiments: readonly RunCurves[], count: number) {
  return experiments.flatMap(({ title, runs }) =>
    runs.flatMap((curve, run) =>
      evenlyAlong(curve, count).map((index, position) => ({
        experiment: title,
        run,
        position,
        fpr: rounded(curve.fpr[index]!, 5),
        ccr: rounded(curve.ccr[index]!, 5),
      }))
    )
  );
}

/**
 * Indices of points that are about evenly far apart along the curve, with the first and last one.
 * The curve only moves right and up, so that the sum of its coordinates measures the way.
 */
function evenlyAlong({ fpr, ccr }: OscrCurve, count: number): number[] {
  const last = fpr.length - 1;
  const length = fpr[last]! + ccr[last]!;
  const chosen = [0];
  for (let index = 1; index < last; index++) {
    const wayTo = (point: number) => fpr[point]! + ccr[point]!;
    if (wayTo(index) - wayTo(chosen.at(-1)!) >= length / count) chosen.push(index);
  }
  return [...chosen, last];
}

/** Every so many points there is a shape, so that lines can be told apart without colour. */
const POINTS_PER_SHAPE = 5;

function recallPanel(
  { group, experiments }: GroupPanels<MeanCurve>["panels"][number],
): LayeredPlotSpec {
  const x = unitChannel("rejected", `${group} pictures rejected`);
  const y = unitChannel("recall", "known pictures accepted and correct");
  const series = seriesEncoding("experiment", experiments.map((experiment) => experiment.title));
  // Or the legend's symbols would be as pale as the bands.
  const color = { ...series.color, legend: { ...series.color.legend, symbolOpacity: 1 } };
  const shape = { ...series.shape, legend: color.legend };
  return {
    width: 290,
    height: 290,
    data: { values: experiments.flatMap(rowsOf) },
    layer: [
      {
        mark: { type: "area", opacity: 0.18 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
      },
      {
        mark: { type: "line", strokeWidth: 2 },
        encoding: { x, y, color, strokeDash: series.strokeDash },
      },
      {
        transform: [{ filter: "datum.shape" }],
        mark: { type: "point", filled: true, opacity: 1, size: 45 },
        encoding: { x, y, color, shape },
      },
    ],
  };
}

function rowsOf({ title, points }: MeanCurve) {
  return points.map(({ rejected, recall, deviation }, index) => ({
    experiment: title,
    rejected: rounded(rejected, 4),
    recall: rounded(recall, 4),
    low: rounded(Math.max(0, recall - (deviation ?? 0)), 4),
    high: rounded(Math.min(1, recall + (deviation ?? 0)), 4),
    ...(index % POINTS_PER_SHAPE === 0 ? { shape: true } : {}),
  }));
}

/** Digits behind the point that are finer than a pixel keep the drawing small. */
function rounded(share: number, digits: number): number {
  return Math.round(share * 10 ** digits) / 10 ** digits;
}
