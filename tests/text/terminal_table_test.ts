import assert from "node:assert/strict";
import { resultsOf } from "../../src/report/results.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { comparisonTable } from "../../src/report/sections/comparison.ts";
import { left, row, textTable } from "../../src/text/table.ts";
import { writeSyntheticRun } from "../report/synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("the table's columns line up, and each experiment has a row per decision", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1, datasetName: "gestures" });
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1, datasetName: "gestures" });
    const lines = textTable(comparisonTable(resultsOf(await readRuns(folder)))).split("\n");
    const [, , rule, ...rows] = lines;
    assert.equal(rows.length, 6);
    const ends = [...rule!.matchAll(/─+/g)].map((column) => column.index + column[0].length);
    for (const row of rows) {
      assert.equal([...row].length, ends.at(-1));
      for (const end of ends.slice(2, -1)) assert.equal(row.slice(end - 1, end + 2), ")  ");
    }
    assert.match(rows[5]!, /^BCENa +threshold 0\.5 /);
  }));

Deno.test("names that are commands to terminals, or have lines, stay text in their row", () => {
  const table = textTable({
    caption: "",
    columns: [left("\x1b[2J\nx")],
    rows: [row("a\nb"), row("\x9b31m\x07")],
  });
  const lines = table.split("\n");
  assert.deepEqual(lines.map((line) => line.trimEnd()), [
    "\\u001b[2J\\u000ax",
    "─".repeat(16),
    "a\\u000ab",
    "\\u009b31m\\u0007",
  ]);
});
