import type { CalibrationBin } from "../evaluation/calibration.ts";
import { CONFIG, type PlotSpec, SCHEMA, unitChannel } from "./theme.ts";

/** The data of the plot: the bins of several experiments. */
export interface ReliabilityData {
  readonly title: string;
  readonly experiments: readonly {
    readonly title: string;
    /** The bins of each run; those without pictures are not drawn. */
    readonly runs: readonly (readonly CalibrationBin[])[];
  }[];
}

/**
 * One panel per experiment: accuracy over the score, with one point per range of scores, whose size
 * shows its number of pictures. On the gray diagonal a score is a probability; below it, the
 * network is overconfident.
 */
export function reliabilityPlot({ title, experiments }: ReliabilityData): PlotSpec {
  const values = experiments.flatMap((experiment) =>
    experiment.runs.flatMap((bins, run) =>
      bins.flatMap(({ images, correct, meanScore }) =>
        meanScore === null ? [] : [{
          experiment: experiment.title,
          run,
          score: meanScore,
          share: correct / images,
          images,
        }]
      )
    )
  );
  const x = unitChannel("score", "mean score", ".1f");
  const y = unitChannel("share", "accuracy");
  const position = {
    x: { ...x, scale: { ...x.scale, padding: ROOM } },
    y: { ...y, scale: { ...y.scale, padding: ROOM } },
    detail: { field: "run" },
  };
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
    columns: 4,
    spec: {
      width: 175,
      height: 175,
      layer: [
        {
          mark: { type: "rule", color: "#999999" },
          encoding: {
            x: { datum: 0, type: "quantitative" },
            y: { datum: 0, type: "quantitative" },
            x2: { datum: 1 },
            y2: { datum: 1 },
          },
        },
        {
          mark: { type: "line", color: LINE_COLOR, strokeWidth: 1.5 },
          encoding: position,
        },
        {
          mark: { type: "point", color: LINE_COLOR, filled: true, opacity: 0.8 },
          encoding: {
            ...position,
            size: {
              field: "images",
              type: "quantitative",
              title: "pictures",
              scale: { range: [8, 220], zero: true },
              legend: { orient: "bottom", tickCount: 4, format: ",d" },
            },
          },
        },
      ],
    },
    config: CONFIG,
  };
}

const LINE_COLOR = "#0072b2";

/** Pixels around the scales: points that stick out of a panel would push its heading up. */
const ROOM = 9;
