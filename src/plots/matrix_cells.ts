/**
 * Parts of matrix plots: shaded cells, each with a text.
 *
 * @module
 */
import { type LayeredPlotSpec, literal } from "./theme.ts";

/** The size of a matrix's cells in pixels, and the number of letters that fit under one. */
export interface MatrixSize {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columnLetters: number;
}

/** Letters that fit beside a row. */
const ROW_LETTERS = 28;

/** The share from which white text is more readable on its cell than dark text. */
const DARK_SHARE = 0.65;

/** The shades of the shares 0 and 1. */
const SHADES = ["#f2f6fb", "#08306b"];

/**
 * Width, height, and position channels of a matrix whose data have the fields `row` and `column`,
 * counted from 0.
 *
 * @param columns readable names, in order
 * @param rows readable names, in order
 */
export function matrixFrame(
  { cellWidth, cellHeight, columnLetters }: MatrixSize,
  columns: readonly string[],
  rows: readonly string[],
  titles: { readonly x: string | null; readonly y: string | null },
) {
  const columnNames = columns.map((name) => inLines(name, columnLetters));
  return {
    width: { step: cellWidth },
    height: { step: cellHeight },
    encoding: {
      x: {
        field: "column",
        type: "ordinal" as const,
        title: titles.x,
        axis: { ...axisNames(columnNames), labelAngle: 0 },
      },
      y: {
        field: "row",
        type: "ordinal" as const,
        title: titles.y,
        axis: axisNames(rows.map((name) => shortened(name, ROW_LETTERS))),
      },
    },
  };
}

/** The text of a cell: a field, which is a number if it has a format. */
export interface CellText {
  readonly field: string;
  readonly format?: string;
}

/** Cells shaded by the field `share`, each with a text. */
export function cellLayers(
  { field, format }: CellText,
  fontSize: number,
  legend: { readonly format: string } | null,
): LayeredPlotSpec["layer"] {
  const scale = { domain: [0, 1], range: SHADES };
  return [
    {
      mark: { type: "rect", stroke: "#ffffff" },
      encoding: {
        color: { field: "share", type: "quantitative", title: "share of row", scale, legend },
      },
    },
    {
      mark: { type: "text", fontSize },
      encoding: {
        text: format === undefined
          ? { field, type: "nominal" }
          : { field, type: "quantitative", format },
        color: {
          condition: { test: `datum.share >= ${DARK_SHARE}`, value: "#ffffff" },
          value: "#111111",
        },
      },
    },
  ];
}

/**
 * Axis labels that name positions. Two categories may have the same readable name, so the names
 * cannot be the scale's values. The width limit is lifted, because Vega only estimates widths.
 */
function axisNames(names: readonly (string | readonly string[])[]) {
  return { labelExpr: `${literal(names)}[datum.value]`, labelLimit: 0 };
}

/** The name, broken into lines of at most this number of letters. */
function inLines(name: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const joined = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && joined.length <= letters) lines[lines.length - 1] = joined;
    else lines.push(shortened(word, letters));
  }
  return lines;
}

/** The text, or its beginning and an ellipsis if it has more letters. */
export function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join("")}\u2026`;
}
