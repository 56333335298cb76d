/**
 * A results folder's report, from the runs in it.
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../files/whole_file.ts";
import { readRuns } from "../runs/read_runs.ts";
import type { Score } from "../scores/score.ts";
import { type ReportContext, STANDALONE } from "./context.ts";
import { figuresIn, reportDocument } from "./document.ts";
import { writeFigures } from "./figure_files.ts";
import { pageExplorer } from "./page_explorer.ts";
import { renderHtml, renderMarkdown } from "./render_document.ts";
import { type Results, resultsOf, writeResults } from "./results.ts";
import { thresholdExplorer } from "./threshold_explorer.ts";

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
  const runs = await readRuns(resultsFolder, context.order);
  const results = resultsOf(runs, { ...context, scores });
  const document = reportDocument(results, runs.finished, context);
  await writeResults(resultsFolder, results);
  const drawings = await writeFigures(resultsFolder, figuresIn(document));
  const explorer = await pageExplorer(thresholdExplorer(results, runs.finished));
  await writeWholeFile(join(resultsFolder, "report.md"), renderMarkdown(document));
  await writeWholeFile(
    join(resultsFolder, "report.html"),
    renderHtml(document, drawings, explorer),
  );
  return results;
}
