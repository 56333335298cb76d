import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ArchiveSource } from "../../../src/data/catalogue_entry.ts";
import { BadArchive, HostUnreachable } from "../../../src/data/download/errors.ts";
import { fetchDataset, type FetchOptions } from "../../../src/data/download/fetch_dataset.ts";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";
import { type Answer, type Asked, file, serve, type Server } from "./misbehaving_server.ts";
import { gzip, TINY_PICTURES, tinyArchive, tinyDataset } from "./tiny_archive.ts";

const TINY = await tinyArchive();
const HALF = Math.floor(TINY.bytes.length / 2);

/** Does not wait between tries, and long for answers, so that no slow machine fails a test. */
const NO_PAUSES = { answer: 20_000, bytes: 20_000, slowest: 1, pauses: [0, 0, 0] };

/** A download from a server that behaves as said, into `<folder>/tiny`. */
interface Download {
  readonly folder: string;
  readonly server: Server;
  readonly archive: ArchiveSource;
  /** What was logged. */
  readonly lines: string[];
  /** Downloads; by default the server's archive. */
  readonly fetch: (
    options?: FetchOptions & { readonly archive?: ArchiveSource },
  ) => Promise<string>;
}

async function downloading(
  answer: (asked: Asked, count: number) => Answer | Promise<Answer>,
  test: (download: Download) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    await using server = serve(answer);
    const archive = TINY.at(server.address);
    const lines: string[] = [];
    const fetch: Download["fetch"] = ({ archive: expected = archive, ...options } = {}) =>
      fetchDataset(tinyDataset(expected), {
        folder: `${folder}/tiny`,
        patience: NO_PAUSES,
        log: (line) => lines.push(line),
        ...options,
      });
    await test({ folder, server, archive, lines, fetch });
  });
}

/** Only the data set is there, whole. */
function assertComplete({ folder }: Download): void {
  assert.deepEqual(namesIn(folder), ["tiny"]);
  for (const [path, bytes] of Object.entries(TINY_PICTURES)) {
    assert.deepEqual(Deno.readFileSync(`${folder}/tiny/${path}`), Uint8Array.from(bytes));
  }
}

/** Only the archive is there, so far as it came. */
function assertPartKept({ folder }: Download, length: number): void {
  assert.deepEqual(namesIn(folder), ["tiny.download"]);
  assert.deepEqual(namesIn(`${folder}/tiny.download`), [
    "archive.tgz.part",
    "archive.tgz.part.version",
  ]);
  const part = Deno.readFileSync(`${folder}/tiny.download/archive.tgz.part`);
  assert.deepEqual(part, TINY.bytes.subarray(0, length));
}

/** Neither the data set is there nor anything of the archive. */
function assertNothingLeft({ folder }: Download): void {
  assert.deepEqual(namesIn(folder), []);
}

Deno.test("a good server: the data set is there, the archive is gone, a second call asks nobody", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    assert.equal(await download.fetch(), `${download.folder}/tiny`);
    assertComplete(download);
    await download.fetch();
    assert.equal(download.server.asked.length, 1);
    assert.deepEqual(download.lines, [`downloading ${download.archive.url}: 0.0 MB`]);
  }));

for (const end of [undefined, "reset", "hang"] as const) {
  const title = end === undefined ? "closed" : end === "hang" ? "silent" : "reset";
  Deno.test(`a connection that is ${title} half way: the rest is asked for and fits`, () =>
    downloading(
      (asked, count) =>
        count > 1 ? file(TINY.bytes, asked) : {
          ...file(TINY.bytes, asked),
          sent: HALF,
          ...(end === undefined ? {} : { end }),
        },
      async (download) => {
        const { server, lines, fetch } = download;
        await fetch({ patience: { ...NO_PAUSES, bytes: end === "hang" ? 500 : 20_000 } });
        assertComplete(download);
        const [first, second] = server.asked;
        assert.equal(first!.get("Range"), null);
        assert.equal(second!.get("Range"), `bytes=${HALF}-`);
        assert.equal(second!.get("If-Range"), '"1"');
        assert.match(lines[1]!, / at 0\.0 MB; trying again in 0 s$/);
      },
    ));
}

