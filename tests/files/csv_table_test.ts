import assert from "node:assert/strict";
import { join } from "@std/path";
import { parse } from "csv-parse/sync";
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

Deno.test("what a spreadsheet would take for a formula is none, and reads back unchanged", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "table.csv");
    const formulas = [
      "=1+1",
      "+x",
      "-x",
      "@sum",
      "\tx",
      "\rx",
      "\nx",
      "\uff1dx",
      "= 1",
      "-2 ",
      "--2",
    ];
    const texts = [
      ...formulas,
      '=cmd|" /C calc"!A0',
      "'=1",
      "''=1",
      "'x",
      "'",
      "x=1",
      "a;=1",
      "a\t=1",
      "a\r=1",
    ];
    const cells = [...texts, "-2", "-1.5e-7", "+3"];
    await writeCsv(path, cells, [cells]);
    const text = await Deno.readTextFile(path);
    const raw = parse(text) as string[][];
    for (const row of raw) {
      formulas.forEach((formula, index) => assert.equal(row[index], `'${formula}`));
      assert.deepEqual(row.slice(texts.length), ["-2", "-1.5e-7", "+3"], "numbers stay numbers");
      for (const cell of row.slice(0, texts.length)) assert.doesNotMatch(cell, /^[=+\-@\t\r\n]/);
    }
    // Nor where another character separates cells or lines: in quotes, they do not.
    assert.doesNotMatch(text.replace(/"([^"]|"")*"/g, ""), /[;\t\r][=+\-@]/);
    const { columns, rows } = await readCsv(path, "");
    assert.deepEqual(columns, cells);
    assert.deepEqual(rows.map((row) => row.cells), [cells]);
  }));
