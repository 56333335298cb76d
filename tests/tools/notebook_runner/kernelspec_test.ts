import assert from "node:assert/strict";
import kernelspec from "../../../src/notebooks/jupyter/kernels/deno/kernel.json" with {
  type: "json",
};

const read = (path: string) => Deno.readTextFile(new URL(`../../../${path}`, import.meta.url));

Deno.test("Jupyter gets the Deno that CI tests with, and the flags that make the engine fast", async () => {
  const [, version] = (await read(".ci/run")).match(/npx --yes (deno@[\d.]+)/)!;
  assert.deepEqual(kernelspec.argv.slice(0, 3), ["npx", "--yes", version]);
  assert.equal(kernelspec.language, "typescript");
  const { tasks } = JSON.parse(await read("deno.json"));
  assert.ok(tasks.reproduce.includes(`--v8-flags=${kernelspec.env.DENO_V8_FLAGS} `));
});