Deno.test("a body without a length that ends too early is continued", () =>
  downloading(
    (asked, count) => {
      const answer = file(TINY.bytes, asked);
      const headers = { ...answer.headers, "Content-Length": "" };
      return count > 1 ? answer : { ...answer, headers, sent: HALF };
    },
    async (download) => {
      await download.fetch();
      assertComplete(download);
      assert.equal(download.server.asked[1]!.get("Range"), `bytes=${HALF}-`);
    },
  ));

Deno.test("as long as each try brings something, there is no last one", () =>
  downloading((asked) => ({ ...file(TINY.bytes, asked), sent: 1000 }), async (download) => {
    await download.fetch();
    assertComplete(download);
    assert.equal(download.server.asked.length, Math.ceil(TINY.bytes.length / 1000));
  }));

Deno.test("a server that drips is given up; what came is kept, and the next call continues", () =>
  downloading(
    (asked, count) => ({ ...file(TINY.bytes, asked), ...(count > 2 ? {} : { drip: 50 }) }),
    async (download) => {
      const patience = { ...NO_PAUSES, bytes: 1000, slowest: 1e6, pauses: [0] };
      await assert.rejects(download.fetch({ patience }), (error: Error) => {
        assert.ok(!(error instanceof HostUnreachable));
        assert.match(
          error.message,
          /broke off at \d+ of \d+ bytes \(only \d+ bytes came in \d+\.\d s\); run the same command/,
        );
        return true;
      });
      const { length } = Deno.readFileSync(`${download.folder}/tiny.download/archive.tgz.part`);
      assertPartKept(download, length);
      await download.fetch();
      assertComplete(download);
      assert.deepEqual(download.server.asked.slice(2).map((asked) => asked.get("Range")), [
        `bytes=${length}-`,
      ]);
    },
  ));

Deno.test("a server that gives a byte at each try is given up, too", () =>
  downloading((asked) => ({ ...file(TINY.bytes, asked), sent: 1 }), async (download) => {
    const patience = { ...NO_PAUSES, slowest: 1e9 };
    await assert.rejects(download.fetch({ patience }), /broke off at \d of \d+ bytes/);
    assert.equal(download.server.asked.length, 1 + NO_PAUSES.pauses.length);
  }));

Deno.test("a server that breaks off at one place is given up; what came is kept", () =>
  downloading((asked) => {
    const sent = asked.has("Range") ? 0 : HALF;
    return { ...file(TINY.bytes, asked), sent };
  }, async (download) => {
    await assert.rejects(download.fetch(), (error: Error) => {
      assert.ok(!(error instanceof HostUnreachable));
      assert.match(error.message, /tiny\.tgz: the download broke off at \d+ of \d+ bytes .*again/);
      return true;
    });
    assert.equal(download.server.asked.length, 1 + NO_PAUSES.pauses.length);
    assertPartKept(download, HALF);
  }));

Deno.test("a server that ignores ranges: the download starts over", () =>
  downloading(
    (_asked, count) => ({ body: TINY.bytes, ...(count > 1 ? {} : { sent: HALF }) }),
    async (download) => {
      await download.fetch();
      assertComplete(download);
      const [, second] = download.server.asked;
      assert.equal(second!.get("Range"), `bytes=${HALF}-`);
      assert.equal(second!.get("If-Range"), null, "the server named no version");
    },
  ));

Deno.test("a server that ignores ranges and always breaks off is given up", () =>
  downloading(() => ({ body: TINY.bytes, sent: HALF }), async (download) => {
    await assert.rejects(download.fetch(), /the download broke off at/);
    assert.equal(download.server.asked.length, 1 + NO_PAUSES.pauses.length);
    assertPartKept(download, HALF);
  }));

Deno.test("another version half way: nothing of the first is kept", () =>
  downloading(
    (asked, count) =>
      count > 1
        ? file(TINY.bytes, asked, '"2"')
        : { ...file(TINY.bytes.map((byte, n) => n < 2 ? byte : 0), asked, '"1"'), sent: HALF },
    async (download) => {
      await download.fetch();
      assertComplete(download);
      assert.equal(download.server.asked[1]!.get("If-Range"), '"1"');
    },
  ));

