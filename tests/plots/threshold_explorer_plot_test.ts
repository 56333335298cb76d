import assert from "node:assert/strict";
import * as vega from "vega";
import { compiled } from "../../src/plots/render.ts";
import {
  explorerMatrixPlot,
  explorerRatesPlot,
  NEVER_REJECTED,
  type ThresholdExplorerData,
} from "../../src/plots/threshold_explorer_plot.ts";
import { drawnCells } from "./drawn_cells.ts";
import { assertDrawnAs } from "./snapshots.ts";

const DATA: ThresholdExplorerData = {
  matrices: [
    { title: "BCE", runs: 1, moves: true },
    { title: "BCENa", runs: 2, moves: true },
    { title: "article: BCE", runs: 1, moves: false },
  ],
  columns: ["French horn", "golf ball", "na"],
  rows: [
    { name: "French horn", rate: "known correct", correct: 0 },
    { name: "golf ball", rate: "known correct", correct: 1 },
    { name: "unseen", rate: "unseen rejected", correct: 2 },
  ],
  pictures: [
    { matrix: 0, row: 0, column: 0, step: 90, pictures: 3 },
    { matrix: 0, row: 1, column: 0, step: 29, pictures: 1 },
    { matrix: 0, row: 2, column: 1, step: 40, pictures: 2 },
    { matrix: 1, row: 0, column: 0, step: 100, pictures: 1 },
    { matrix: 1, row: 0, column: 2, step: 70, pictures: 2 },
    { matrix: 1, row: 1, column: 1, step: 50, pictures: 4 },
    { matrix: 1, row: 2, column: 0, step: 10, pictures: 3 },
    { matrix: 1, row: 2, column: 1, step: 80, pictures: 1 },
    { matrix: 2, row: 0, column: 0, step: NEVER_REJECTED, pictures: 7 },
    { matrix: 2, row: 1, column: 2, step: NEVER_REJECTED, pictures: 1 },
  ],
  published: [{ matrix: 0, rate: "known correct", share: 0.9, label: "article, argmax" }],
  start: { left: 1, right: 2, threshold: 0.5 },
};

async function matrixAt(data: ThresholdExplorerData, matrix: number, threshold: number) {
  const description = vega.parse(compiled(explorerMatrixPlot(data, data.start.left)));
  const view = new vega.View(description, { renderer: "none" });
  await view.signal("matrix", matrix).signal("threshold", threshold).runAsync();
  const [cells] = drawnCells(view);
  view.finalize();
  return cells!.map(({ text }) => text);
}

/** The bars' texts: the left side's rates and the right side's, by rate. */
async function ratesAt(left: number, right: number, threshold: number) {
  const view = new vega.View(vega.parse(compiled(explorerRatesPlot(DATA))), { renderer: "none" });
  view.signal("left", left).signal("right", right).signal("threshold", threshold);
  const svg = await view.toSVG();
  view.finalize();
  return [...svg.matchAll(/>(\d+\.\d%)</g)].map(([, text]) => text);
}

Deno.test("matrix and rates are drawn as in their snapshots before anything is moved", async () => {
  await assertDrawnAs("explorer_matrix", explorerMatrixPlot(DATA, DATA.start.left));
  await assertDrawnAs("explorer_rates", explorerRatesPlot(DATA));
});

Deno.test("the threshold moves pictures of lower scores to the last column", async () => {
  const cells = await matrixAt(DATA, 0, 0.3);
  assert.deepEqual(cells, ["3", "0", "0", "0", "0", "1", "0", "2", "0"]);
  assert.deepEqual((await ratesAt(0, 1, 0.3)).sort(), ["0.0%", "71.4%", "75.0%", "75.0%"]);
});

Deno.test("a score just at the threshold is not rejected, also where steps are no exact numbers", async () => {
  assert.equal((await matrixAt(DATA, 0, 0.29))[3], "1");
  assert.equal((await matrixAt(DATA, 0, 0.3))[3], "0");
});

Deno.test("counts of several runs are their mean, also beside single runs, whose counts are whole", async () => {
  const cells = await matrixAt(DATA, 1, 0);
  assert.deepEqual(cells, ["0.5", "0.0", "1.0", "0.0", "2.0", "0.0", "1.5", "0.5", "0.0"]);
});

Deno.test("at 1 only scores of 1 are accepted", async () => {
  const matrices = DATA.matrices.map((matrix) => ({ ...matrix, runs: 1 }));
  const cells = await matrixAt({ ...DATA, matrices }, 1, 1);
  assert.deepEqual(cells, ["1", "0", "2", "0", "0", "4", "0", "0", "4"]);
});

Deno.test("a published matrix stays as it is, and has only the rows it was published with", async () => {
  const cells = ["7", "0", "0", "0", "0", "1"];
  assert.deepEqual(await matrixAt(DATA, 2, 0), cells);
  assert.deepEqual(await matrixAt(DATA, 2, 1), cells);
  assert.deepEqual(await ratesAt(2, 2, 1), ["87.5%"]);
});

Deno.test("names that are code are names", async () => {
  const names = ['"]; throw 1', "</script>", "\u2028'"];
  assert.equal((await matrixAt({ ...DATA, columns: names }, 0, 0)).length, 9);
});
