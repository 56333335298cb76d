import assert from "node:assert/strict";
import { join } from "@std/path";
import { readResults, resultsOf, writeResults } from "../../src/report/results.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { writeSyntheticRun } from "./synthetic_runs.ts";
import { edit, inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("results come back as they were written, whatever the names in them", () =>
  inTemporaryFolder(async (folder) => {
    const groups = { known: ["{ [\n", "]}, {"], unknown: ['"x": [1,\n 2]'], unseen: ["s"] };
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1, groups });
    const results = resultsOf(await readRuns(folder));
    await writeResults(folder, results);
    assert.deepEqual(await readResults(folder), results);
  }));

Deno.test("damage in results.json is named with file, field and value", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
    const results = resultsOf(await readRuns(folder));
    const file = join(folder, "results.json");
    const cases: readonly [string, string, RegExp][] = [
      [
        '"auroc": 0',
        '"auroc": 7',
        /results\.json: .*openSet\.highest-score\.unknown\.auroc: .*\(found 7/,
      ],
      ['"seed": 1', '"seed": -1', /experiments\.0\.runs\.0\.seed: .*\(found -1\)/],
      ['"mean": ', '"median": ', /results\.json: experiments\.0\.summary/],
      ['"profile"', '"profil"', /profile: .*\(found nothing\)/],
      ['"dataset": {', '"dataset": ', /results\.json: not JSON .*deno task report/],
    ];
    for (const [from, to, expected] of cases) {
      await writeResults(folder, results);
      await edit(file, from, to);
      await assert.rejects(readResults(folder), expected);
    }
    await Deno.remove(file);
    await assert.rejects(readResults(folder), /results\.json: there is no such file; build it/);
  }));

Deno.test("results that do not fit the schema are not written", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
    const results = resultsOf(await readRuns(folder));
    results.experiments[0]!.runs[0]!.measures.decisions.argmax!.knownCorrect = NaN;
    await assert.rejects(writeResults(folder, results), /argmax\.knownCorrect: .*\(found NaN\)/);
    await assert.rejects(readResults(folder), /there is no such file/);
  }));
