import assert from "node:assert/strict";
import * as vega from "vega";
import { compiled } from "../../src/plots/render.ts";
import {
  type ThresholdExplorerData,
  thresholdExplorerPlot,
} from "../../src/plots/threshold_explorer_plot.ts";
import { drawnCells } from "./drawn_cells.ts";
import { assertDrawnAs } from "./snapshots.ts";

const DATA: ThresholdExplorerData = {
  experiments: [{ title: "BCE", runs: 1 }, { title: "BCENa", runs: 2 }],
  columns: ["French horn", "golf ball", "na"],
  rows: [
    { name: "French horn", rate: "known correct" },
    { name: "golf ball", rate: "known correct" },
    { name: "unseen", rate: "unseen rejected" },
  ],
  pictures: [
    { experiment: 0, row: 0, column: 0, step: 90, pictures: 3 },
    { experiment: 0, row: 1, column: 0, step: 29, pictures: 1 },
    { experiment: 0, row: 2, column: 1, step: 40, pictures: 2 },
    { experiment: 1, row: 0, column: 0, step: 100, pictures: 1 },
    { experiment: 1, row: 0, column: 2, step: 70, pictures: 2 },
    { experiment: 1, row: 1, column: 1, step: 50, pictures: 4 },
    { experiment: 1, row: 2, column: 0, step: 10, pictures: 3 },
    { experiment: 1, row: 2, column: 1, step: 80, pictures: 1 },
  ],
  start: { experiment: 1, threshold: 0.5 },
};

async function drawnAt(data: ThresholdExplorerData, experiment: number, threshold: number) {
  const description = vega.parse(compiled(thresholdExplorerPlot(data)));
  const view = new vega.View(description, { renderer: "none" });
  await view.signal("experiment", experiment).signal("threshold", threshold).runAsync();
  const [matrix, rates] = drawnCells(view).map((cells) => cells.map(({ text }) => text));
  view.finalize();
  return { matrix, rates };
}

Deno.test("the explorer is drawn as in its snapshot before anything is moved", () =>
  assertDrawnAs("threshold_explorer", thresholdExplorerPlot(DATA)));

Deno.test("the threshold moves pictures of lower scores to the last column", async () => {
  const { matrix, rates } = await drawnAt(DATA, 0, 0.3);
  assert.deepEqual(matrix, ["3.0", "0.0", "0.0", "0.0", "0.0", "1.0", "0.0", "2.0", "0.0"]);
  assert.deepEqual(rates, ["75.0%", "0.0%", "50.0%", "71.4%", "75.0%", "72.7%"]);
});

Deno.test("a score just at the threshold is not rejected, also where steps are no exact numbers", async () => {
  assert.equal((await drawnAt(DATA, 0, 0.29)).matrix![3], "1.0");
  assert.equal((await drawnAt(DATA, 0, 0.3)).matrix![3], "0.0");
});

Deno.test("counts of several runs are their mean", async () => {
  const { matrix } = await drawnAt(DATA, 1, 0);
  assert.deepEqual(matrix, ["0.5", "0.0", "1.0", "0.0", "2.0", "0.0", "1.5", "0.5", "0.0"]);
});

Deno.test("counts of single runs are whole, and at 1 only scores of 1 are accepted", async () => {
  const experiments = DATA.experiments.map(({ title }) => ({ title, runs: 1 }));
  const { matrix, rates } = await drawnAt({ ...DATA, experiments }, 1, 1);
  assert.deepEqual(matrix, ["1", "0", "2", "0", "0", "4", "0", "0", "4"]);
  assert.equal(rates![4], "100.0%");
});

Deno.test("names that are code are names", async () => {
  const names = ['"]; throw 1', "</script>", "\u2028'"];
  const { matrix } = await drawnAt({ ...DATA, columns: names }, 0, 0);
  assert.equal(matrix!.length, 9);
});