Deno.test("another version half way, from a server that does not know If-Range: starts over", () =>
  downloading((asked, count) => {
    if (count === 1) {
      return { ...file(TINY.bytes.map((byte, n) => n < 2 ? byte : 0), asked, '"1"'), sent: HALF };
    }
    const unconditional = new Headers(asked);
    unconditional.delete("If-Range");
    return file(TINY.bytes, unconditional, '"2"');
  }, async (download) => {
    await download.fetch();
    assertComplete(download);
    assert.deepEqual(download.server.asked.map((asked) => asked.get("Range")), [
      null,
      `bytes=${HALF}-`,
      null,
    ]);
  }));

Deno.test("a weak ETag is no condition for a range; the date is", () =>
  downloading((asked, count) => {
    const answer = file(TINY.bytes, asked, 'W/"1"');
    const date = "Mon, 23 Nov 2026 00:00:00 GMT";
    const headers = { ...answer.headers, "Last-Modified": date };
    return count > 1 ? { ...answer, headers } : { ...answer, headers, sent: HALF };
  }, async (download) => {
    await download.fetch();
    assertComplete(download);
    const condition = download.server.asked[1]!.get("If-Range");
    assert.equal(condition, "Mon, 23 Nov 2026 00:00:00 GMT");
  }));

Deno.test("416: the download starts over", () =>
  downloading((asked, count) => {
    if (count === 1) return { ...file(TINY.bytes, asked), sent: HALF };
    return asked.has("Range") ? { status: 416 } : file(TINY.bytes, asked);
  }, async (download) => {
    await download.fetch();
    assertComplete(download);
    assert.equal(download.server.asked.length, 3);
  }));

for (const total of [undefined, "*"]) {
  Deno.test(`a part from the first byte on, of ${total ?? "all"}, that nobody asked for is taken`, () =>
    downloading((asked) => {
      const unasked = new Headers(asked);
      if (!unasked.has("Range")) unasked.set("Range", "bytes=0-");
      const answer = file(TINY.bytes, unasked);
      const range = answer.headers!["Content-Range"]!;
      const headers = { "Content-Range": range.replace(/\d+$/, (all) => total ?? all) };
      return { ...answer, headers: { ...answer.headers, ...headers } };
    }, async (download) => {
      await download.fetch();
      assertComplete(download);
      assert.equal(download.server.asked.length, 1);
    }));
}

Deno.test("a part of the file that nobody asked for is continued from its end", () =>
  downloading((asked) => {
    if (asked.has("Range")) return file(TINY.bytes, asked);
    const headers = { "ETag": '"1"', "Content-Range": `bytes 0-${HALF - 1}/${TINY.bytes.length}` };
    return { status: 206, headers, body: TINY.bytes.subarray(0, HALF) };
  }, async (download) => {
    await download.fetch();
    assertComplete(download);
    assert.deepEqual(download.server.asked.map((asked) => asked.get("Range")), [
      null,
      `bytes=${HALF}-`,
    ]);
  }));

