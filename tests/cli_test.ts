import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";

const CLI = fromFileUrl(new URL("../src/cli.ts", import.meta.url));

/** Runs the command line as the tasks of `deno.json` do. */
async function cli(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const permissions = ["read", "write", "env", "sys", "ffi"].map((name) => `--allow-${name}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, CLI, ...args],
    env: { NO_COLOR: "1", IMAGENETTE_DIR: "/nowhere" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

Deno.test("golden exits with 0 when the code agrees, on the permissions of its task", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const losses = new URL("./golden/losses.json", import.meta.url);
    await Deno.copyFile(losses, `${folder}/losses.json`);
    const { code, out } = await cli("golden", folder, "--backend", "simd");
    assert.match(out, /^ok {4}losses\.json/m);
    assert.equal(code, 0);

    const wrong = (await Deno.readTextFile(losses)).replace(/"loss": ?3/, '"loss": 4');
    assert.notEqual(wrong, await Deno.readTextFile(losses));
    await Deno.writeTextFile(`${folder}/losses.json`, wrong);
    const failed = await cli("golden", folder, "--backend", "cpu");
    assert.match(failed.out, /^FAIL {2}losses\.json/m);
    assert.equal(failed.code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [args, message] of [
    [["reproduce", "--only", "ce,bcna"], /unknown experiment "bcna"/],
    [["reproduce", "--seeds", "1,x"], /seeds are whole numbers/],
    [["reproduce", "--threads", "0"], /a whole number from 1/],
    [["reproduce", "--profile", "slow"], /Allowed choices are article, quick/],
    [["reproduce", "--sedes", "1"], /unknown option '--sedes'/],
    [["reproduce"], /IMAGENETTE_DIR=\/nowhere: no Imagenette there/],
    [["report", "/nowhere"], /no finished run there/],
  ] as const
) {
  Deno.test(`a wrong command line is one error line and exit code 1: ${args.join(" ")}`, async () => {
    const { code, error } = await cli(...args);
    assert.match(error, message);
    assert.doesNotMatch(error, /^\s+at /m, "a stack trace");
    assert.equal(code, 1);
  });
}
