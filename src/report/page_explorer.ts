/**
 * The threshold explorer as a page has it: compiled, with the program that runs it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Spec } from "vega";
import { compiled, renderSvg } from "../plots/render.ts";
import {
  type ThresholdExplorerData,
  thresholdExplorerPlot,
} from "../plots/threshold_explorer_plot.ts";

/** What a page needs to show the explorer. */
export interface PageExplorer {
  /** What Vega draws. */
  readonly specification: Spec;
  /** The drawing as it is before anything is moved, for printing and where no script runs. */
  readonly svg: string;
  /** Vega as one script that defines `vega`, with its licence. */
  readonly program: string;
}

/**
 * The explorer, compiled so that the page needs Vega alone and not Vega-Lite.
 *
 * @throws {Error} if Vega's package is not complete.
 */
export async function pageExplorer(data: ThresholdExplorerData): Promise<PageExplorer> {
  const plot = thresholdExplorerPlot(data);
  return {
    specification: compiled(plot),
    svg: await renderSvg(plot),
    program: await vegaProgram(),
  };
}

/** Beside the module that this program itself imports, Vega ships itself for pages. */
async function vegaProgram(): Promise<string> {
  const program = new URL("./vega.min.js", import.meta.resolve("vega"));
  const licence = new URL("../LICENSE", program);
  return `/*!\nVega\n\n${await packaged(licence)}*/\n${await packaged(program)}`;
}

async function packaged(file: URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new Error(
      `${
        fromFileUrl(file)
      }: a file of the package vega is missing; run \`deno install --reload=npm:vega\``,
      { cause: error },
    );
  }
}
