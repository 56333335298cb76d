import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import type { ArchiveSource } from "../../../src/data/catalogue_entry.ts";
import { fetchDataset } from "../../../src/data/download/fetch_dataset.ts";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";
import { file, serve } from "./misbehaving_server.ts";
import { tinyArchive, tinyDataset } from "./tiny_archive.ts";

const PROGRAM = fromFileUrl(new URL("./fetch_program.ts", import.meta.url));
const TINY = await tinyArchive();
const HALF = Math.floor(TINY.bytes.length / 2);

/** A process that downloads. */
class Fetching implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  said = "";

  constructor(folder: string, archive: ArchiveSource, net = "127.0.0.1") {
    const permissions = ["--allow-read", "--allow-write", "--allow-env", `--allow-net=${net}`];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...permissions, PROGRAM, folder, JSON.stringify(archive)],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Waits until the process has said something. */
  async says(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      const { done, value } = await this.#reader.read();
      if (done) assert.fail(`the process ended without saying "${text}": ${this.said}`);
      this.said += value;
    }
  }

  /** Kills the process if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#reader.cancel();
    await this.#child.status;
  }
}

Deno.test("two processes at once: one downloads, the other says that it waits, both have it", () =>
  inTemporaryFolder(async (folder) => {
    const secondWaits = Promise.withResolvers<void>();
    await using server = serve(async (asked) => {
      await secondWaits.promise;
      return file(TINY.bytes, asked);
    });
    const archive = TINY.at(server.address);
    await using first = new Fetching(`${folder}/tiny`, archive);
    await first.says("downloading");
    await using second = new Fetching(`${folder}/tiny`, archive);
    await second.says(`another process is downloading ${folder}/tiny; waiting for it`);
    secondWaits.resolve();
    await Promise.all([first.says("complete"), second.says("complete")]);
    assert.equal(server.asked.length, 1);
    assert.ok(!second.said.includes("downloading http"));
    assert.deepEqual(namesIn(folder), ["tiny"]);
  }));

Deno.test("two calls in one process wait for each other as well", () =>
  inTemporaryFolder(async (folder) => {
    const secondWaits = Promise.withResolvers<void>();
    await using server = serve(async (asked) => {
      await secondWaits.promise;
      return file(TINY.bytes, asked);
    });
    const log = (line: string) => line.includes("waiting for it") && secondWaits.resolve();
    const tiny = tinyDataset(TINY.at(server.address));
    const options = { folder: `${folder}/tiny`, log };
    await Promise.all([fetchDataset(tiny, options), fetchDataset(tiny, options)]);
    assert.equal(server.asked.length, 1);
    assert.deepEqual(namesIn(folder), ["tiny"]);
  }));

Deno.test("one that waits can be stopped", () =>
  inTemporaryFolder(async (folder) => {
    await using server = serve((asked) => ({ ...file(TINY.bytes, asked), sent: 0, end: "hang" }));
    const tiny = tinyDataset(TINY.at(server.address));
    const options = { folder: `${folder}/tiny` };
    const stopFirst = new AbortController();
    const stopSecond = new AbortController();
    const first = fetchDataset(tiny, { ...options, signal: stopFirst.signal });
    const second = fetchDataset(tiny, {
      ...options,
      signal: stopSecond.signal,
      log: () => stopSecond.abort(new Error("stopped")),
    });
    await assert.rejects(second, /^Error: stopped$/);
    stopFirst.abort(new Error("stopped too"));
    await assert.rejects(first, /^Error: stopped too$/);
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("after a process was killed half way, the next is not held up and continues", () =>
  inTemporaryFolder(async (folder) => {
    await using server = serve((asked, count) => {
      const answer = file(TINY.bytes, asked);
      return count > 1 ? answer : { ...answer, sent: HALF, end: "hang" };
    });
    const archive = TINY.at(server.address);
    {
      await using killed = new Fetching(`${folder}/tiny`, archive);
      await killed.says("downloading");
      const part = `${folder}/tiny.download/archive.tgz.part`;
      await sizeBecomes(part, HALF);
    }
    assert.ok(!namesIn(folder).includes("tiny"));
    await fetchDataset(tinyDataset(archive), { folder: `${folder}/tiny` });
    assert.equal(server.asked[1]!.get("Range"), `bytes=${HALF}-`);
    assert.deepEqual(namesIn(folder), ["tiny"]);
  }));

Deno.test("a host whose name nobody has is unreachable", () =>
  inTemporaryFolder(async (folder) => {
    const archive = TINY.at("http://nobody.invalid");
    await using fetching = new Fetching(`${folder}/tiny`, archive, "nobody.invalid:80");
    await fetching.says(
      "HostUnreachable: http://nobody.invalid/tiny.tgz: nobody.invalid cannot be",
    );
  }));

Deno.test("a host that the process may not ask is no unreachable one", () =>
  inTemporaryFolder(async (folder) => {
    const archive = TINY.at("https://nobody.invalid");
    await using fetching = new Fetching(`${folder}/tiny`, archive);
    await fetching.says("allow it with --allow-net=nobody.invalid:443");
    assert.match(fetching.said, /^Error: .*: this process has no permission to access the host/m);
  }));

/** Returns as soon as a file has a size. */
async function sizeBecomes(path: string, size: number): Promise<void> {
  while (true) {
    const found = await Deno.stat(path).catch(() => undefined);
    if (found?.size === size) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
