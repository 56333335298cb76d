import assert from "node:assert/strict";
import { EXPERIMENT_NAMES, experimentNamed, EXPERIMENTS } from "../src/experiments.ts";

Deno.test("the experiments are those of the article, plain classification with both losses", () => {
  assert.deepEqual(EXPERIMENT_NAMES, ["ce", "bce", "bce-na", "bcena"]);
  assert.deepEqual(EXPERIMENTS.map(({ name }) => name), EXPERIMENT_NAMES);
  for (const { name, naClass, trainingGroups } of EXPERIMENTS) {
    assert.equal(naClass, trainingGroups.includes("unknown"), `${name}: na is what unknown gets`);
    assert.ok(!trainingGroups.includes("unseen"), `${name} must not train on unseen pictures`);
  }
});

Deno.test("an experiment is found by its name, and a wrong name lists those there are", () => {
  assert.equal(experimentNamed("bcena").loss.name, "bcena");
  assert.throws(() => experimentNamed("bcna"), /unknown experiment "bcna".*ce, bce, bce-na, bcena/);
});
