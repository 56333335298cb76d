import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { onSimd } from "./on_backends.ts";
import project from "../../deno.json" with { type: "json" };

const FLAGS = /--v8-flags=\S+/.exec(project.tasks.reproduce)?.[0];

for (
  const file of [
    "kernels_test.ts",
    "kernels",
    "training_step_test.ts",
    "../tools/golden/command_test.ts",
  ]
) {
  Deno.test(`with the V8 flags of the tasks all tests pass too: ${file}`, async () => {
    assert.ok(FLAGS, "the task reproduce sets no V8 flags");
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        FLAGS,
        "--quiet",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-sys",
        "--allow-ffi",
        fromFileUrl(new URL(file, import.meta.url)),
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const output = new TextDecoder().decode(stdout);
    assert.equal(code, 0, output);
    assert.match(output, /[1-9]\d* passed/);
  });
}

Deno.test("training gives the same bits with the V8 flags of the tasks and without", async () => {
  const program = fromFileUrl(new URL("trained_bits.ts", import.meta.url));
  const bits = async (...flags: string[]) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, "--quiet", "--no-check", "--allow-read", "--allow-env", program],
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  };
  const without = await bits();
  assert.match(without, /^[0-9a-f]{64}\n$/);
  assert.equal(await bits(FLAGS!), without);
});

Deno.test("the task checked sets no V8 flags, and a kernel that reads outside of memory then traps", async () => {
  assert.doesNotMatch(project.tasks.checked, /v8-flags/);
  await onSimd(({ pool }) => {
    assert.throws(() => pool.run("relu", 1, [0xffff_0000, 1024, 4]), {
      name: "RuntimeError",
      message: /out of bounds/,
    });
  });
});
