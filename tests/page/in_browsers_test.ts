import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { CHROMIUM } from "./chromium.ts";
import { FIREFOX } from "./firefox.ts";

const TESTS = fromFileUrl(new URL("./in_browsers.ts", import.meta.url));

// A process of its own, because playwright looks into /proc, which Deno allows nobody who may not
// do everything.
Deno.test({
  name: "a page works in browsers: all tests of in_browsers.ts",
  ignore: CHROMIUM === undefined && FIREFOX === undefined,
  async fn() {
    const args = ["test", "--allow-all", "--quiet", TESTS];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
    assert.ok(success, said);
  },
});
