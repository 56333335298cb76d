import assert from "node:assert/strict";
import { checkCells, joinCells } from "../../../src/tools/notebook_runner/check_cells.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";
import { plantNotebook } from "./notebooks.ts";

Deno.test("checkCells() accepts cells that use each other and the names of deno.json", () =>
  inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, [
      `import { ce } from "unknown/article/experiments.ts";`,
      `const title = ce.title;`,
      "",
      `await Deno.jupyter.display({ "text/plain": title.toUpperCase() }, { raw: true });`,
    ]);
    assert.equal(await checkCells([path]), undefined);
  }));

Deno.test("checkCells() names notebook, cell and line of every error", () =>
  inTemporaryFolder(async (folder) => {
    const first = await plantNotebook(folder, [
      `const count = 1;\nconst names = ["a", "b"];`,
      "",
      `console.log(count);\n\nnames.first();\nnames[0].length;`,
    ], "1 ce.ipynb");
    const second = await plantNotebook(folder, [
      `import { experiment } from "unknown/experiments.ts";`,
      `console.log(experiment);\nlet never = 1;\nconsole.log(never);`,
    ], "2.ipynb");
    const problems = await checkCells([first, second]);
    assert.ok(problems !== undefined);
    const at = (path: string, cell: number, line: number, column: number) =>
      `${path}, code cell ${cell}, line ${line}, column ${column}`;
    assert.match(problems, /Property 'first' does not exist on type 'string\[\]'/);
    assert.ok(problems.includes(at(first, 2, 3, 7)), problems);
    assert.match(problems, /Object is possibly 'undefined'/, "the rules of deno.json");
    assert.ok(problems.includes(at(first, 2, 4, 1)), problems);
    assert.ok(problems.includes(at(second, 1, 1, 10)), problems);
    assert.ok(
      problems.includes(`${at(second, 2, 2, 5)} - \`never\` is never reassigned`),
      problems,
    );
    assert.doesNotMatch(problems, /\.ts:\d/, "a position in the joined cells");
  }));

Deno.test("checkCells() names the cell that does not parse", () =>
  inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, ["const a = 1;", "a;\nconst = 2;"]);
    assert.match(await checkCells([path]) ?? "", /planted\.ipynb, code cell 2, line 2, column 7/);
  }));

Deno.test("checkCells() shows how a cell should be formatted, and leaves its ends alone", () =>
  inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, ["console.log(1);", "console.log( 2 );"]);
    const problems = await checkCells([path]);
    assert.match(problems ?? "", /planted\.ipynb, code cell 2:\n.*\( 2 \).*\n.*\(2\)/);
    assert.doesNotMatch(problems ?? "", /code cell 1/);
  }));

Deno.test("joinCells() finds the way back from every line", () => {
  const { code, locate } = joinCells(["a\nb\n", "c", "\n\nd"]);
  const lines = code.split("\n");
  const found = ["a", "b", "c", "d"].map((text) => locate(lines.indexOf(text) + 1));
  assert.deepEqual(found, [
    { cell: 1, line: 1 },
    { cell: 1, line: 2 },
    { cell: 2, line: 1 },
    { cell: 3, line: 3 },
  ]);
});
