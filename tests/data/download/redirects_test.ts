/**
 * Answers that lead on to another address: of mirrors, of networks that want a login, of servers
 * that are out of order.
 *
 * @module
 */
import assert from "node:assert/strict";
import { HostUnreachable } from "../../../src/data/download/errors.ts";
import { fetchDataset, type FetchOptions } from "../../../src/data/download/fetch_dataset.ts";
import { openDataset } from "../../../src/data/open_dataset.ts";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";
import { type Answer, type Asked, file, serve } from "./misbehaving_server.ts";
import { tinyArchive, tinyDataset } from "./tiny_archive.ts";

const TINY = await tinyArchive();
const NO_PAUSES = { answer: 20_000, bytes: 20_000, slowest: 1, pauses: [0, 0, 0] };

/** What a process may that is allowed one host. */
const ONE_HOST: Deno.PermissionOptions = {
  net: ["127.0.0.1"],
  read: true,
  write: true,
  env: true,
};

/** Downloads from a server that behaves as said into a folder, where nothing is left if it fails. */
async function downloading(
  answer: (asked: Asked, count: number) => Answer,
  test: (
    fetch: (options?: FetchOptions) => Promise<string>,
    server: { readonly address: string; readonly asked: readonly Asked[] },
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    await using server = serve(answer);
    const fetch = (options: FetchOptions = {}) =>
      fetchDataset(tinyDataset(TINY.at(server.address)), {
        folder: `${folder}/tiny`,
        patience: NO_PAUSES,
        ...options,
      });
    await test(fetch, server, folder);
  });
}

function leadingTo(location: string, status = 302): Answer {
  return { status, headers: { "Location": location } };
}

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`${status}: the archive is taken from where the answer leads`, async () => {
    await using mirror = serve((asked) => file(TINY.bytes, asked));
    await downloading(
      () => leadingTo(`${mirror.address}/copy.tgz`, status),
      async (fetch, _server, folder) => {
        await fetch();
        assert.deepEqual(namesIn(folder), ["tiny"]);
      },
    );
  });
}

Deno.test("a path alone leads on to the same host", () =>
  downloading(
    (asked, count) => count === 1 ? leadingTo("elsewhere.tgz") : file(TINY.bytes, asked),
    async (fetch, { asked }) => {
      await fetch();
      assert.equal(asked.length, 2);
    },
  ));

const LOGIN = "http://login.example/?from=s3";
const MAY_NOT =
  /the answer redirects to http:\/\/login\.example, which this program may not access; the network may require a login/;

Deno.test({
  name: "an answer that leads to a host that may not be asked is said to, as a network's login is",
  permissions: ONE_HOST,
  fn: () =>
    downloading(() => leadingTo(LOGIN), async (fetch, { asked }, folder) => {
      await assert.rejects(fetch(), (error: Error) => {
        assert.ok(error instanceof HostUnreachable);
        assert.match(error.message, /127\.0\.0\.1:\d+ cannot be reached \(the answer redirects/);
        assert.match(error.message, MAY_NOT);
        assert.doesNotMatch(error.message, /--allow-net|from=s3/);
        return true;
      });
      assert.equal(asked.length, 2, "two tries");
      assert.deepEqual(namesIn(folder), []);
    }),
});

Deno.test({
  name: "behind a network's login, the embedded data set is used instead of the usual one",
  permissions: ONE_HOST,
  fn: () =>
    downloading(() => leadingTo(LOGIN), async (fetch, _server, folder) => {
      const before = Deno.env.get("IMAGENETTE_DIR");
      Deno.env.set("IMAGENETTE_DIR", "");
      try {
        const told: string[] = [];
        const { name, substitution } = await openDataset({}, {
          onSubstitution: (sentence) => told.push(sentence),
          sources: {
            dataFolder: folder,
            fetch: (_dataset, { signal: _signal, ...options }) =>
              fetch({ ...options, folder: `${folder}/tiny` }),
            embedded: ({ name, groups, categoryNames }, root) =>
              Promise.resolve({
                name,
                root,
                groups,
                categoryNames,
                splits: { train: [], test: [] },
                leftOut: [],
              }),
          },
        });
        assert.equal(name, "gestures");
        assert.match(substitution!, MAY_NOT);
        assert.match(substitution!, /so the embedded data set gestures is used instead\.$/);
        assert.deepEqual(told, [substitution]);
      } finally {
        if (before === undefined) Deno.env.delete("IMAGENETTE_DIR");
        else Deno.env.set("IMAGENETTE_DIR", before);
      }
    }),
});

Deno.test({
  name: "a network's login half way leaves what came, and the host is not called unreachable",
  permissions: ONE_HOST,
  fn: () =>
    downloading(
      (asked) => asked.has("Range") ? leadingTo(LOGIN) : { ...file(TINY.bytes, asked), sent: 100 },
      async (fetch, _server, folder) => {
        await assert.rejects(fetch(), (error: Error) => {
          assert.ok(!(error instanceof HostUnreachable));
          assert.match(error.message, /broke off at 100 of \d+ bytes \(the answer redirects/);
          return true;
        });
        assert.deepEqual(namesIn(folder), ["tiny.download"]);
      },
    ),
});

Deno.test("where an answer leads to nobody, that is named", async () => {
  let address: string;
  {
    await using gone = serve(() => ({}));
    address = gone.address;
  }
  await downloading(() => leadingTo(address), async (fetch) => {
    await assert.rejects(
      fetch(),
      new RegExp(
        `cannot be reached \\(the answer redirects to ${address}, .*[Cc]onnection refused`,
      ),
    );
  });
});

for (
  const [what, location, message] of [
    [
      "in a circle",
      "/tiny.tgz",
      /the server redirects in a circle, back to http:.*\/tiny\.tgz; unpack/,
    ],
    [
      "to FTP",
      "ftp://x/tiny.tgz",
      /the server redirects to "ftp:\/\/x\/tiny\.tgz", which is no web address/,
    ],
    [
      "to a file",
      "file:///etc/passwd",
      /redirects to "file:\/\/\/etc\/passwd", which is no web address; un/,
    ],
    [
      "to a script",
      "javascript:alert(1)",
      /redirects to "javascript:alert\(1\)", which is no web address/,
    ],
    ["to data", "data:text/plain,x", /redirects to "data:text\/plain,x", which is no web address/],
    ["to nothing", "http://", /redirects to "http:\/\/", which is no web address/],
  ] as const
) {
  Deno.test(`a server that leads ${what} is out of order, and not out of reach`, () =>
    downloading(() => leadingTo(location), async (fetch, { asked }, folder) => {
      await assert.rejects(fetch(), (error: Error) => {
        assert.ok(!(error instanceof HostUnreachable));
        assert.match(error.message, message);
        assert.match(error.message, /^http.*\/tiny\.tgz: .*; unpack tiny\.tgz from elsewhere/);
        return true;
      });
      assert.equal(asked.length, 1);
      assert.deepEqual(namesIn(folder), []);
    }));
}

Deno.test("a server that leads on and on is out of order", () =>
  downloading((_asked, count) => leadingTo(`/${count}`), async (fetch) => {
    await assert.rejects(fetch(), /the server redirects more than 10 times; unpack/);
  }));

Deno.test("an answer that should lead on and does not say where is named", () =>
  downloading(() => ({ status: 302 }), async (fetch) => {
    await assert.rejects(fetch(), /the server answered 302 .*; unpack/);
  }));
