import assert from "node:assert/strict";
import { join } from "@std/path";
import { removeIfPresent } from "../../src/files/remove_if_present.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

Deno.test("removeIfPresent() deletes files and whole folders, and nothing where nothing is", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await Deno.mkdir(join(folder, "outer", "inner"), { recursive: true });
    await Deno.writeTextFile(join(folder, "outer", "inner", "file"), "");
    await Deno.writeTextFile(join(folder, "other"), "");
    for (const name of ["file", "outer", "missing"]) await removeIfPresent(join(folder, name));
    assert.deepEqual(namesIn(folder), ["other"]);
  }));

Deno.test("removeIfPresent() of a link leaves what it leads to", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "kept"));
    await Deno.writeTextFile(join(folder, "kept", "file"), "");
    await Deno.symlink(join(folder, "kept"), join(folder, "link"));
    await removeIfPresent(join(folder, "link"));
    assert.deepEqual(namesIn(folder), ["kept"]);
    assert.deepEqual(namesIn(join(folder, "kept")), ["file"]);
  }));

Deno.test("removeIfPresent() passes on what keeps it from deleting", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(
      removeIfPresent(join(folder, "file", "below")),
      (error) => !(error instanceof Deno.errors.NotFound),
    );
  }));