for (
  const [range, given] of [
    ["bytes 7-8/9", / with bytes 7-8\/9, which was not requested/],
    ["bytes 0-8/9", / with bytes 0-8\/9, which was not requested/],
    ["", /Partial Content\)/],
  ] as const
) {
  Deno.test(`a part that nobody asked for and nobody can use (${range}) is named`, () =>
    downloading(() => {
      const headers = range === "" ? {} : { "Content-Range": range };
      return { status: 206, headers, body: TINY.bytes.subarray(0, 2) };
    }, async (download) => {
      await assert.rejects(download.fetch(), (error: Error) => {
        assert.match(error.message, /broke off at 0 of \d+ bytes \(the server answered 206 /);
        assert.match(error.message, given);
        return true;
      });
      assertNothingLeft(download);
    }));
}

Deno.test("a range that begins elsewhere is not taken", () =>
  downloading((asked, count) => {
    if (count === 1) return { ...file(TINY.bytes, asked), sent: HALF };
    if (count === 2) return file(TINY.bytes, new Headers({ "Range": "bytes=7-" }));
    return file(TINY.bytes, asked);
  }, async (download) => {
    await download.fetch();
    assertComplete(download);
    assert.equal(download.server.asked[2]!.get("Range"), null);
  }));

for (const status of [500, 503, 429]) {
  Deno.test(`${status} may pass: it is asked again, a few times`, () =>
    downloading(
      (asked, count) => count < 3 ? { status } : file(TINY.bytes, asked),
      async (download) => {
        await download.fetch();
        assertComplete(download);
      },
    ));
}

Deno.test("a server that is out of order for good is named, with its answer", () =>
  downloading(() => ({ status: 503 }), async (download) => {
    await assert.rejects(
      download.fetch(),
      /tiny\.tgz: the download broke off at 0 of \d+ bytes \(the server answered 503 Service Unavailable\)/,
    );
    assertNothingLeft(download);
  }));

Deno.test("404 is final", () =>
  downloading(() => ({ status: 404 }), async (download) => {
    await assert.rejects(
      download.fetch(),
      /tiny\.tgz: the server answered 404 Not Found; unpack tiny\.tgz from elsewhere into data\/tiny/,
    );
    assert.equal(download.server.asked.length, 1);
    assertNothingLeft(download);
  }));

const PAGE = new TextEncoder().encode("<!DOCTYPE html><title>Log in</title>");

Deno.test("a web page with status 200 is refused, with its first bytes", () =>
  downloading(
    () => ({ headers: { "Content-Type": "text/html" }, body: PAGE }),
    async (download) => {
      await assert.rejects(
        download.fetch(),
        /tiny\.tgz: the answer is not a gzip archive \(first bytes 3c 21 44 4f .*, type text\/html\);/,
      );
      assertNothingLeft(download);
    },
  ));

Deno.test("a web page in the place of the rest leaves what came before as it was", () =>
  downloading(
    (asked, count) => count > 1 ? { body: PAGE } : { ...file(TINY.bytes, asked), sent: HALF },
    async (download) => {
      await assert.rejects(
        download.fetch(),
        /not a gzip archive \(first bytes 3c .*, type unknown\)/,
      );
      assertPartKept(download, HALF);
    },
  ));

Deno.test("a file of another size is refused before it is downloaded", () =>
  downloading(
    () => ({ body: TINY.bytes.subarray(0, HALF) }),
    async (download) => {
      await assert.rejects(
        download.fetch(),
        new RegExp(`the file has ${HALF} bytes, but the archive has ${TINY.bytes.length}`),
      );
      assertNothingLeft(download);
    },
  ));

Deno.test("a body of unknown length that does not end is refused", () =>
  downloading(
    () => ({
      headers: { "Content-Length": "" },
      body: Uint8Array.from([...TINY.bytes, ...TINY.bytes]),
    }),
    async (download) => {
      await assert.rejects(download.fetch(), /more than the \d+ bytes of the archive; it was/);
      assertNothingLeft(download);
    },
  ));

Deno.test("the wrong MD5: the archive is deleted, and the next call begins anew", () =>
  downloading(
    (asked, count) =>
      file(count > 1 ? TINY.bytes : TINY.bytes.map((byte, n) => n < HALF ? byte : 1), asked),
    async (download) => {
      await assert.rejects(download.fetch(), (error: Error) => {
        assert.ok(error instanceof BadArchive);
        assert.match(
          error.message,
          /tiny\.tgz: the download has the MD5 [0-9a-f]{32}, but the archive has/,
        );
        assert.match(error.message, new RegExp(`${download.archive.md5}; it was deleted, run`));
        return true;
      });
      assertNothingLeft(download);
      await download.fetch();
      assertComplete(download);
      assert.equal(download.server.asked[1]!.get("Range"), null);
    },
  ));

Deno.test("other pictures than those expected: nothing is left", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    const { archive } = download;
    for (
      const [wrong, message] of [
        [
          { contentDigest: "0".repeat(64) },
          /the pictures have the digest [0-9a-f]{64} instead of 0/,
        ],
        [{ pictures: { train: 4, val: 2 } }, /train holds 3 pictures instead of 4/],
        [{ folder: "other" }, /train holds 0 pictures instead of 3/],
      ] as const
    ) {
      await assert.rejects(download.fetch({ archive: { ...archive, ...wrong } }), message);
      assertNothingLeft(download);
    }
  }));

