import sharp from "sharp";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { PlotSpec } from "../plots/theme.ts";
import { DISPLAY, type Displayable } from "./show.ts";

/**
 * A plot as Vega-Lite for front ends that draw it themselves, and as SVG and PNG for all others.
 *
 * @param caption the text shown where no picture can be drawn; by default its title
 */
export function figure(spec: PlotSpec, caption: string = titleOf(spec)): Displayable {
  return {
    async [DISPLAY]() {
      const svg = await renderSvg(spec);
      // Only as many colours as plots need, which halves the size.
      const png = await sharp(await svgToPng(svg))
        .png({ palette: true, colours: 64, dither: 0 })
        .toBuffer();
      return {
        "application/vnd.vegalite.v5+json": spec,
        "image/svg+xml": svg,
        "image/png": png.toString("base64"),
        "text/plain": `Figure: ${caption}`,
      };
    },
  };
}

function titleOf({ title }: PlotSpec): string {
  const text = typeof title === "object" && "text" in title ? title.text : title;
  return typeof text === "string" ? text : "a plot";
}
