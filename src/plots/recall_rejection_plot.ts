/**
 * What rejecting costs, over all thresholds, as a plot.
 *
 * @module
 */
import {
  CONFIG,
  type LayeredPlotSpec,
  type PlotSpec,
  SCHEMA,
  seriesEncoding,
  unitChannel,
} from "./theme.ts";

/** A point of one experiment's curve; every value from 0 to 1. */
export interface RecallRejectionPoint {
  /** Share of the group's pictures that are rejected. */
  readonly rejected: number;
  /** Share of the known pictures that are accepted and correct then: mean over the runs. */
  readonly recall: number;
  /** Standard deviation of the recall; null for a single run. */
  readonly deviation: number | null;
}

/** What the plot shows: the curves of several experiments against several groups. */
export interface RecallRejectionData {
  readonly title: string;
  readonly panels: readonly {
    /** Which pictures are to be rejected, for example "unseen". */
    readonly group: string;
    readonly experiments: readonly {
      readonly title: string;
      /** In order of `rejected`. */
      readonly points: readonly RecallRejectionPoint[];
    }[];
  }[];
}

/**
 * One panel per group: the share of known pictures that are correct over the share of the group's
 * pictures that are rejected, with a band of one standard deviation to each side. The nearer to the
 * top right, the better.
 */
export function recallRejectionPlot({ title, panels }: RecallRejectionData): PlotSpec {
  return { $schema: SCHEMA, title, hconcat: panels.map(panel), config: CONFIG };
}

/** Every so many points there is a shape, so that lines can be told apart without colour. */
const POINTS_PER_SHAPE = 5;

function panel({ group, experiments }: RecallRejectionData["panels"][number]): LayeredPlotSpec {
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

function rowsOf({ title, points }: RecallRejectionData["panels"][number]["experiments"][number]) {
  return points.map(({ rejected, recall, deviation }, index) => ({
    experiment: title,
    rejected: rounded(rejected),
    recall: rounded(recall),
    low: rounded(Math.max(0, recall - (deviation ?? 0))),
    high: rounded(Math.min(1, recall + (deviation ?? 0))),
    ...(index % POINTS_PER_SHAPE === 0 ? { shape: true } : {}),
  }));
}

/** A hundredth of a percent is finer than a pixel and keeps the specification small. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
