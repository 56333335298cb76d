import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const PROGRAM = fromFileUrl(new URL("./make_temporary_folder.ts", import.meta.url));

/** A process that makes a temporary folder in some folder. */
function maker(parent: string, ...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-write", PROGRAM, ...args],
    env: { TMPDIR: parent, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("a temporary folder goes with its process, be that by the next one after a kill", () =>
  inTemporaryFolder(async (parent) => {
    await Deno.mkdir(join(parent, "somebody-else"));
    const process = maker(parent).spawn();
    const said = process.stdout.getReader();
    const folder = new TextDecoder().decode((await said.read()).value).trim();
    assert.ok((await maker(parent, "end").output()).success);
    assert.deepEqual(namesIn(parent).map((name) => join(parent, name)), [
      folder,
      join(parent, "somebody-else"),
    ]);
    process.kill("SIGKILL");
    await process.status;
    await Promise.all([said.cancel(), process.stderr.cancel()]);
    assert.ok((await maker(parent, "end").output()).success);
    assert.deepEqual(namesIn(parent), ["somebody-else"]);
  }));

Deno.test("a missing folder for temporary files is an error that names the variable", () =>
  inTemporaryFolder(async (parent) => {
    const { success, stderr } = await maker(join(parent, "missing"), "end").output();
    assert.ok(!success);
    assert.match(
      new TextDecoder().decode(stderr),
      /the folder for temporary files \(TMPDIR\) cannot be written to \(No such.*\); set TMPDIR to/,
    );
  }));
