import { CONFIG, type PlotSpec, SCHEMA, seriesEncoding, unitChannel } from "./theme.ts";

/** The accuracy on known pictures and the rejection rate of others. */
export interface TradeOffPoint {
  readonly known: number;
  readonly rejected: number;
}

/** The data of the plot. */
export interface TradeOffData {
  readonly title: string;
  /** The group to be rejected, for example `unseen`. */
  readonly group: string;
  readonly experiments: readonly {
    readonly title: string;
    /** At thresholds from 0 to 1. */
    readonly sweep: readonly TradeOffPoint[];
    /** By the experiment's own decision. */
    readonly own: TradeOffPoint;
    readonly published: readonly TradeOffPoint[];
  }[];
}

/**
 * Known accuracy over the rejection rate of one group: a line for each experiment through all
 * thresholds, a dot for its own decision, an open square for each published result.
 */
export function tradeOffPlot({ title, group, experiments }: TradeOffData): PlotSpec {
  const { color, strokeDash } = seriesEncoding("experiment", experiments.map(({ title }) => title));
  const position = {
    x: unitChannel("rejected", `${group} pictures rejected`),
    y: unitChannel("known", "known pictures correct"),
  };
  const valuesOf = (
    points: (of: TradeOffData["experiments"][number]) => readonly TradeOffPoint[],
  ) =>
    experiments.flatMap((experiment) =>
      points(experiment).map((point, order) => ({ experiment: experiment.title, order, ...point }))
    );
  return {
    $schema: SCHEMA,
    title,
    width: 380,
    height: 380,
    layer: [
      {
        data: { values: valuesOf(({ sweep }) => sweep) },
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          ...position,
          color,
          strokeDash,
          order: { field: "order", type: "quantitative" },
        },
      },
      {
        data: { values: valuesOf(({ own }) => [own]) },
        mark: { type: "point", filled: true, opacity: 1, size: 110 },
        encoding: { ...position, color },
      },
      {
        data: { values: valuesOf(({ published }) => published) },
        mark: { type: "point", shape: "square", filled: false, strokeWidth: 2.5, size: 150 },
        encoding: { ...position, color },
      },
    ],
    config: CONFIG,
  };
}
