/**
 * Plots as outputs of a notebook.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { FigurePlan } from "../report/section.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/** A plot as Vega-Lite, which front ends draw themselves, and as SVG and PNG for all others. */
export function figure({ spec, caption }: Pick<FigurePlan, "spec" | "caption">): Displayable {
  return {
    async [DISPLAY]() {
      const svg = await renderSvg(spec);
      return {
        "application/vnd.vegalite.v5+json": spec,
        "image/svg+xml": svg,
        "image/png": Buffer.from(await smallPng(await svgToPng(svg))).toString("base64"),
        "text/plain": `Figure: ${caption}`,
      };
    },
  };
}

/** The picture with no more colours than plots need, which takes half the bytes. */
async function smallPng(png: Uint8Array): Promise<Uint8Array> {
  return await sharp(png).png({ palette: true, colours: 64, dither: 0 }).toBuffer();
}
