/**
 * The files of a report's figures.
 *
 * @module
 */
import { join } from "@std/path";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { FigurePlan } from "./section.ts";

/** The folder of the figures inside a results folder. */
export const FIGURES_FOLDER = "figures";

/**
 * Draws figures and writes them as SVG and PNG into the results folder. Figures of an earlier report
 * are replaced only when all new ones are drawn.
 *
 * @returns the SVG of each figure, by its name
 */
export async function writeFigures(
  resultsFolder: string,
  plans: readonly FigurePlan[],
): Promise<ReadonlyMap<string, string>> {
  const folder = join(resultsFolder, FIGURES_FOLDER);
  const unfinished = `${folder}.${crypto.randomUUID()}.tmp`;
  try {
    const drawings = new Map<string, string>();
    for (const { name, spec } of plans) {
      const svg = await renderSvg(spec);
      await writeWholeFile(join(unfinished, `${name}.svg`), svg);
      await writeWholeFile(join(unfinished, `${name}.png`), await svgToPng(svg));
      drawings.set(name, svg);
    }
    await removeIfPresent(folder);
    await Deno.rename(unfinished, folder);
    return drawings;
  } catch (error) {
    await removeIfPresent(unfinished);
    throw error;
  }
}