for (
  const [title, entry, message] of [
    [
      "a path upwards",
      { name: "tiny/../../out.JPEG" },
      /the path "tiny\/\.\.\/\.\.\/out\.JPEG" may/,
    ],
    ["an absolute path", { name: "/tmp/out.JPEG" }, /the path "\/tmp\/out\.JPEG" may lead out/],
    ["a path of Windows", { name: "tiny\\..\\out" }, /the path "tiny\\\\\.\.\\\\out" may lead out/],
    ["a drive", { name: "C:/out" }, /the path "C:\/out" may lead out/],
    ["a path that clears the screen", { name: "tiny/\x1b[2J" }, /"tiny\/\\u001b\[2J" may lead out/],
    [
      "a symbolic link",
      { type: "symlink", linkname: "/etc" },
      /"tiny\/x" is not a file .* a symlink/,
    ],
    ["a hard link", { type: "link", linkname: "/etc/passwd" }, /not a file or folder, but a link/],
    ["a device", { type: "character-device" }, /not a file or folder, but a character-device/],
    ["a pipe", { type: "fifo" }, /not a file or folder, but a fifo/],
    ["a file twice", { name: "tiny/val/a/3.JPEG" }, /"tiny\/val\/a\/3\.JPEG" is taken by another/],
    ["a file in a file", { name: "tiny/val/a/3.JPEG/4" }, /3\.JPEG\/4" is taken by another entry/],
    [
      "a folder over a file",
      { name: "tiny/val/a/3.JPEG", type: "directory" },
      /is taken by another/,
    ],
    [
      "a file over a folder",
      { name: "tiny/val" },
      /the path "tiny\/val" is taken by another entry/,
    ],
  ] as const
) {
  Deno.test(`an archive with ${title} is refused; nothing is left`, async () => {
    const malicious = await tinyArchive([entry]);
    await downloading((asked) => file(malicious.bytes, asked), async (download) => {
      const archive = malicious.at(download.server.address);
      await assert.rejects(download.fetch({ archive }), (error: Error) => {
        assert.ok(error instanceof BadArchive);
        assert.match(error.message, message);
        assert.match(
          error.message,
          /^http.*: the archive cannot be unpacked, because .* deleted, run/,
        );
        return true;
      });
      assertNothingLeft(download);
    });
  });
}

Deno.test("an archive that unpacks to too much is refused, be it files, bytes or nothing", async () => {
  const many = await tinyArchive(Array.from({ length: 20 }, (_, n) => ({ name: `tiny/${n}` })));
  const bomb = await gzip(new Uint8Array(5_000_000));
  for (
    const [bytes, message] of [
      [many.bytes, /it has more than 20 entries/],
      [bomb, /it unpacks to more than 50000 bytes/],
    ] as const
  ) {
    await downloading((asked) => file(bytes, asked), async (download) => {
      const md5 = createHash("md5").update(bytes).digest("hex");
      const archive = { ...download.archive, bytes: bytes.length, md5 };
      await assert.rejects(download.fetch({ archive }), message);
      assertNothingLeft(download);
    });
  }
});

Deno.test("an archive that is damaged, though its MD5 is right, is refused", async () => {
  const cut = TINY.bytes.subarray(0, HALF);
  await downloading((asked) => file(cut, asked), async (download) => {
    const md5 = createHash("md5").update(cut).digest("hex");
    const archive = { ...download.archive, bytes: cut.length, md5 };
    await assert.rejects(download.fetch({ archive }), /the archive cannot be unpacked, because/);
    assertNothingLeft(download);
  });
});

Deno.test("stopped half way, a call ends with the signal's reason, and the next continues", () =>
  downloading((asked, count) => {
    const answer = file(TINY.bytes, asked);
    return count > 1 ? answer : { ...answer, sent: HALF, end: "hang" };
  }, async (download) => {
    const stop = new AbortController();
    const reason = new Error("stopped by hand");
    const update = (done: number) => {
      if (done === HALF) stop.abort(reason);
    };
    const progress = () => ({ update, stop() {} });
    await assert.rejects(download.fetch({ signal: stop.signal, progress }), reason);
    assertPartKept(download, HALF);
    await download.fetch();
    assertComplete(download);
    assert.equal(download.server.asked[1]!.get("Range"), `bytes=${HALF}-`);
    assert.match(download.lines.at(-1)!, /, of which 0\.0 MB are here$/);
  }));

for (const task of ["unpacking", "checking"]) {
  Deno.test(`stopped while ${task}, a call leaves the archive, and the next does not ask again`, () =>
    downloading((asked) => file(TINY.bytes, asked), async (download) => {
      const stop = new AbortController();
      const progress = (begun: string) => ({
        update: () => begun === task && stop.abort(new Error("stopped by hand")),
        stop() {},
      });
      await assert.rejects(download.fetch({ signal: stop.signal, progress }), /stopped by hand/);
      assertPartKept(download, TINY.bytes.length);
      await download.fetch();
      assertComplete(download);
      assert.equal(download.server.asked.length, 1);
    }));
}

Deno.test("stopped while it waits for the next try, a call ends at once", () =>
  downloading(() => ({ status: 503 }), async (download) => {
    const stop = new AbortController();
    const patience = { ...NO_PAUSES, pauses: [1_000_000_000] };
    const log = (line: string) => line.includes("trying again") && stop.abort(new Error("stopped"));
    await assert.rejects(download.fetch({ patience, log, signal: stop.signal }), /stopped/);
    assertNothingLeft(download);
  }));

Deno.test("progress is shown of the download, of unpacking and of the check, to the end", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    const shown: Record<string, [number, number]> = {};
    let running = 0;
    const progress: FetchOptions["progress"] = (task) => {
      running++;
      return {
        update: (done, total) => shown[task] = [done, total],
        stop: () => void running--,
      };
    };
    await download.fetch({ progress });
    assert.deepEqual(shown, {
      downloading: [TINY.bytes.length, TINY.bytes.length],
      unpacking: [5, 5],
      checking: [5, 5],
    });
    assert.equal(running, 0);
  }));

