import assert from "node:assert/strict";
import { runAdam, runSchedule } from "../../../src/tools/golden/optimiser.ts";
import { assertAgrees, vectors } from "./vectors.ts";

Deno.test("every Adam step agrees with fastai's", () => assertAgrees("adam", runAdam));

Deno.test("the Adam runner reports another weight decay", async () => {
  const [first] = await vectors("adam") as [{ wd: number }];
  const comparisons = await runAdam([{ ...first, wd: 0.3 }]);
  assert.ok(comparisons.some(({ error, tolerance }) => error > tolerance));
});

Deno.test("learning rates and momentum of every batch agree with fastai's", () =>
  assertAgrees("schedule", runSchedule));

Deno.test("the schedule runner reports learning rates that the reference has and we do not", async () => {
  const [first] = await vectors("schedule") as [{ phases: { rows: { lr: number[] }[] }[] }];
  first.phases[0]!.rows[0]!.lr.push(1e-3);
  const [comparison] = await runSchedule([first]);
  assert.ok(Number.isNaN(comparison!.error));
});
