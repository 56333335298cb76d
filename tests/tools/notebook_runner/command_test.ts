import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";
import { plantNotebook } from "./notebooks.ts";
import { Witness } from "./witness.ts";

const CLI = fromFileUrl(new URL("../../../src/cli.ts", import.meta.url));
const CONFIGURATION = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** The arguments of the task, as `deno.json` has them. */
async function taskArguments(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(CONFIGURATION));
  const words: string[] = tasks.notebooks.split(" ");
  assert.deepEqual([words[0], words.at(-2)], ["deno", "src/cli.ts"]);
  return [...words.slice(1, -2), "--config", CONFIGURATION, CLI, "notebooks"];
}

/** Starts the command in a folder, as its task does; temporary files go into `temporary` there. */
async function start(folder: string, ...args: string[]): Promise<Deno.ChildProcess> {
  const temporary = `${folder}/temporary`;
  await Deno.mkdir(temporary);
  return new Deno.Command(Deno.execPath(), {
    args: [...await taskArguments(), ...args],
    cwd: folder,
    env: { NO_COLOR: "1", TMPDIR: temporary },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** Runs the command in a folder; it must leave no temporary file. */
async function notebooks(
  folder: string,
  ...args: string[]
): Promise<{ code: number; error: string }> {
  const { code, stderr } = await (await start(folder, ...args)).output();
  assert.deepEqual(namesIn(`${folder}/temporary`), []);
  await Deno.remove(`${folder}/temporary`);
  return { code, error: new TextDecoder().decode(stderr) };
}

Deno.test("notebooks writes the outputs of all in notebooks/, and no byte changes the next time", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(`${folder}/notebooks`);
    const path = await plantNotebook(`${folder}/notebooks`, [
      `console.log("seeds", Deno.env.get("UNKNOWN_SEEDS"));`,
      { source: `await Deno.jupyter.display({ "image/png": "" });`, tags: ["strip-output"] },
      `"last"`,
    ]);
    const args = ["--seeds", "3,4"];
    const { error: first } = await notebooks(folder, ...args);
    assert.match(first, /^ok {4}notebooks\/planted\.ipynb: written, /);
    const written = await Deno.readTextFile(path);
    const { cells } = JSON.parse(written);
    assert.deepEqual(cells[0].outputs[0].text, ["seeds 3,4\n"]);
    assert.deepEqual(cells[1].outputs, []);
    assert.deepEqual(cells[2].outputs[0].data["text/plain"], ['"last"']);

    const { code, error: second } = await notebooks(folder, ...args);
    assert.match(second, /^ok {4}notebooks\/planted\.ipynb: unchanged, /);
    assert.equal(code, 0);
    assert.equal(await Deno.readTextFile(path), written);
    assert.deepEqual(namesIn(`${folder}/notebooks`), ["planted.ipynb"]);
  }));

Deno.test("notebooks --check runs all, writes none, and exits with 1 if one fails", () =>
  inTemporaryFolder(async (folder) => {
    const paths = [
      await plantNotebook(folder, ["1;", `throw new Error("planted");`], "a.ipynb"),
      await plantNotebook(folder, ["Deno.exit(1);"], "b.ipynb"),
      await plantNotebook(folder, ["await new Promise(() => {});"], "c.ipynb"),
      await plantNotebook(folder, [`console.log("fine");`], "d.ipynb"),
    ];
    const before = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
    const { code, error } = await notebooks(folder, "--check", "--timeout", "2", ...paths);
    assert.match(error, /^FAIL {2}.*a\.ipynb, code cell 2 .*: Error: planted$/m);
    assert.match(error, /^FAIL {2}.*b\.ipynb, code cell 1 .*: the kernel died \(exit code 1\)$/m);
    assert.match(error, /^FAIL {2}.*c\.ipynb, code cell 1 .*: still running after 2 s/m);
    assert.match(error, /^ok {4}.*d\.ipynb: ran, /m);
    assert.match(error, /^error: 3 of 4 notebooks failed: .*a\.ipynb, .*b\.ipynb, .*c\.ipynb$/m);
    assert.equal(code, 1);
    assert.deepEqual(await Promise.all(paths.map((path) => Deno.readTextFile(path))), before);
  }));

Deno.test("a notebook that fails is not written, those before and after it are", () =>
  inTemporaryFolder(async (folder) => {
    const failing = await plantNotebook(folder, ["1", "throw 1"], "b.ipynb");
    const before = await Deno.readTextFile(failing);
    const others = [
      await plantNotebook(folder, ["1"], "a.ipynb"),
      await plantNotebook(folder, ["1"], "c.ipynb"),
    ];
    const { code } = await notebooks(folder, others[0]!, failing, others[1]!);
    assert.equal(code, 1);
    assert.equal(await Deno.readTextFile(failing), before);
    for (const path of others) {
      const { cells } = JSON.parse(await Deno.readTextFile(path));
      assert.deepEqual(cells[0].outputs[0].data["text/plain"], ["1"]);
    }
  }));

Deno.test("a notebook that somebody changes while it runs keeps these changes", () =>
  inTemporaryFolder(async (folder) => {
    const path = await plantNotebook(folder, [
      `Deno.writeTextFileSync("planted.ipynb", "edited");`,
    ]);
    const { code, error } = await notebooks(folder, path);
    assert.match(
      error,
      /planted\.ipynb: changed while it ran, so it was not written; run it again/,
    );
    assert.equal(code, 1);
    assert.equal(await Deno.readTextFile(path), "edited");
  }));

Deno.test("Ctrl-C ends the kernel and leaves the notebook and no temporary file", () =>
  inTemporaryFolder(async (folder) => {
    using witness = new Witness();
    const path = await plantNotebook(folder, [`${witness.code}\nawait new Promise(() => {});`]);
    const before = await Deno.readTextFile(path);
    const command = await start(folder, path);
    await witness.connected();
    command.kill("SIGINT");
    const { code } = await command.output();
    assert.equal(code, 130);
    await witness.ended();
    assert.deepEqual(namesIn(`${folder}/temporary`), []);
    assert.equal(await Deno.readTextFile(path), before);
  }));

for (
  const [args, message] of [
    [[], /notebooks: no notebooks \(\*\.ipynb\) there; name some/],
    [["none.ipynb"], /none\.ipynb: there is no such file/],
    [["text.ipynb"], /text\.ipynb: not JSON/],
    [["--timeout", "soon"], /a whole number from 1 is needed/],
  ] as const
) {
  Deno.test(`a wrong command line is named, without a stack trace: [${args.join(" ")}]`, () =>
    inTemporaryFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/text.ipynb`, "text");
      const { code, error } = await notebooks(folder, ...args);
      assert.match(error, message);
      assert.doesNotMatch(error, /^\s+at /m, "a stack trace");
      assert.equal(code, 1);
    }));
}
