import assert from "node:assert/strict";
import { compileKernels, KERNELS_FILE } from "../../src/backend/wasm/build.ts";

Deno.test("the committed kernels.wasm is what its sources compile to", async () => {
  const committed = await Deno.readFile(KERNELS_FILE);
  const compiled = await compileKernels();
  assert.ok(
    committed.length === compiled.length && committed.every((byte, i) => byte === compiled[i]),
    `${KERNELS_FILE} is out of date; run \`deno task build-kernels\``,
  );
});
