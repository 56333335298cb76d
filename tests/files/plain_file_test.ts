import assert from "node:assert/strict";
import { join } from "@std/path";
import { readPlainFile, refuseLink, refuseLinksBelow } from "../../src/files/plain_file.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

Deno.test("a plain file is read whole, also through a link to it", () =>
  inTemporaryFolder(async (folder) => {
    const [path, link] = [join(folder, "file"), join(folder, "link")];
    await Deno.writeTextFile(path, "text");
    await Deno.symlink(path, link);
    for (const each of [path, link]) {
      assert.equal(new TextDecoder().decode(await readPlainFile(each, 4)), "text");
    }
  }));

Deno.test("a pipe, a device, a folder or a file that is too large is not even opened", () =>
  inTemporaryFolder(async (folder) => {
    const [pipe, large] = [join(folder, "pipe"), join(folder, "large")];
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    await Deno.writeTextFile(large, "");
    await Deno.truncate(large, 3 * 2 ** 30);
    for (const path of [pipe, "/dev/zero", folder]) {
      await assert.rejects(readPlainFile(path, 1e9), /^UnsuitableFile: not a plain file$/);
    }
    await assert.rejects(
      readPlainFile(large, 1000),
      /^UnsuitableFile: 3221225472 bytes, more than the 1000 that such a file may have$/,
    );
  }));

Deno.test("a link anywhere below a folder is refused, and the folder itself may be one", () =>
  inTemporaryFolder(async (parent) => {
    const folder = join(parent, "results");
    await refuseLinksBelow(folder);
    await Deno.mkdir(join(parent, "elsewhere", "ce", "seed-1"), { recursive: true });
    await Deno.symlink(join(parent, "elsewhere"), folder);
    await refuseLinksBelow(folder);
    const link = join(folder, "ce", "seed-1", "model");
    await Deno.symlink(parent, link);
    await assert.rejects(refuseLinksBelow(folder), /ce\/seed-1\/model: a symbolic link, .*remove/);
    assert.throws(() => refuseLink(link), /seed-1\/model: a symbolic link/);
    await refuseLink(parent);
  }));
