/**
 * The look that all plots share.
 *
 * @module
 */
import type { Config, TopLevelSpec } from "vega-lite";

/** A Vega-Lite specification that draws itself without anything else. */
export type PlotSpec = TopLevelSpec;

/** A plot of layers, for use inside a plot of several panels. */
export type LayeredPlotSpec = Extract<PlotSpec, { layer: unknown }>;

/** The font that `render.ts` brings along, and relatives of its widths for browsers. */
export const FONT = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

/** Version 5 is what JupyterLab draws; version 6 of Vega-Lite draws these specifications alike. */
export const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

const INK = "#222222";

/** Settings of every plot: the font, a white ground also in dark surroundings, quiet grids. */
export const CONFIG: Config = {
  // One label for the whole picture serves better than one for each of its hundreds of marks.
  aria: false,
  background: "white",
  font: FONT,
  padding: 12,
  view: { stroke: "#cccccc" },
  axis: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelColor: INK,
    titleColor: INK,
    gridColor: "#e6e6e6",
    labelLimit: 220,
  },
  header: { labelFontSize: 13, titleFontSize: 13, labelColor: INK, labelLimit: 320 },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelColor: INK,
    labelLimit: 260,
    symbolSize: 90,
    symbolStrokeWidth: 2,
  },
  title: { fontSize: 14, fontWeight: "bold", anchor: "start", offset: 12, color: INK },
};

/**
 * Tells the lines of a plot apart by colour, dash pattern and point shape at once, each name's look
 * following from its place in `names`.
 *
 * @param field the data field that holds the name of the line
 * @param names all names, in the order of the legend
 */
export function seriesEncoding(field: string, names: readonly string[]) {
  const channel = (looks: readonly string[]) => ({
    field,
    type: "nominal" as const,
    title: null,
    scale: { domain: [...names], range: names.map((_, index) => looks[index % looks.length]!) },
    legend: { orient: "bottom" as const, direction: "vertical" as const },
  });
  return {
    color: channel(SERIES_COLORS),
    shape: channel(SERIES_SHAPES),
    // Not a scale, because its legend would put the dashes on the outlines of the points.
    strokeDash: {
      condition: names.map((name, index) => ({
        test: `datum[${literal(field)}] === ${literal(name)}`,
        value: SERIES_DASHES[index % SERIES_DASHES.length]!,
      })),
    },
  };
}

/** A value as a literal in one of Vega's expressions. */
export function literal(value: unknown): string {
  // Vega's parser takes these two for line ends, which JSON and JavaScript no longer do.
  return JSON.stringify(value).replace(
    /[\u2028\u2029]/g,
    (end) => end === "\u2028" ? "\\u2028" : "\\u2029",
  );
}

/** A position channel for a field that goes from 0 to 1, by default written as a percentage. */
export function unitChannel(field: string, title: string, format = ".0%") {
  return {
    field,
    type: "quantitative" as const,
    title,
    scale: { domain: [0, 1] },
    axis: { format },
  };
}

/**
 * Colours that people with colour-blindness tell apart, in Okabe and Ito's palette ("Color Universal
 * Design", 2008). Its yellow is darkened, which on white could not be seen.
 */
export const SERIES_COLORS: readonly string[] = [
  "#000000",
  "#d55e00",
  "#0072b2",
  "#56b4e9",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#8a7d00",
];

/** Lengths of dashes and gaps in pixels; one more than colours, so that looks repeat late. */
const SERIES_DASHES: readonly number[][] = [
  [1, 0],
  [8, 3],
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
  [14, 4],
  [10, 3, 2, 3, 2, 3],
  [4, 6],
  [1, 5],
];

const SERIES_SHAPES: readonly string[] = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];
