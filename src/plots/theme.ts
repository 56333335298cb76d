/**
 * The common look of all plots.
 *
 * @module
 */
import type { Config, TopLevelSpec } from "vega-lite";

/** A self-contained Vega-Lite specification. */
export type PlotSpec = TopLevelSpec;

/** A plot of layers, for use inside a plot of several panels. */
export type LayeredPlotSpec = Extract<PlotSpec, { layer: unknown }>;

/** The font provided by `render.ts`, and fonts of similar width for browsers. */
export const FONT = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

/** JupyterLab draws version 5; version 6 of Vega-Lite draws these specifications the same way. */
export const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

const INK = "#222222";

/** Settings of every plot: the font, a white background even on dark pages, light grids. */
export const CONFIG: Config = {
  // One label for the whole picture is more useful than one for each of its hundreds of marks.
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
 * Distinguishes the lines of a plot by colour, dash pattern and point shape together; a name's look
 * depends on its index in `names`.
 *
 * @param field the data field with the name of the line
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
    // Not a scale, because its legend would draw the outlines of the points dashed.
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
  // Vega's parser treats these two characters as line ends, unlike JSON and today's JavaScript.
  return JSON.stringify(value).replace(
    /[\u2028\u2029]/g,
    (end) => end === "\u2028" ? "\\u2028" : "\\u2029",
  );
}

/** A position channel for a field with values from 0 to 1, labelled in percent by default. */
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
 * Colours that people with colour-blindness can distinguish: Okabe and Ito's palette ("Color
 * Universal Design", 2008). Its yellow is darkened, because it would be invisible on white.
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

/**
 * Lengths of dashes and gaps in pixels; one pattern more than colours, so that looks repeat late.
 */
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
