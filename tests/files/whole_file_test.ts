import assert from "node:assert/strict";
import { join } from "@std/path";
import { readWholeFile, writeWholeFile } from "../../src/files/whole_file.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

Deno.test("a file is written into a missing folder and leaves nothing else there", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a", "b.txt");
    await writeWholeFile(path, "żółw");
    await writeWholeFile(path, "亀");
    assert.equal(await readWholeFile(path, ""), "亀");
    assert.deepEqual(namesIn(join(folder, "a")), ["b.txt"]);
  }));

Deno.test("a file that cannot be written is named, and no temporary one stays behind", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "taken", "inside"), { recursive: true });
    await assert.rejects(writeWholeFile(join(folder, "taken"), "text"), /taken: cannot be written/);
    assert.deepEqual(namesIn(folder), ["taken"]);
  }));

Deno.test("a missing file is named together with the way out", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(
      readWholeFile(join(folder, "none.csv"), "make it"),
      /none\.csv: there is no such file; make it/,
    );
  }));

Deno.test("pieces are joined, and the old file stays where they end half way", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "file");
    await writeWholeFile(path, [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]);
    assert.deepEqual(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    function* failing(): Generator<Uint8Array> {
      yield Uint8Array.of(9);
      throw new Error("no more");
    }
    await assert.rejects(writeWholeFile(path, failing()), /no more/);
    assert.deepEqual(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    assert.deepEqual(namesIn(folder), ["file"]);
  }));

Deno.test("a disk that gives no more room leaves the old file, no temporary one, and an error", () =>
  inTemporaryFolder(async (folder) => {
    const [small, large] = [join(folder, "small"), join(folder, "large")];
    await Deno.writeTextFile(large, "before");
    const program = new URL("./write_files.ts", import.meta.url).pathname;
    const deno = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-read", "--allow-write"];
    const { stdout } = await new Deno.Command("bash", {
      // Without the signal, writing beyond 64 KiB fails half way as on a full disk.
      args: [
        ...["-c", `trap '' XFSZ; ulimit -f 64; exec "$@"`, "bash"],
        ...[...deno, program, "60000", small, "100000", large],
      ],
      stderr: "inherit",
    }).output();
    const [first, second] = new TextDecoder().decode(stdout).split("\n");
    assert.equal(first, "written");
    assert.match(
      second!,
      /large: cannot be written because files may not be so large \(File too large/,
    );
    assert.deepEqual(namesIn(folder), ["large", "small"]);
    assert.equal((await Deno.stat(small)).size, 60000);
    assert.equal(await Deno.readTextFile(large), "before");
  }));

Deno.test("a limit on the size of files is found before anything is written, and ends no program", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "file");
    const program = new URL("./limited_file.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-all", program, path],
    }).output();
    const refused =
      `${path}: cannot be written because files may not be so large (File too large ` +
      "(os error 27)); raise the limit (ulimit -f unlimited) or choose another folder";
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assert.deepEqual(lines, [refused, refused, "written"]);
    assert.deepEqual(namesIn(folder), ["file"]);
  }));