Deno.test("what a killed process left is cleared away, and what is of use is used", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    const work = `${download.folder}/tiny.download`;
    await Deno.mkdir(`${work}/unpacked/tiny/train/stray`, { recursive: true });
    await Deno.writeTextFile(`${work}/unpacked/tiny/train/stray/1.JPEG`, "half a picture");
    await Deno.writeFile(`${work}/archive.tgz.part`, TINY.bytes.subarray(0, HALF));
    await Deno.writeTextFile(`${work}/archive.tgz.part.version`, '"1"');
    await download.fetch();
    assertComplete(download);
    assert.equal(download.server.asked[0]!.get("Range"), `bytes=${HALF}-`);
  }));

Deno.test("a folder with another number of pictures is left alone, and named", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    await download.fetch();
    await Deno.remove(`${download.folder}/tiny/val/a/3.JPEG`);
    await assert.rejects(
      download.fetch(),
      /\/tiny: val holds 1 pictures instead of 2; move .* replace it by deno task fetch tiny --repair/,
    );
    assert.equal(download.server.asked.length, 1);
  }));

Deno.test("--repair replaces a folder only if a picture is missing or changed", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    const { folder, server, fetch } = download;
    await fetch();
    await Deno.writeTextFile(`${folder}/tiny/notes.txt`, "mine");
    await fetch({ repair: true });
    assert.equal(server.asked.length, 1);
    assert.ok(namesIn(`${folder}/tiny`).includes("notes.txt"));

    await Deno.writeTextFile(`${folder}/tiny/val/a/3.JPEG`, "changed");
    await fetch();
    assert.equal(server.asked.length, 1, "a call without --repair counts, and no more");
    await fetch({ repair: true });
    assertComplete(download);
    assert.ok(!namesIn(`${folder}/tiny`).includes("notes.txt"));

    await Deno.remove(`${folder}/tiny/val`, { recursive: true });
    await fetch({ repair: true });
    assertComplete(download);
    assert.equal(server.asked.length, 3);
    assert.match(download.lines.at(-2)!, /\/tiny: val holds 0 pictures instead of 2; it will be/);
  }));

Deno.test("a repair that fails leaves the folder as it was", () =>
  downloading(
    (asked, count) => count > 1 ? { status: 404 } : file(TINY.bytes, asked),
    async (download) => {
      await download.fetch();
      await Deno.remove(`${download.folder}/tiny/val/a/3.JPEG`);
      await assert.rejects(download.fetch({ repair: true }), /answered 404/);
      assert.deepEqual(namesIn(download.folder), ["tiny"]);
      assert.deepEqual(namesIn(`${download.folder}/tiny/train/a`), ["1.JPEG", "2.JPEG"]);
    },
  ));

