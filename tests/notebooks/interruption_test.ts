import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { Kernel } from "../../src/tools/notebook_runner/kernel.ts";

const NOTEBOOKS = fromFileUrl(new URL("../../notebooks", import.meta.url));

Deno.test("a kernel outlives an interruption while nothing trains, and works on", async () => {
  await using kernel = await Kernel.start({ folder: NOTEBOOKS });
  const run = async (code: string) => {
    const { reply, broadcasts } = await kernel.execute(code);
    assert.equal(reply.status, "ok");
    return broadcasts;
  };
  await run('import { show } from "unknown/notebooks/mod.ts"; const answer = 42;');
  await run('Deno.kill(Deno.pid, "SIGINT"); await new Promise((done) => setTimeout(done, 300));');
  const broadcasts = await run("await show(String(answer));");
  assert.ok(JSON.stringify(broadcasts).includes('"text/plain":"42"'));
});
