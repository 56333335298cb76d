import assert from "node:assert/strict";
import { ARTICLE_GROUPS } from "../../src/article/groups.ts";
import { ARTICLE_CONTEXT } from "../../src/article/report.ts";
import { figuresIn, reportDocument } from "../../src/report/document.ts";
import { resultsOf } from "../../src/report/results.ts";
import type { FigurePlan } from "../../src/report/section.ts";
import { comparisonTable } from "../../src/report/sections/comparison.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { textTable } from "../../src/text/table.ts";
import { type SyntheticRun, writeSyntheticRun } from "./synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

/** The figures of one run of BCENa, by name, and the table for the terminal. */
async function reported(setting: Partial<SyntheticRun>) {
  let plans: readonly FigurePlan[] = [];
  let table = "";
  await inTemporaryFolder(async (folder) => {
    const run = { experiment: "bcena", seed: 1, groups: ARTICLE_GROUPS } as const;
    await writeSyntheticRun(folder, { ...run, ...setting });
    const runs = await readRuns(folder);
    const results = resultsOf(runs, ARTICLE_CONTEXT);
    plans = figuresIn(reportDocument(results, runs.finished, ARTICLE_CONTEXT));
    table = textTable(comparisonTable(results));
  });
  return { specs: new Map(plans.map(({ name, spec }) => [name, JSON.stringify(spec)])), table };
}

const ARTICLE_MATRIX = "confusion-bcena-threshold-0.5-article";

Deno.test("at the article's setting its curves and matrices are beside ours", async () => {
  const { specs, table } = await reported({ profileName: "article" });
  assert.match(specs.get("training-bcena")!, /thin: article/);
  assert.match(specs.get("training-bcena")!, /0\.898636/);
  assert.match(specs.get(ARTICLE_MATRIX)!, /1106/);
  assert.match(table, /article .* 721 \(60\.1%\)/);
});

Deno.test("in another profile its counts are beside ours, but not its epochs", async () => {
  const { specs, table } = await reported({ profileName: "quick" });
  assert.doesNotMatch(specs.get("training-bcena")!, /article/);
  assert.match(specs.get(ARTICLE_MATRIX)!, /1106/);
  assert.match(table, /article .* 721 \(60\.1%\)/);
});

Deno.test("on other pictures nothing of the article's is beside ours", async () => {
  const { specs, table } = await reported({ profileName: "article", datasetName: "gestures" });
  assert.ok([...specs].every(([name, spec]) => !`${name} ${spec}`.includes("article")));
  assert.doesNotMatch(table, /article/);
});

Deno.test("figures come in the order of the report, each in a file of its own", async () => {
  const { specs } = await reported({});
  assert.deepEqual([...specs.keys()], [
    "threshold-sweep",
    "trade-off",
    "confusion-bcena-argmax-known",
    "confusion-bcena-argmax-all",
    "confusion-bcena-threshold-0.4-known",
    "confusion-bcena-threshold-0.4-all",
    "confusion-bcena-threshold-0.5-all",
    ARTICLE_MATRIX,
    "confusion-bcena-threshold-0.5-known",
    "oscr",
    "training-bcena",
    "reliability",
  ]);
});
