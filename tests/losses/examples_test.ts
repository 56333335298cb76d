import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";

const LOSSES = fromFileUrl(new URL("../../src/losses", import.meta.url));
const PROJECT = fromFileUrl(new URL("../../", import.meta.url));

Deno.test("the examples in the losses' comments have the right types, and run", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--doc", "--quiet", "--no-prompt", "--cached-only", "src/losses"],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, output);
  const files = [...Deno.readDirSync(LOSSES)].map(({ name }) => name);
  const withExample = files.filter((name) =>
    Deno.readTextFileSync(join(LOSSES, name)).includes("@example")
  );
  assert.notEqual(withExample.length, 0);
  for (const name of withExample) assert.match(output, new RegExp(`/${name}.*ok`));
});
