import assert from "node:assert/strict";
import { run } from "../../../src/tools/golden/schedule.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("learning rates and momentum of every batch agree with fastai's", () =>
  assertAgrees("schedule", run));

Deno.test("the schedule runner reports learning rates that the reference has and we do not", async () => {
  const [first] = await vectors("schedule") as [{ phases: { rows: { lr: number[] }[] }[] }];
  first.phases[0]!.rows[0]!.lr.push(1e-3);
  const [comparison] = await run([first]);
  assert.ok(Number.isNaN(comparison!.error));
});
