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

/** As many epochs, of which the first is of another phase. */
function rowsOf(epochs: number) {
  return Array.from({ length: epochs }, (_, epoch) => ({
    ...ROWS[0]!,
    epoch,
    phase: epoch === 0 ? "frozen" : "unfrozen",
  }));
}

const PHASES = [{ name: "frozen", epochs: 1 }, { name: "unfrozen", epochs: 3 }];

Deno.test("history.csv has the agreed columns and empty cells for absent metrics", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "history.csv");
    await writeHistory(path, ROWS);
    assert.equal(
      await Deno.readTextFile(path),
      "epoch,phase,train_loss,valid_loss,accuracy,accuracy_without_na,accuracy_with_na,seconds\n" +
        "0,frozen,0.123457,0.5,0.666667,,0.25,12.5\n",
    );
    assert.deepEqual(await readHistory(path, [PHASES[0]!]), [
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
      ["0.123457", "-0.123457", /line 2: train_loss is "-0.123457", not a number of at least 0/],
      ["0.666667", "1.000001", /line 2: accuracy is "1.000001", not a number from 0 to 1/],
      ["0.666667", "-0.1", /line 2: accuracy is "-0.1", not a number from 0 to 1/],
      [",,0.25", ",,2", /line 2: accuracy_with_na is "2", not a number from 0 to 1/],
      [",,0.25", ",1e9,0.25", /line 2: accuracy_without_na is "1e9", not a number from 0 to 1/],
      ["12.5", "-12.5", /line 2: seconds is "-12.5", not a number of at least 0/],
      ["12.5", "1e999", /line 2: seconds is "1e999", not a number/],
      ["epoch,phase", "phase,epoch", /line 1: the columns are phase,epoch/],
      ["\n0,frozen,0.123457,0.5,0.666667,,0.25,12.5", "", /it has no epochs/],
    ];
    for (const [from, to, expected] of cases) {
      await writeHistory(path, ROWS);
      await edit(path, from, to);
      await assert.rejects(readHistory(path, [PHASES[0]!]), expected);
      await assert.rejects(
        readHistory(path, [PHASES[0]!]),
        /; train the run again with `deno task reproduce --fresh`, or move its folder away$/,
      );
    }
  }));

Deno.test("epochs out of order, doubled, missing or of another phase are named with their line", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "history.csv");
    const [first, second, third, fourth] = rowsOf(4) as [Row, Row, Row, Row];
    const cases: readonly [readonly Row[], RegExp][] = [
      [
        [first, third, second, fourth],
        /history\.csv, line 3: epoch is 2, but the next one must be 1; t/,
      ],
      [[first, second, second, third], /line 4: epoch is 1, but the next one must be 2/],
      [[first, second, fourth], /line 4: epoch is 3, but the next one must be 2/],
      [[second, third, fourth], /line 2: epoch is 1, but the next one must be 0/],
      [[first, { ...second, epoch: 1.5 }, third, fourth], /line 3: epoch is 1.5, but the next/],
      [[first, second, third], /history\.csv: 3 epochs instead of the profile's 4; train/],
      [rowsOf(5), /5 epochs instead of the profile's 4/],
      [
        [first, second, { ...third, phase: "thawed" }, fourth],
        /line 4: phase is "thawed", not "unfrozen" as in the profile; train/,
      ],
      [
        [first, { ...second, phase: "frozen" }, third, fourth],
        /line 3: phase is "frozen", not "unf/,
      ],
      [[first, { ...second, phase: "" }, third, fourth], /line 3: phase is "", not "unfrozen"/],
    ];
    for (const [rows, expected] of cases) {
      await writeHistory(path, rows);
      await assert.rejects(readHistory(path, PHASES), expected);
    }
    await writeHistory(path, rowsOf(4));
    assert.equal((await readHistory(path, PHASES)).length, 4);
  }));

type Row = ReturnType<typeof rowsOf>[number];
