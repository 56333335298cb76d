import assert from "node:assert/strict";
import { join } from "@std/path";
import { readCsv, writeCsv } from "../../src/files/csv_table.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("cells with commas, quotes, line breaks, markup and other scripts come back the same", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "table.csv");
    const rows = [['a,b "c"', "<script>"], ["one\ntwo", "żółw 亀"], ["", " spaces "]];
    await writeCsv(path, ["x", "y"], rows);
    const table = await readCsv(path, "");
    assert.deepEqual(table.columns, ["x", "y"]);
    assert.deepEqual(table.rows.map(({ cells }) => cells), rows);
  }));

Deno.test("a row with too few cells is an error that names its line", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "table.csv");
    await Deno.writeTextFile(path, "x,y\n1,2\n3\n");
    await assert.rejects(
      readCsv(path, "make it again"),
      /table\.csv, line 3: 1 cells where the header has 2; make it again/,
    );
  }));

Deno.test("an empty file and an unclosed quote are errors that name the file", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "table.csv");
    await Deno.writeTextFile(path, "");
    await assert.rejects(readCsv(path, ""), /table\.csv: the file is empty/);
    await Deno.writeTextFile(path, 'x,y\n1,"2\n');
    await assert.rejects(readCsv(path, ""), /table\.csv: not a CSV table .*line 2/);
  }));

Deno.test("a file that is cut off in its last number is an error that names the line", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "table.csv");
    await Deno.writeTextFile(path, "x,y\n1,2.5\n3,4.2");
    await assert.rejects(readCsv(path, "make it again"), /table\.csv, line 3: .*cut off; make it/);
  }));
