/**
 * The report of a results folder, made from the runs in it.
 *
 * @module
 */
import { dirname, join, resolve } from "@std/path";
import { messageOf, writing } from "../files/error_message.ts";
import { waitForPlace } from "../files/folder_lock.ts";
import { isFolder } from "../files/path_kind.ts";
import { refuseLinksBelow } from "../files/plain_file.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { renderSvg, svgToPng } from "../plots/render.ts";
import type { PlotSpec } from "../plots/theme.ts";
import { findRuns, readRuns, type RunsFound } from "../runs/read_runs.ts";
import type { Score } from "../scores/score.ts";
import { type ReportContext, STANDALONE } from "./context.ts";
import { asDrawn, explorerIn, figuresIn, type ReportDocument, reportDocument } from "./document.ts";
import { type PageExplorer, pageExplorer } from "./threshold_explorer.ts";
import { FIGURES_FOLDER, renderHtml, renderMarkdown } from "./render_document.ts";
import type { FigurePlan } from "./section.ts";
import { type Results, resultsOf, type RunsFromOtherStart, writeResults } from "./results.ts";

/** Options of a report. */
export interface ReportOptions {
  /** By default {@linkcode STANDALONE}. */
  readonly context?: ReportContext;
  /** By default the scores of `scores/all.ts`. */
  readonly scores?: readonly Score[];
  /** Stops after the current figure; the earlier report stays. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all runs in a results folder (`<experiment>/seed-<n>/`), computes every measure from their
 * predictions and writes `results.json`, `figures/`, `report.md` and `report.html` there.
 *
 * @param resultsFolder for example `results/imagenette-quick`
 * @returns the content of `results.json`
 * @throws {Error} that names file and value if there is no finished run, a file is missing or
 *   damaged, or runs do not belong together; nothing is written then.
 * @throws the signal's reason
 */
export async function writeReport(
  resultsFolder: string,
  { context = STANDALONE, scores, signal }: ReportOptions = {},
): Promise<Results> {
  await refuseLinksBelow(resultsFolder);
  const runs = await readRuns(resultsFolder, context.order);
  const results = resultsOf(
    runs,
    context,
    scores,
    await fromOtherStart(resultsFolder, runs, context),
  );
  const document = reportDocument(results, runs.finished, { resultsFolder, ...context });
  await writeResults(resultsFolder, results);
  await writeDocument(resultsFolder, document, signal);
  return results;
}

/**
 * Draws a report's figures and writes `figures/`, `report.md` and `report.html`. The report leaves
 * out a figure that cannot be drawn, and names it.
 *
 * @throws {Error} if a file cannot be written
 * @throws the signal's reason
 */
export async function writeDocument(
  folder: string,
  document: ReportDocument,
  signal?: AbortSignal,
): Promise<void> {
  const { drawings, undrawn } = await writeFigures(folder, figuresIn(document), signal);
  const data = explorerIn(document);
  let explorer: PageExplorer | undefined;
  try {
    explorer = data && await pageExplorer(data);
  } catch (error) {
    undrawn.push({ caption: "The threshold explorer", reason: messageOf(error) });
  }
  const drawn = asDrawn(document, new Set(drawings.keys()), explorer !== undefined);
  const shown = {
    ...drawn,
    notices: [
      ...drawn.notices,
      ...undrawn.map(({ caption, reason }) => `Could not be drawn: ${caption} (${reason}).`),
    ],
  };
  await writeWholeFile(join(folder, "report.md"), renderMarkdown(shown));
  await writeWholeFile(join(folder, "report.html"), renderHtml(shown, drawings, explorer));
}

/**
 * Results of the same experiments from another start, if there are any in the neighbouring results
 * folder of the same data set, with the profile named by the context.
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
  const { finished: runs } = await findRuns(folder, order);
  return runs.length === 0 ? undefined : { profile, runs };
}

/** A figure that could not be drawn, with the reason. */
interface UndrawnFigure {
  readonly caption: string;
  readonly reason: string;
}

/**
 * Draws figures and writes them as SVG and PNG into the results folder. Figures of an earlier
 * report are replaced only when all new ones are drawn. Only one process draws at a time, and
 * others wait; files left by a killed process are removed.
 *
 * @returns the SVG of each figure, by name, and the figures that could not be drawn
 * @throws {Error} if a file cannot be written
 * @throws the signal's reason
 */
export async function writeFigures(
  resultsFolder: string,
  plans: readonly FigurePlan[],
  signal?: AbortSignal,
): Promise<{ drawings: ReadonlyMap<string, string>; undrawn: UndrawnFigure[] }> {
  const folder = join(resultsFolder, FIGURES_FOLDER);
  using _place = await waitForPlace(folder, undefined, signal);
  await removeUnfinished(resultsFolder);
  const unfinished = `${folder}.tmp`;
  const drawings = new Map<string, string>();
  const undrawn: UndrawnFigure[] = [];
  try {
    await writing(folder, () => Deno.mkdir(unfinished));
    for (const { name, caption, spec } of plans) {
      signal?.throwIfAborted();
      const drawn = await draw(spec);
      if ("reason" in drawn) {
        undrawn.push({ caption, reason: drawn.reason });
        continue;
      }
      await writeWholeFile(join(unfinished, `${name}.svg`), drawn.svg);
      await writeWholeFile(join(unfinished, `${name}.png`), drawn.png);
      drawings.set(name, drawn.svg);
    }
    await writing(folder, async () => {
      await removeIfPresent(folder);
      await Deno.rename(unfinished, folder);
    });
    return { drawings, undrawn };
  } catch (error) {
    await removeIfPresent(unfinished);
    throw error;
  }
}

async function draw(spec: PlotSpec) {
  try {
    const svg = await renderSvg(spec);
    return { svg, png: await svgToPng(svg) };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** Removes what killed processes left, also of earlier versions, which put a number in the name. */
async function removeUnfinished(resultsFolder: string): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir(resultsFolder))) {
    const isUnfinished = name.startsWith(`${FIGURES_FOLDER}.`) && name.endsWith(".tmp");
    if (isUnfinished) await removeIfPresent(join(resultsFolder, name));
  }
}
