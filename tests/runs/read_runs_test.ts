import assert from "node:assert/strict";
import { join } from "@std/path";
import { resultsOf } from "../../src/report/results.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { writeSyntheticRun } from "../report/synthetic_runs.ts";
import { edit, inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("runs come in the order asked for, then by name, then by seeds as numbers", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 10 });
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 2 });
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1 });
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1 });
    const { finished, unfinished } = await readRuns(folder, ["ce", "bcena"]);
    assert.deepEqual(finished.map(({ experiment, seed }) => `${experiment.name} ${seed}`), [
      "ce 1",
      "bcena 2",
      "bcena 10",
      "bce 1",
    ]);
    assert.deepEqual(unfinished, []);
  }));

Deno.test("a run without predictions is unfinished, and other folders are no runs", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1 });
    await Deno.mkdir(join(folder, "bce", "seed-2"));
    await Deno.mkdir(join(folder, "bce", "seed-x"));
    await Deno.mkdir(join(folder, "figures"));
    const { finished, unfinished } = await readRuns(folder);
    assert.equal(finished.length, 1);
    assert.deepEqual(unfinished, [join("bce", "seed-2")]);
  }));

Deno.test("a folder without a finished run is an error that says how to make one", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(readRuns(folder), /no finished run there .*deno task reproduce/);
    await assert.rejects(readRuns(join(folder, "none")), /no finished run there/);
  }));

Deno.test("files of a run that contradict each other are named", () =>
  inTemporaryFolder(async (folder) => {
    const run = join(folder, "bcena", "seed-1");
    const cases: readonly [string, string, string, RegExp][] = [
      [
        "config.json",
        '"experiment": "bcena"',
        '"experiment": "bce-na"',
        /config\.json: experiment is bce-na, .*folder says.*; train/,
      ],
      ["config.json", '"seed": 1', '"seed": 2', /config\.json: seed is 2, but its folder says 1/],
      ["config.json", '"unseen": 24', '"unseen": 7', /number of unseen pictures is 24, but .* 7/],
      [
        "config.json",
        ": 61.5",
        ": 6.15",
        /time\.trainingSeconds is 6\.15, .*history\.csv says 61\.5/,
      ],
      ["history.csv", "1,unfrozen", "2,unfrozen", /history\.csv, line 3: epoch is 2/],
      ["history.csv", "1,unfrozen", "1,frozen", /line 3: phase is "frozen", not "unfrozen"/],
      ["history.csv", ",20.5\n", ",20.4\n", /trainingSeconds is 61\.5, .*history\.csv says 61\.4/],
      ["config.json", '"x\\\\y"', '"z"', /is of the unknown category "x\\y", which .*config\.json/],
    ];
    for (const [file, from, to, expected] of cases) {
      await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
      await edit(join(run, file), from, to);
      await assert.rejects(readRuns(folder), expected);
    }
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
    await Deno.remove(join(run, "history.csv"));
    await assert.rejects(readRuns(folder), /history\.csv: there is no such file/);
  }));

Deno.test("runs of different data sets, profiles or pictures do not make one report", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1 });
    await writeSyntheticRun(folder, { experiment: "ce", seed: 2, datasetName: "gestures" });
    await assert.rejects(readRuns(folder), /seed-2\/config\.json: its dataset is not that of/);

    await writeSyntheticRun(folder, { experiment: "ce", seed: 2 });
    await edit(join(folder, "ce", "seed-2", "config.json"), '"size": 64', '"size": 128');
    await assert.rejects(readRuns(folder), /seed-2\/config\.json: its profile is not that of/);

    await writeSyntheticRun(folder, { experiment: "ce", seed: 2 });
    await edit(join(folder, "ce", "seed-2", "predictions.csv"), "/5.JPEG", "/9.JPEG");
    await assert.rejects(readRuns(folder), /seed-2\/predictions\.csv: tests other pictures than/);
  }));

Deno.test("runs are of one data set whether it was asked for by name or stood in for another", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1 });
    await writeSyntheticRun(folder, { experiment: "ce", seed: 2, substitution: "No network." });
    const { finished } = await readRuns(folder);
    assert.equal(finished.length, 2);
    assert.equal(resultsOf({ finished, unfinished: [] }).dataset.substitution, "No network.");
  }));
