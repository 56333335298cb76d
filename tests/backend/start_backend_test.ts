import assert from "node:assert/strict";
import { BACKEND_NAMES, startBackend, stopBackend } from "../../src/backend/start_backend.ts";

for (const name of ["auto", "simd", "cpu"] as const) {
  Deno.test(`${name} asks for no GPU, whose driver would print to the terminal`, async () => {
    const gpu = Object.getOwnPropertyDescriptor(navigator, "gpu");
    Object.defineProperty(navigator, "gpu", {
      configurable: true,
      get: () => assert.fail("a GPU is asked for"),
    });
    try {
      const backend = await startBackend(name, 2);
      const expected = name === "cpu" ? ["cpu", 1] : ["simd", 2];
      assert.deepEqual([backend.name, backend.threads], expected);
    } finally {
      await stopBackend();
      delete (navigator as { gpu?: GPU }).gpu;
      if (gpu) Object.defineProperty(navigator, "gpu", gpu);
    }
  });
}

Deno.test("a backend that does not exist is an error, also where types are not checked", async () => {
  for (const name of [undefined, "gpu", ""]) {
    await assert.rejects(startBackend(name as never), {
      name: "RangeError",
      message: `backend "${name}": not one of ${BACKEND_NAMES.join(", ")}`,
    });
  }
});
