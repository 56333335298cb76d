import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/open_set.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("open-set figures agree with the reference", () => assertAgrees("open_set", run));

Deno.test("the open-set runner reports a curve that lacks a point", async () => {
  const [first] = await vectors("open_set") as { oscr: { fpr: number[] } }[];
  first!.oscr.fpr.pop();
  const failed = (await run([first])).filter(({ error, tolerance }) => !(error <= tolerance));
  assert.deepEqual(failed.map(({ name }) => name), ["case 0, oscr fpr"]);
});
