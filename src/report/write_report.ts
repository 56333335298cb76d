/**
 * A results folder's report, from the runs in it.
 *
 * @module
 */
import { dirname, join, resolve } from "@std/path";
import { isFolder } from "../files/path_kind.ts";
import { refuseLinksBelow } from "../files/plain_file.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import { readRuns, type RunsFound } from "../runs/read_runs.ts";
import type { Score } from "../scores/score.ts";
import { type ReportContext, STANDALONE } from "./context.ts";
import { explorerIn, figuresIn, reportDocument } from "./document.ts";
import { pageExplorer } from "./threshold_explorer.ts";
import { FIGURES_FOLDER, renderHtml, renderMarkdown } from "./render_document.ts";
import type { FigurePlan } from "./section.ts";
import { type Results, resultsOf, type RunsFromOtherStart, writeResults } from "./results.ts";

/** What a report knows besides its runs. */
export interface ReportOptions {
  /** By default {@linkcode STANDALONE}. */
  readonly context?: ReportContext;
  /** By default those of `scores/all.ts`. */
  readonly scores?: readonly Score[];
}

/**
 * Reads all runs in a results folder (`<experiment>/seed-<n>/`), computes every measure from their
 * predictions and writes `results.json`, `figures/`, `report.md` and `report.html` there.
 *
 * @param resultsFolder for example `results/imagenette-quick`
 * @returns what `results.json` holds
 * @throws {Error} that names file and value if there is no finished run, a file is missing or
 *   damaged, or runs do not belong together; nothing is written then.
 */
export async function writeReport(
  resultsFolder: string,
  { context = STANDALONE, scores }: ReportOptions = {},
): Promise<Results> {
  await refuseLinksBelow(resultsFolder);
  const runs = await readRuns(resultsFolder, context.order);
  const results = resultsOf(
    runs,
    context,
    scores,
    await fromOtherStart(resultsFolder, runs, context),
  );
  const document = reportDocument(results, runs.finished, context);
  await writeResults(resultsFolder, results);
  const drawings = await writeFigures(resultsFolder, figuresIn(document));
  const explorer = await pageExplorer(explorerIn(document));
  await writeWholeFile(join(resultsFolder, "report.md"), renderMarkdown(document));
  await writeWholeFile(
    join(resultsFolder, "report.html"),
    renderHtml(document, drawings, explorer),
  );
  return results;
}

/**
 * The same experiments from another start, if the folder beside this one has them: that of the same
 * data set with the profile that the context names.
 *
 * @throws {Error} if they are damaged
 */
export async function fromOtherStart(
  resultsFolder: string,
  { finished }: RunsFound,
  { otherStart, order }: ReportContext,
): Promise<RunsFromOtherStart | undefined> {
  const { dataset, profile: { name } } = finished[0]!.config;
  const profile = otherStart?.(name);
  const folder = join(dirname(resolve(resultsFolder)), `${dataset.name}-${profile}`);
  if (profile === undefined || !isFolder(folder)) return undefined;
  const { finished: runs } = await readRuns(folder, order);
  return { profile, runs };
}

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
