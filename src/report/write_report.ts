/**
 * A results folder's report, from the runs in it.
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../files/whole_file.ts";
import { reportDocument } from "./document.ts";
import { figurePlans, writeFigures } from "./figures.ts";
import { pageExplorer } from "./page_explorer.ts";
import { renderHtml, renderMarkdown } from "./render_document.ts";
import { type Results, resultsOf, writeResults } from "./results.ts";
import { readRuns } from "../runs/read_runs.ts";
import { thresholdExplorer } from "./threshold_explorer.ts";

/**
 * Reads all runs in a results folder (`<experiment>/seed-<n>/`), computes every figure from their
 * predictions and writes `results.json`, `figures/`, `report.md` and `report.html` there.
 *
 * @param runDirectory for example `results/imagenette-quick`
 * @returns what `results.json` holds
 * @throws {Error} that names file and value if there is no finished run, a file is missing or
 *   damaged, or runs do not belong together; nothing is written then.
 */
export async function writeReport(runDirectory: string): Promise<Results> {
  const runs = await readRuns(runDirectory);
  const results = resultsOf(runs);
  await writeResults(runDirectory, results);
  const figures = await writeFigures(runDirectory, figurePlans(results, runs.finished));
  const document = reportDocument(results, figures);
  const explorer = await pageExplorer(thresholdExplorer(results, runs.finished));
  await writeWholeFile(join(runDirectory, "report.md"), renderMarkdown(document));
  await writeWholeFile(join(runDirectory, "report.html"), renderHtml(document, explorer));
  return results;
}
