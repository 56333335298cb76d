import assert from "node:assert/strict";
import { bce, bceNa, bcena, ce } from "../src/article/experiments.ts";
import {
  checkExperiments,
  describe,
  hasNaOutput,
  startOf,
  trainsUnknown,
} from "../src/experiments.ts";
import { entropicOpenSet } from "../src/losses/entropic_open_set.ts";

Deno.test("describe() is plain data that says all but the profile", () => {
  const description = describe(bcena);
  assert.deepEqual(JSON.parse(JSON.stringify(description)), description);
  assert.deepEqual({ ...description, network: description.network.name }, {
    name: "bcena",
    title: "BCENa",
    loss: { name: "bcena", title: "BCENa" },
    activation: "sigmoid",
    naTarget: "zeros",
    trainingGroups: ["known", "unknown"],
    decision: "threshold 0.4",
    network: "xresnet18",
    start: { stem: "imagewoof" },
  });
});

Deno.test("an experiment's start goes before its profile's, and a body of its own replaces it all", () => {
  const { profile } = bcena;
  assert.deepEqual(startOf({ profile, start: {} }), { stem: "imagewoof" });
  assert.deepEqual(startOf({ profile, start: { head: "DIR" } }), {
    stem: "imagewoof",
    head: "DIR",
  });
  assert.deepEqual(startOf({ profile, start: { stem: "random" } }), { stem: "random" });
  assert.deepEqual(startOf({ profile, start: { body: "random" } }), { body: "random" });
  const transferred = { ...profile, start: { body: "imagewoof" } };
  assert.deepEqual(startOf({ profile: transferred, start: { stem: "DIR" } }), {
    body: "imagewoof",
    stem: "DIR",
  });
});

Deno.test("what unknown pictures are trained to follows from the loss, if they are trained at all", () => {
  const entropic = { ...bcena, loss: entropicOpenSet };
  for (
    const [experiment, naTarget, naOutput] of [
      [ce, "untrained", false],
      [bce, "untrained", false],
      [bceNa, "output", true],
      [bcena, "zeros", true],
      [entropic, "uniform", false],
    ] as const
  ) {
    const description = describe(experiment);
    assert.equal(description.naTarget, naTarget);
    assert.equal(hasNaOutput(description), naOutput);
    assert.equal(trainsUnknown(experiment), naTarget !== "untrained");
  }
});

Deno.test("checkExperiments() wants names that folders can have, each once", () => {
  checkExperiments([ce, bce, bceNa, bcena]);
  assert.throws(() => checkExperiments([ce, bce, ce]), /two experiments are named "ce"/);
  for (const name of ["", "a/b", "..", ".hidden"]) {
    assert.throws(() => checkExperiments([{ ...ce, name }]), /results cannot lie in a folder/);
  }
});
