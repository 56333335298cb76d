import assert from "node:assert/strict";
import { join } from "@std/path";
import { readHistory, writeHistory } from "../../src/runs/history_file.ts";
import { edit, inTemporaryFolder } from "../temporary_folder.ts";

const ROWS = [
  {
    epoch: 0,
    phase: "frozen",
    train_loss: 0.123456789,
    valid_loss: 0.5,
    accuracy: 2 / 3,
    accuracy_without_na: null,
    accuracy_with_na: 0.25,
    seconds: 12.5,
  },
];

Deno.test("history.csv has the agreed columns and empty cells for absent metrics", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "history.csv");
    await writeHistory(path, ROWS);
    assert.equal(
      await Deno.readTextFile(path),
      "epoch,phase,train_loss,valid_loss,accuracy,accuracy_without_na,accuracy_with_na,seconds\n" +
        "0,frozen,0.123457,0.5,0.666667,,0.25,12.5\n",
    );
    assert.deepEqual(await readHistory(path), [
      { ...ROWS[0], train_loss: 0.123457, accuracy: 0.666667 },
    ]);
  }));

Deno.test("a loss that is NaN is not written", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(
      writeHistory(join(folder, "history.csv"), [{ ...ROWS[0]!, valid_loss: NaN }]),
      /history\.csv: valid_loss of epoch 0 is NaN/,
    );
  }));

Deno.test("damage in history.csv is named with file, line, column and value", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "history.csv");
    const cases: readonly [string, string, RegExp][] = [
      ["0.123457", "low", /history\.csv, line 2: train_loss is "low"/],
      [",0.5,", ",,", /line 2: valid_loss is "", not a number/],
      ["epoch,phase", "phase,epoch", /line 1: the columns are phase,epoch/],
      ["\n0,frozen,0.123457,0.5,0.666667,,0.25,12.5", "", /there is no epoch in it/],
    ];
    for (const [from, to, expected] of cases) {
      await writeHistory(path, ROWS);
      await edit(path, from, to);
      await assert.rejects(readHistory(path), expected);
      await assert.rejects(
        readHistory(path),
        /; train the run again with `deno task reproduce --fresh`, or move its folder away$/,
      );
    }
  }));
