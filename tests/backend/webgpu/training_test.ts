import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { onSimd } from "../on_backends.ts";
import { trainTiny } from "../tiny_training.ts";

/**
 * In a process of its own: software drivers may crash while a process ends, after all is done, so
 * what it printed counts and its exit code does not.
 */
async function lossesOnWebGpu(): Promise<number[] | null> {
  const program = fromFileUrl(new URL("training_losses.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-env", "--allow-sys", program],
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const line = text(stdout).trim();
  assert.notEqual(line, "", `nothing was printed: ${text(stderr)}`);
  return JSON.parse(line);
}

const losses = await lossesOnWebGpu();
const note = losses ? "" : " (ignored: no WebGPU adapter; Debian: mesa-vulkan-drivers)";

Deno.test({
  name: `twelve training steps on webgpu follow those on simd${note}`,
  ignore: losses === null,
  async fn() {
    const simd = await onSimd(() => trainTiny(4));
    assert.equal(losses!.length, simd.losses.length);
    simd.losses.forEach((loss, i) => {
      assert.ok(Math.abs(loss - losses![i]!) < 1e-3, `${losses} and ${simd.losses}`);
    });
  },
});
