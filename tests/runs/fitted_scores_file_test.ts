import assert from "node:assert/strict";
import { join } from "@std/path";
import { readFittedScores, writeFittedScores } from "../../src/runs/fitted_scores_file.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const PATHS = ["val/a, b/1.JPEG", "val/x/1.JPEG"];
const SCORES = { "nearest": [1.5, -0.25], "far, far": [1e-9, 3] };

Deno.test("fitted scores come back as they were written, by picture and name", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "fitted_scores.csv");
    await writeFittedScores(path, PATHS, SCORES);
    const read = await readFittedScores(path, PATHS.toReversed());
    assert.deepEqual(read.get(PATHS[0]!), { "nearest": 1.5, "far, far": 1e-9 });
    assert.deepEqual(read.get(PATHS[1]!), { "nearest": -0.25, "far, far": 3 });
  }));

Deno.test("a run without the file has no fitted scores", () =>
  inTemporaryFolder(async (folder) => {
    assert.equal((await readFittedScores(join(folder, "none.csv"), PATHS)).size, 0);
  }));

Deno.test("a value that is not finite is not written", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(
      writeFittedScores(join(folder, "scores.csv"), PATHS, { nearest: [1, NaN] }),
      /scores\.csv: score "nearest" of val\/x\/1\.JPEG is NaN, not a finite number/,
    );
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("damage is named with file, line, score and value", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "scores.csv");
    const cases: readonly [string, string, RegExp][] = [
      ["path,", "picture,", /line 1: the first column is "picture", not "path"; train/],
      ["-0.25", "low", /line 3: score "nearest" is "low", not a finite number; train/],
      ["-0.25", "", /line 3: score "nearest" is ""/],
      ["val/x/1", "val/x/2", /there is no row for val\/x\/1\.JPEG; train/],
    ];
    for (const [from, to, expected] of cases) {
      await writeFittedScores(path, PATHS, SCORES);
      await edit(path, from, to);
      await assert.rejects(readFittedScores(path, PATHS), expected);
    }
  }));
