import assert from "node:assert/strict";
import { join } from "@std/path";
import { lockFolder, waitForPlace } from "../../src/files/folder_lock.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const PROGRAM = new URL("./hold_lock.ts", import.meta.url).pathname;

Deno.test("a locked folder is refused with who works in it, until it is free again", () =>
  inTemporaryFolder((parent) => {
    const folder = join(parent, "new", "results");
    for (let time = 0; time < 2; time++) {
      using _lock = lockFolder(folder);
      assert.throws(() => lockFolder(folder), {
        name: "FolderInUse",
        message: `${folder}: process ${Deno.pid} is working in it; wait until it ends, or choose ` +
          "another folder",
      });
    }
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("other folders beside and below a locked one are free", () =>
  inTemporaryFolder((folder) => {
    using _lock = lockFolder(join(folder, "a"));
    using _beside = lockFolder(join(folder, "b"));
    using _below = lockFolder(join(folder, "a", "c"));
    assert.deepEqual(namesIn(join(folder, "a")), [".lock", "c"]);
  }));

Deno.test("a folder is held by a running process, and free as soon as that is killed", () =>
  inTemporaryFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-write", PROGRAM, folder],
      stdout: "piped",
    }).spawn();
    const said = child.stdout.getReader();
    assert.equal(new TextDecoder().decode((await said.read()).value), "locked\n");
    assert.throws(
      () => lockFolder(folder),
      new RegExp(`^FolderInUse: ${folder}: process ${child.pid} is working in it`),
    );
    child.kill("SIGKILL");
    await child.status;
    await said.cancel();
    assert.deepEqual(namesIn(folder), [".lock"], "what the killed process left");
    using _lock = lockFolder(folder);
  }));

Deno.test("a lock file with anything in it stops nobody", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, ".lock"), "1\nnonsense of any length");
    using _lock = lockFolder(folder);
    assert.equal(await Deno.readTextFile(join(folder, ".lock")), String(Deno.pid));
  }));

Deno.test("a lock that is a link or no file is an error, and nothing is written through it", () =>
  inTemporaryFolder(async (parent) => {
    const [folder, victim] = [join(parent, "results"), join(parent, "victim")];
    await Deno.mkdir(folder);
    await Deno.writeTextFile(victim, "precious");
    const refused = /: cannot be written \(its lock is not a plain file; remove it\)/;
    for (const target of [victim, join(parent, "nothing")]) {
      await Deno.symlink(target, join(folder, ".lock"));
      assert.throws(() => lockFolder(folder), refused);
      await Deno.remove(join(folder, ".lock"));
    }
    await Deno.mkdir(join(folder, ".lock"));
    assert.throws(() => lockFolder(folder), refused);
    assert.equal(await Deno.readTextFile(victim), "precious");
    assert.deepEqual(namesIn(parent), ["results", "victim"]);
  }));

Deno.test("a folder that cannot be made is named", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    for (const path of [file, join(file, "below")]) {
      assert.throws(() => lockFolder(path), (error: Error) => {
        assert.ok(error.message.startsWith(`${path}: cannot be written (`), error.message);
        assert.ok(error.message.endsWith("; choose a folder that can be written to"));
        return true;
      });
    }
  }));

Deno.test("of those that wait for a place each gets it in turn, and no file is left", () =>
  inTemporaryFolder(async (parent) => {
    const folder = join(parent, "new", "data");
    const waiting: number[] = [];
    let holders = 0;
    const hold = async (waiter: number) => {
      using _lock = await waitForPlace(folder, () => waiting.push(waiter));
      assert.equal(++holders, 1);
      await new Promise((resolve) => setTimeout(resolve, 250));
      holders--;
    };
    await Promise.all([hold(1), hold(2), hold(3)]);
    assert.deepEqual(waiting, [2, 3], "each is told once");
    assert.deepEqual(namesIn(join(parent, "new")), []);
  }));

Deno.test("a place is free for who works in the folder itself, or waits for another", () =>
  inTemporaryFolder(async (parent) => {
    using _lock = lockFolder(join(parent, "a"));
    using _place = await waitForPlace(join(parent, "a"));
    using _beside = await waitForPlace(join(parent, "b"));
    assert.deepEqual(namesIn(parent), ["a", "a.lock", "b.lock"]);
  }));

Deno.test("waiting for a place can be stopped, and one that cannot be made is named", () =>
  inTemporaryFolder(async (parent) => {
    const folder = join(parent, "data");
    const stop = new AbortController();
    {
      using _lock = await waitForPlace(folder);
      const onWait = () => stop.abort(new Error("stopped"));
      await assert.rejects(
        waitForPlace(folder, onWait, stop.signal),
        /^Error: stopped$/,
      );
    }
    await Deno.writeTextFile(folder, "");
    await assert.rejects(
      waitForPlace(join(folder, "below")),
      (error: Error) => error.message.startsWith(`${join(folder, "below")}: cannot be written (`),
    );
  }));
