import assert from "node:assert/strict";
import { exists, isFile, isFolder } from "../../src/files/path_kind.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("isFile() and isFolder() are true for such and links to such, exists() for any link as well", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink(`${folder}/file`, `${folder}/file link`);
    await Deno.mkdir(`${folder}/folder`);
    await Deno.symlink(`${folder}/folder`, `${folder}/folder link`);
    await Deno.symlink(`${folder}/loop`, `${folder}/loop`);
    const paths = ["file", "file link", "folder", "folder link", "none", "file/below", "loop"]
      .map((name) => `${folder}/${name}`);
    assert.deepEqual(paths.map(isFile), [true, true, false, false, false, false, false]);
    assert.deepEqual(paths.map(isFolder), [false, false, true, true, false, false, false]);
    assert.deepEqual(paths.map(exists), [true, true, true, true, false, false, true]);
  }));
