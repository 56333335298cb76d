import { CONFIG, type PlotSpec, SCHEMA } from "./theme.ts";

/** Mean ranks of several methods. */
export interface MeanRanksData {
  readonly title: string;
  readonly methods: readonly { readonly title: string; readonly meanRank: number }[];
  /** The smallest significant difference of two mean ranks. */
  readonly criticalDifference: number;
}

/**
 * Mean ranks, the best on top, each with a bar whose length is the critical difference: two methods
 * differ if their bars do not overlap.
 *
 * Source: J. Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets" (2006), in
 * a variant of his figure.
 */
export function meanRanksPlot({ title, methods, criticalDifference }: MeanRanksData): PlotSpec {
  const rows = methods.map(({ title, meanRank }) => ({
    method: title,
    rank: meanRank,
    low: meanRank - criticalDifference / 2,
    high: meanRank + criticalDifference / 2,
  }));
  const order = rows.toSorted((a, b) => a.rank - b.rank).map(({ method }) => method);
  const x = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: "mean rank (1 is best), with the critical difference",
    scale: { zero: false },
    axis: { values: methods.map((_, place) => place + 1), format: "d" },
  });
  return {
    $schema: SCHEMA,
    title,
    data: { values: rows },
    width: 460,
    height: { step: 28 },
    encoding: {
      y: { field: "method", type: "nominal", sort: order, title: null, axis: { grid: true } },
    },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 5, color: "#9db7d5" },
        encoding: { x: x("low"), x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 80, opacity: 1, color: "#08306b" },
        encoding: { x: x("rank") },
      },
      {
        mark: { type: "text", dy: -11, fontSize: 11 },
        encoding: { x: x("rank"), text: { field: "rank", type: "quantitative", format: ".2f" } },
      },
    ],
    config: CONFIG,
  };
}
