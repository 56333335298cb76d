import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { CATALOGUE, DEFAULT_DATASET } from "../../../src/data/catalogue.ts";
import { isArchived } from "../../../src/data/catalogue_entry.ts";
import { inTemporaryFolder, namesIn } from "../../temporary_folder.ts";
import { serve } from "./misbehaving_server.ts";

const PROJECT = fromFileUrl(new URL("../../../", import.meta.url));

/** Runs the task as a clone without data does, behind a proxy. */
async function fetchTask(
  folder: string,
  proxy: string,
  ...args: string[]
): Promise<{ code: number; out: string; error: string }> {
  for (const name of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(`${PROJECT}/${name}`, `${folder}/${name}`);
  }
  await Deno.symlink(`${PROJECT}/src`, `${folder}/src`);
  await Deno.mkdir(`${folder}/data`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "fetch", ...args],
    cwd: folder,
    env: { HTTPS_PROXY: proxy, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

for (const { name, archive } of CATALOGUE.filter(isArchived)) {
  Deno.test(`deno task fetch ${name} says on its few permissions that there is no network`, () =>
    withoutNetwork([name], archive.url));
}

Deno.test("deno task fetch without a name is for the default data set", () =>
  withoutNetwork([], DEFAULT_DATASET.archive.url));

function withoutNetwork(args: string[], url: string): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    let proxy: string;
    {
      await using server = serve(() => ({}));
      proxy = server.address;
    }
    const { code, out, error } = await fetchTask(folder, proxy, ...args);
    const line = error.split("\n").find((line) => line.startsWith("error: "));
    assert.ok(line?.startsWith(`error: ${url}: s3.amazonaws.com cannot be reached (`), error);
    assert.doesNotMatch(error, /^\s+at /m, "a stack trace");
    assert.equal(out, "");
    assert.equal(code, 1);
    assert.deepEqual(namesIn(`${folder}/data`), []);
  });
}

Deno.test("deno task fetch --help tells of --repair", () =>
  inTemporaryFolder(async (folder) => {
    const { code, out } = await fetchTask(folder, "http://127.0.0.1:9", "--help");
    assert.match(out, /--repair +check every picture/);
    assert.equal(code, 0);
  }));
