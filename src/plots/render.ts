import sharp from "sharp";
import * as vega from "vega";
import { compile } from "vega-lite";
import { provideFonts } from "./fonts.ts";
import { withVisibleControls } from "../text/escaped_text.ts";
import type { PlotSpec } from "./theme.ts";

/** Pixels of a PNG per pixel of its SVG, for sharp print and screens. */
const PNG_SCALE = 2;
/** The resolution at which one SVG pixel is one PNG pixel. */
const SVG_DENSITY = 72;

/**
 * A plot compiled to Vega, for programs without Vega-Lite.
 *
 * @throws {Error} if Vega-Lite finds a fault in the specification.
 */
export function compiled(spec: PlotSpec): vega.Spec {
  return compile(spec).spec;
}

/**
 * A plot as an SVG document, drawn without a browser.
 *
 * @throws {Error} if Vega finds a fault in the specification.
 */
export async function renderSvg(spec: PlotSpec): Promise<string> {
  const view = new vega.View(vega.parse(compiled(spec)), { renderer: "none" });
  try {
    // Vega numbers the ids of gradients across drawings; a drawing must not depend on others.
    vega.resetSVGDefIds();
    // SVG does not allow control characters, but names may contain them.
    return withVisibleControls(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** An SVG document as a PNG file of twice its size, drawn with the project's own font. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  await provideFonts();
  return await sharp(new TextEncoder().encode(svg), { density: SVG_DENSITY * PNG_SCALE })
    .png()
    .toBuffer();
}
