import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { CHROMIUM } from "./chromium.ts";

const TESTS = fromFileUrl(new URL("./in_chromium.ts", import.meta.url));

// A process of its own, because playwright looks into /proc, which Deno allows nobody who may not
// do everything.
Deno.test({
  name: "a page works in Chromium: all tests of in_chromium.ts",
  ignore: CHROMIUM === undefined,
  async fn() {
    const args = ["test", "--allow-all", "--quiet", TESTS];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
    assert.ok(success, said);
  },
});
