import assert from "node:assert/strict";
import { EXPERIMENTS, named, PROFILES } from "../src/catalogue.ts";
import { checkExperiments } from "../src/experiments.ts";

Deno.test("the experiments of the command line can stand in one report, and none trains unseen pictures", () => {
  checkExperiments(EXPERIMENTS);
  for (const { name, trainingGroups } of EXPERIMENTS) {
    assert.ok(!trainingGroups.includes("unseen"), name);
  }
});

Deno.test("named() finds one by its name, and a wrong name lists those there are", () => {
  assert.equal(named("experiment", EXPERIMENTS, "bcena").loss.name, "bcena");
  assert.equal(named("profile", PROFILES, "quick").size, 64);
  for (const name of ["slow", "", "toString"]) {
    assert.throws(() => named("profile", PROFILES, name), {
      message: `unknown profile "${name}"; there are ${
        PROFILES.map(({ name }) => name).join(", ")
      }`,
    });
  }
});

Deno.test("named() refuses two of one name, unless they are the same", () => {
  const [first] = PROFILES;
  const other = { ...first!, size: 8 };
  assert.equal(named("profile", [...PROFILES, first!], first!.name), first);
  assert.throws(() => named("profile", [...PROFILES, other], other.name), {
    message: `two profiles are named "${other.name}"; give one of them another name`,
  });
});
