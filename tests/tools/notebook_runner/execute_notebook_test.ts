import assert from "node:assert/strict";
import { executeNotebook } from "../../../src/tools/notebook_runner/command.ts";
import { filledCells, type Notebook } from "../../../src/tools/notebook_runner/notebook.ts";
import kernelspec from "../../../src/notebooks/jupyter/kernels/deno/kernel.json" with {
  type: "json",
};
import { inTemporaryFolder } from "../../temporary_folder.ts";
import { MIXED_CELLS } from "./mixed_cells.ts";
import { plantNotebook } from "./notebooks.ts";
import { Witness } from "./witness.ts";

type Options = Parameters<typeof executeNotebook>[1];

/** Runs code cells in a notebook of their own. */
async function execute(
  cells: readonly string[],
  options: Partial<Options> = {},
): Promise<Notebook> {
  let notebook: Notebook | undefined;
  await inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, cells);
    notebook = await executeNotebook(path, { secondsPerCell: 60, ...options });
  });
  return notebook!;
}

for (const time of ["first", "second"]) {
  Deno.test(`every output is exact, in its cell and in order, the ${time} time`, async () => {
    const notebook = await execute(MIXED_CELLS.map(({ source }) => source));
    for (const [index, cell] of filledCells(notebook).entries()) {
      assert.deepEqual(cell.outputs, MIXED_CELLS[index]!.outputs, `code cell ${index + 1}`);
      assert.equal(cell.execution_count, index + 1);
    }
  });
}

Deno.test("cells run in the notebook's folder, with the kernelspec's environment and what is given", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, [
      `console.log(Deno.cwd());`,
      `console.log(Deno.env.get("DENO_V8_FLAGS"), Deno.env.get("UNKNOWN_SEEDS"));`,
    ]);
    const notebook = await executeNotebook(path, {
      secondsPerCell: 60,
      environment: { UNKNOWN_SEEDS: "1,2" },
    });
    assert.deepEqual(
      filledCells(notebook).flatMap(({ outputs }) => outputs).map((output) =>
        "text" in output && output.text
      ),
      [`${await Deno.realPath(folder)}\n`, `${kernelspec.env.DENO_V8_FLAGS} 1,2\n`],
    );
  });
});

Deno.test("empty cells are not counted, and the progress is told", async () => {
  const steps: string[] = [];
  const notebook = await execute(["1 + 1", "", " \n", "2 + 2"], {
    onCell: (done, total) => steps.push(`${done}/${total}`),
  });
  assert.deepEqual(
    notebook.cells.map((cell) => cell.cell_type === "code" && cell.execution_count),
    [1, null, null, 2],
  );
  assert.deepEqual(steps, ["0/2", "1/2", "2/2"]);
});

for (
  const [what, cells, message] of [
    [
      "throws",
      ["const a = 1;", `function f() {\n  throw new RangeError("too far");\n}\nf();`, "a"],
      /planted\.ipynb, code cell 2 \(function f\(\) \{\): RangeError: too far\n\s+at f /,
    ],
    ["throws what is no error", [`throw "a string";`], /code cell 1 .*: Error: a string$/],
    ["rejects", [`await Promise.reject(new TypeError("no"));`], /code cell 1 .*: TypeError: no\n/],
    [
      "throws while its last value is displayed",
      [`({ [Symbol.for("Jupyter.display")]() { throw new Error("undisplayable"); } })`],
      /code cell 1 .*: Error: undisplayable\n/,
    ],
    [
      "left a promise that rejects, awaited by nothing",
      [`Promise.reject(new Error("forgotten"));\n1`],
      /code cell 1 .*: Error: forgotten\n/,
    ],
    [
      "left a timer that throws while the next cell runs",
      [
        `const fired = Promise.withResolvers<void>();
setTimeout(() => { fired.resolve(); throw new Error("late"); }, 20);\n1`,
        "await fired.promise;",
      ],
      /code cell [12] .*: Error: late\n/,
    ],
    [
      "does not parse",
      ["const = 1;"],
      /code cell 1 .*: .*failed; does the code parse\? `deno task/,
    ],
    ["imports what is not there", [`import "./nowhere.ts";`], /code cell 1 .*: .*Module not found/],
    [
      "shows something malformed",
      [`await Deno.jupyter.broadcast("display_data", {});`],
      /code cell 1 .*: a display_data message does not have the form of one/,
    ],
    ["exits", ["1", "Deno.exit(1);"], /code cell 2 .*: the kernel died \(exit code 1\)$/],
    [
      "exits as if all were well",
      ["Deno.exit(0);"],
      /code cell 1 .*: the kernel died \(exit code 0\)$/,
    ],
    [
      "has its kernel killed",
      [`Deno.kill(Deno.pid, "SIGKILL");\nawait new Promise(() => {});`],
      /code cell 1 .*: the kernel died \(SIGKILL\)$/,
    ],
  ] as const
) {
  Deno.test(`a cell that ${what} ends the run, and the error names it`, async () => {
    await assert.rejects(execute(cells), message);
  });
}

for (const code of ["for (;;) {}", "await new Promise(() => {});"]) {
  Deno.test(`a cell over its time is named, and its kernel ended: ${code}`, async () => {
    using witness = new Witness();
    await assert.rejects(
      execute([witness.code, code], { secondsPerCell: 2 }),
      /code cell 2 .*: still running after 2 s; its kernel was ended; --timeout SECONDS allows more$/,
    );
    await witness.ended();
  });
}

Deno.test("a signal ends the run and the kernel with its own reason", async () => {
  using witness = new Witness();
  const interruption = new AbortController();
  const run = execute([`${witness.code}\nfor (;;) {}`], { signal: interruption.signal });
  await witness.connected();
  interruption.abort(new DOMException("enough", "AbortError"));
  await assert.rejects(run, { name: "AbortError", message: "enough" });
  await witness.ended();
});

Deno.test("a kernel that cannot start says why", async () => {
  await assert.rejects(
    execute(["1"], { environment: { DENO_V8_FLAGS: "--no-such-flag" } }),
    /planted\.ipynb: the kernel died \(exit code 1\):\n.*no-such-flag/,
  );
});
