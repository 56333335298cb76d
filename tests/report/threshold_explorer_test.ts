import assert from "node:assert/strict";
import * as vega from "vega";
import { confusionMatrix } from "../../src/evaluation/confusion_matrix.ts";
import { decidedLabels, threshold as thresholdAt } from "../../src/evaluation/decisions.ts";
import { STANDALONE } from "../../src/report/context.ts";
import { reportDocument } from "../../src/report/document.ts";
import { pageExplorer, thresholdExplorer } from "../../src/report/threshold_explorer.ts";
import { renderHtml } from "../../src/report/render_document.ts";
import { resultsOf } from "../../src/report/results.ts";
import { readRuns, type Run } from "../../src/runs/read_runs.ts";
import { drawnCells } from "../plots/drawn_cells.ts";
import { writeSyntheticRun } from "./synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

/** The specification that a page runs, as the page reads it. */
function embedded(html: string): vega.Spec {
  const element = /<script type="application\/json" id="explorer-specification">(.*?)<\/script>/s;
  return JSON.parse(element.exec(html)![1]!);
}

/** All pictures by correct label and given label, row by row; means over the runs. */
function expectedCounts(runs: readonly Run[], threshold: number): number[] {
  const known = [...runs[0]!.config.dataset.groups.known].sort();
  const columns = [...known, "na"];
  const rows = [...known, "unknown", "unseen"];
  const matrices = runs.map(({ predictions: { labels, predictions } }) => {
    const scores = predictions.map((prediction) => prediction.scores);
    const given = decidedLabels(labels, scores, thresholdAt(threshold));
    return confusionMatrix(
      predictions.map(({ group, label }) => rows.indexOf(group === "known" ? label : group)),
      given.map((label) => columns.indexOf(label)),
      rows.length,
      columns.length,
    ).flat();
  });
  return matrices[0]!.map((_, cell) =>
    matrices.reduce((sum, matrix) => sum + matrix[cell]!, 0) / runs.length
  );
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
    const document = { ...reportDocument(results, finished, STANDALONE), sections: [] };
    const html = renderHtml(document, new Map(), explorer);
    const view = new vega.View(vega.parse(embedded(html)), { renderer: "none" });
    for (const [index, name] of ["ce", "bce-na"].entries()) {
      const runs = finished.filter(({ experiment }) => experiment.name === name);
      for (const threshold of [0, 0.07, 0.29, 0.4, 0.57, 0.58, 1]) {
        view.signal("experiment", index).signal("threshold", threshold);
        await view.runAsync();
        const [matrix, rates] = drawnCells(view);
        const expected = expectedCounts(runs, threshold);
        assert.deepEqual(
          matrix!.map(({ text }) => text),
          expected.map((count) => count.toFixed(1)),
        );
        const total = rates!.filter(({ row }) => row === index).at(-1)!;
        const correct = [...finished[0]!.config.dataset.groups.known, "unknown", "unseen"]
          .reduce((sum, _, row) => sum + expected[row * 4 + Math.min(row, 3)]!, 0);
        const all = expected.reduce((sum, count) => sum + count, 0);
        assert.ok(Math.abs(parseFloat(total.text) - 100 * correct / all) <= 0.05 + 1e-9);
      }
    }
    view.finalize();
  }));
