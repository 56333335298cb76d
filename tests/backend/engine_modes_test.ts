import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import project from "../../deno.json" with { type: "json" };

const FLAGS = /--v8-flags=\S+/.exec(project.tasks.reproduce)?.[0];

for (const file of ["kernels_test.ts", "training_step_test.ts"]) {
  Deno.test(`with the V8 flags of the tasks all tests pass too: ${file}`, async () => {
    assert.ok(FLAGS, "the task reproduce sets no V8 flags");
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        FLAGS,
        "--quiet",
        "--no-check",
        "--allow-read",
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
