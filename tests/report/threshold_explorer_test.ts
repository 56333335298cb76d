import assert from "node:assert/strict";
import * as vega from "vega";
import { STANDALONE } from "../../src/report/context.ts";
import { figuresIn, reportDocument } from "../../src/report/document.ts";
import { pageExplorer, thresholdExplorer } from "../../src/report/threshold_explorer.ts";
import { renderHtml } from "../../src/report/render_document.ts";
import { resultsOf } from "../../src/report/results.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { drawnCells } from "../plots/drawn_cells.ts";
import { expectedCounts } from "./expected_counts.ts";
import { writeSyntheticRun } from "./synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

/** The specification of a matrix, with its pictures, as the page puts it together. */
function embedded(html: string): vega.Spec {
  const element = /<script type="application\/json" id="explorer-data">(.*?)<\/script>/s;
  const { specifications: { matrix }, pictures } = JSON.parse(element.exec(html)![1]!);
  const data = matrix.data.map((source: vega.Data) =>
    source.name === pictures.name ? { ...source, values: pictures.values } : source
  );
  return { ...matrix, data };
}

Deno.test("moving the page's slider draws the counts of that threshold, for every experiment", () =>
  inTemporaryFolder(async (folder) => {
    const imagesPerCategory = 30;
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1, imagesPerCategory });
    await writeSyntheticRun(folder, { experiment: "bce-na", seed: 1, imagesPerCategory });
    await writeSyntheticRun(folder, { experiment: "bce-na", seed: 2, imagesPerCategory });
    const found = await readRuns(folder, ["ce"]);
    const { finished } = found;
    const results = resultsOf(found);
    const explorer = await pageExplorer(thresholdExplorer(results, finished));
    const document = { ...reportDocument(results, finished, STANDALONE), details: [] };
    const figures = new Map(figuresIn(document).map(({ name }) => [name, "<svg></svg>"]));
    const html = renderHtml(document, figures, explorer);
    const view = new vega.View(vega.parse(embedded(html)), { renderer: "none" });
    for (const [index, name] of ["ce", "bce-na"].entries()) {
      const runs = finished.filter(({ experiment }) => experiment.name === name);
      for (const threshold of [0, 0.07, 0.29, 0.4, 0.57, 0.58, 1]) {
        view.signal("matrix", index).signal("threshold", threshold);
        await view.runAsync();
        const [matrix] = drawnCells(view);
        const expected = expectedCounts(runs, threshold);
        assert.deepEqual(
          matrix!.map(({ text }) => text),
          expected.map((count) => count.toFixed(runs.length > 1 ? 1 : 0)),
        );
      }
    }
    view.finalize();
  }));
