import { CONFIG, type PlotSpec, SCHEMA, seriesEncoding, unitChannel } from "./theme.ts";

/** Shares of each group with correct labels at one threshold, each from 0 to 1. */
export interface SweepShares {
  readonly threshold: number;
  /** Absent, like the other two, if the data set has no pictures of the group. */
  readonly knownCorrect?: number | undefined;
  readonly unknownRejected?: number | undefined;
  readonly unseenRejected?: number | undefined;
}

/** The data of the plot: the sweeps of several experiments. */
export interface ThresholdSweepData {
  readonly title: string;
  readonly experiments: readonly {
    readonly title: string;
    /** One sweep per run. */
    readonly runs: readonly (readonly SweepShares[])[];
  }[];
}

const SERIES = [
  ["known correct", "knownCorrect"],
  ["unknown rejected", "unknownRejected"],
  ["unseen rejected", "unseenRejected"],
] as const;

/**
 * One panel per experiment: the share of known pictures that are correct and the shares of unknown
 * and unseen pictures that are rejected, over the threshold. Runs with different seeds are lines of
 * the same look.
 */
export function thresholdSweepPlot({ title, experiments }: ThresholdSweepData): PlotSpec {
  const values = experiments.flatMap((experiment) =>
    experiment.runs.flatMap((run, runIndex) =>
      run.flatMap((point) =>
        SERIES.flatMap(([series, field]) => {
          const share = point[field];
          if (share === undefined) return [];
          const { threshold } = point;
          return [{ experiment: experiment.title, run: runIndex, threshold, series, share }];
        })
      )
    )
  );
  const position = {
    x: unitChannel("threshold", "threshold", ".1f"),
    y: unitChannel("share", "share of the group"),
    detail: { field: "run" },
  };
  const { color, strokeDash, shape } = seriesEncoding("series", SERIES.map(([name]) => name));
  return {
    $schema: SCHEMA,
    title,
    data: { values },
    facet: {
      field: "experiment",
      type: "nominal",
      title: null,
      sort: experiments.map((experiment) => experiment.title),
    },
    columns: 2,
    spec: {
      width: 260,
      height: 200,
      layer: [
        {
          mark: { type: "line", strokeWidth: 2 },
          encoding: { ...position, color, strokeDash },
        },
        {
          transform: [{ filter: "round(datum.threshold * 100) % 10 == 0" }],
          mark: { type: "point", filled: true, opacity: 1, size: 35 },
          encoding: { ...position, color, shape },
        },
      ],
    },
    config: CONFIG,
  };
}
