import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { readResults } from "../../../src/report/results.ts";
import { ownDecisionTable } from "../../../src/report/sections/comparison.ts";

const ARTICLE = fromFileUrl(new URL("../../../results/imagenette-article", import.meta.url));

Deno.test("published shares stand in brackets behind ours, at the decisions they were published for", async () => {
  const results = await readResults(ARTICLE);
  const { caption, rows } = ownDecisionTable(results);
  assert.match(caption, /; in brackets the published ones \(article\)$/);
  const cellsOf = (title: string, decision: string) =>
    rows.find(({ cells }) => cells[0] === title && cells[1] === decision)!.cells.slice(2);
  const inBrackets = (cells: readonly string[]) =>
    cells.map((cell) => /^.+% \((.+%)\)$/.exec(cell)?.[1]);
  assert.deepEqual(
    inBrackets(cellsOf("BCENa", "threshold 0.5")),
    ["77.2%", "93.3%", "60.1%", "76.8%"],
  );
  assert.deepEqual(
    inBrackets(cellsOf("BCENa", "threshold 0.4")),
    [undefined, undefined, "50.3%", "74.5%"],
  );
  assert.deepEqual(inBrackets(cellsOf("Cross-entropy", "argmax")), Array(4).fill(undefined));
});

Deno.test("without published shares there is one row per experiment, and nothing in brackets", async () => {
  const { caption, rows } = ownDecisionTable({ ...await readResults(ARTICLE), references: [] });
  assert.ok(!caption.includes("published"));
  assert.equal(new Set(rows.map(({ cells }) => cells[0])).size, rows.length);
  assert.ok(rows.every(({ cells }) => !cells.join().includes("(")));
});
