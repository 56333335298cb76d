import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/adam.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("every Adam step agrees with fastai's", () => assertAgrees("adam", run));

Deno.test("the Adam runner reports another weight decay", async () => {
  const [first] = await vectors("adam") as [{ wd: number }];
  const comparisons = await run([{ ...first, wd: 0.3 }]);
  assert.ok(comparisons.some(({ error, tolerance }) => error > tolerance));
});