Deno.test("a host that is not there is unreachable, and named", () =>
  inTemporaryFolder(async (folder) => {
    let address: string;
    {
      await using server = serve(() => ({}));
      address = server.address;
    }
    const lines: string[] = [];
    const fetching = fetchDataset(tinyDataset(TINY.at(address)), {
      folder: `${folder}/tiny`,
      patience: NO_PAUSES,
      log: (line) => lines.push(line),
    });
    await assert.rejects(fetching, (error: Error) => {
      assert.ok(error instanceof HostUnreachable);
      assert.match(
        error.reason,
        /^127\.0\.0\.1:\d+ cannot be reached \(.*[Cc]onnection refused.*\)$/,
      );
      assert.ok(error.message.includes(error.reason));
      assert.match(error.message, /tiny\.tgz: .*; check the network .* unpack tiny\.tgz from else/);
      return true;
    });
    assert.equal(lines.length, 2, "two tries");
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("a host that says nothing is unreachable after one try", () =>
  downloading(() => new Promise<Answer>(() => {}), async (download) => {
    const patience = { ...NO_PAUSES, answer: 50 };
    await assert.rejects(download.fetch({ patience }), (error: Error) => {
      assert.ok(error instanceof HostUnreachable);
      assert.match(error.message, /cannot be reached \(no answer within 0\.05 s\)/);
      return true;
    });
    assertNothingLeft(download);
  }));

Deno.test("a host that falls silent after it has answered is not unreachable", () =>
  downloading((asked, count) => {
    if (count > 1) return new Promise<Answer>(() => {});
    return { ...file(TINY.bytes, asked), sent: HALF };
  }, async (download) => {
    const patience = { ...NO_PAUSES, answer: 3000, pauses: [0] };
    await assert.rejects(download.fetch({ patience }), (error: Error) => {
      assert.ok(!(error instanceof HostUnreachable));
      assert.match(error.message, /broke off at \d+ of \d+ bytes \(no answer within 3 s\)/);
      return true;
    });
    assertPartKept(download, HALF);
  }));

/** Lets one method fail as on a full disk, after it has worked some times. */
function fullDisk(after: number): Disposable {
  const { write } = Deno.FsFile.prototype;
  let times = 0;
  Deno.FsFile.prototype.write = function (bytes) {
    if (times++ < after) return write.call(this, bytes);
    return Promise.reject(
      Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }),
    );
  };
  return { [Symbol.dispose]: () => void (Deno.FsFile.prototype.write = write) };
}

Deno.test("a full disk is an error that says how much is needed", () =>
  downloading((asked) => file(TINY.bytes, asked), async (download) => {
    const archive = { ...download.archive, limits: { entries: 20, bytes: 1_300_000 } };
    const needed =
      /disk is full \(No space .*; tiny\.tgz needs 1\.3 MB of free space while it is unpacked/;
    {
      using _full = fullDisk(0);
      await assert.rejects(download.fetch({ archive }), (error: Error) => {
        assert.match(error.message, /\/tiny\.download\/archive\.tgz\.part: cannot be written/);
        assert.match(error.message, needed);
        return true;
      });
      assertPartKept(download, 0);
    }
    await assert.rejects(
      download.fetch({
        archive,
        progress: (task) => {
          const full = task === "unpacking" ? fullDisk(2) : undefined;
          return { update() {}, stop: () => full?.[Symbol.dispose]() };
        },
      }),
      (error: Error) => {
        assert.match(error.message, /\/unpacked\/tiny\/train\/b\/1\.JPEG: cannot be written/);
        assert.match(error.message, needed);
        return true;
      },
    );
    assertPartKept(download, TINY.bytes.length);
    await download.fetch({ archive });
    assertComplete(download);
    assert.equal(download.server.asked.length, 2, "the archive was there");
  }));

Deno.test("a folder that cannot be written to is named", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(
      fetchDataset(tinyDataset(TINY.at("http://127.0.0.1")), { folder: `${folder}/file/tiny` }),
      /\/file\/tiny: cannot be written .* choose a folder that can be written to/,
    );
    assert.deepEqual(namesIn(folder), ["file"]);
  }));
