import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { AtomicFile, removeTemporaryFiles } from "../../src/files/whole_file.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

Deno.test("AtomicFile shows nothing under its name until it is committed", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/new/file`;
    const file = await AtomicFile.create(path);
    await file.write(Uint8Array.of(1, 2));
    assert.ok(!namesIn(`${folder}/new`).includes("file"));
    await file.write(Uint8Array.of(3));
    await file.commit();
    await file.discard();
    assert.deepEqual(namesIn(`${folder}/new`), ["file"]);
    assert.deepEqual([...await Deno.readFile(path)], [1, 2, 3]);
  }));

Deno.test("AtomicFile leaves the former file alone when it is discarded", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "before");
    const file = await AtomicFile.create(`${folder}/file`);
    await file.write(Uint8Array.of(1));
    await file.discard();
    assert.deepEqual(namesIn(folder), ["file"]);
    assert.equal(await Deno.readTextFile(`${folder}/file`), "before");
  }));

Deno.test("AtomicFile removes what killed processes left, but not what others still write", () =>
  inTemporaryFolder(async (folder) => {
    for (const name of ["file.1-a.tmp", "other.1-a.tmp"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const program = fromFileUrl(new URL("./begin_file.ts", import.meta.url));
    const writer = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-check",
        "--allow-read",
        "--allow-write",
        program,
        `${folder}/file`,
      ],
      stdout: "piped",
    }).spawn();
    const said = writer.stdout.getReader();
    assert.equal(new TextDecoder().decode((await said.read()).value), "begun\n");
    const temporary = namesIn(folder).find((name) => name.startsWith(`file.${writer.pid}-`))!;
    await (await AtomicFile.create(`${folder}/file`)).discard();
    assert.deepEqual(namesIn(folder), [temporary, "other.1-a.tmp"]);
    writer.kill("SIGKILL");
    await writer.status;
    await said.cancel();
    await (await AtomicFile.create(`${folder}/file`)).discard();
    assert.deepEqual(namesIn(folder), ["other.1-a.tmp"]);
  }));

Deno.test("AtomicFile says which file cannot be written", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(
      AtomicFile.create(`${folder}/file/below`),
      /file\/below: cannot be written .* choose a folder/,
    );
  }));

Deno.test("removeTemporaryFiles() removes them from inner folders too, and nothing else", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(`${folder}/model`);
    for (const name of ["a.csv", "a.csv.1-x.tmp", "model/b", "model/b.2-y.tmp"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    await removeTemporaryFiles(folder);
    assert.deepEqual(namesIn(folder), ["a.csv", "model"]);
    assert.deepEqual(namesIn(`${folder}/model`), ["b"]);
  }));
