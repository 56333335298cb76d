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
interface OscrCurves {
  readonly title: string;
  /** Points drawn per curve; by default enough for a smooth line of thousands of scores. */
  readonly points?: number;
  readonly panels: readonly {
    /** The group that known pictures are compared with, for example "unseen". */
    readonly group: string;
    readonly experiments: readonly RunCurves[];
  }[];
}

/** An experiment with the curve of each run. */
interface RunCurves {
  readonly title: string;
  readonly runs: readonly OscrCurve[];
}

/**
 * One panel per group: the share of known pictures that are accepted and correct over the share of
 * the group's pictures that are accepted. Closer to the top left is better.
 */
export function oscrPlot({ title, panels, points = DRAWN_POINTS }: OscrCurves): PlotSpec {
  const hconcat = panels.map((panel) => oscrPanel(panel, points));
  return { $schema: SCHEMA, title, hconcat, config: CONFIG };
}

const DRAWN_POINTS = 200;
/** Points marked with a shape, so that lines can be distinguished without colour. */
const MARKED_POINTS = 8;

function oscrPanel(
  { group, experiments }: OscrCurves["panels"][number],
  points: number,
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
        data: { values: pointsOf(experiments, points) },
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
 * Indices of points that are about evenly spaced along the curve, including the first and last one.
 * The curve only moves right and up, so the sum of the coordinates measures the distance along it.
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

/** Rounds to digits that are finer than a pixel, which keeps the drawing small. */
function rounded(share: number, digits: number): number {
  return Math.round(share * 10 ** digits) / 10 ** digits;
}
