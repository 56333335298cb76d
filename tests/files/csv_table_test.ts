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

Deno.test("a table whose name ends with .gz is compressed, and equal tables make equal files", () =>
  inTemporaryFolder(async (folder) => {
    const rows = Array.from({ length: 500 }, (_, index) => [String(index % 7), "żółw"]);
    const [path, other] = [join(folder, "a.csv.gz"), join(folder, "b.csv.gz")];
    await writeCsv(path, ["x", "y"], rows);
    await writeCsv(other, ["x", "y"], rows);
    const bytes = await Deno.readFile(path);
    assert.ok(bytes.length < 200, `${bytes.length} bytes`);
    assert.deepEqual(await Deno.readFile(other), bytes);
    assert.deepEqual((await readCsv(path, "")).rows.map(({ cells }) => cells), rows);
    await Deno.writeFile(path, bytes.subarray(0, 60));
    await assert.rejects(readCsv(path, "make it again"), /a\.csv\.gz: not a gzip file .*; make it/);
    await assert.rejects(readCsv(join(folder, "none.csv.gz"), "make it"), /no such file; make it/);
  }));
