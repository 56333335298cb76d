import assert from "node:assert/strict";
import { isFile } from "../../src/files/is_file.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("isFile() is true for a file and a link to one, and for nothing else", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.symlink(`${folder}/file`, `${folder}/link`);
    await Deno.symlink(`${folder}/loop`, `${folder}/loop`);
    const found = ["file", "link", "", "none", "file/below", "loop"]
      .map((name) => isFile(`${folder}/${name}`));
    assert.deepEqual(found, [true, true, false, false, false, false]);
  }));
