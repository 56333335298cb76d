import assert from "node:assert/strict";
import { basename } from "node:path";
import { compileKernels, DENO, WEB_PAGE } from "../../src/backend/wasm/build.ts";

for (const target of [DENO, WEB_PAGE]) {
  Deno.test(`the committed ${basename(target.file)} is what its sources compile to`, async () => {
    const committed = await Deno.readFile(target.file);
    const compiled = await compileKernels(target);
    assert.ok(
      committed.length === compiled.length && committed.every((byte, i) => byte === compiled[i]),
      `${target.file} is out of date; run \`deno task build-kernels\``,
    );
  });
}
