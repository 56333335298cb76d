import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { TrainingPhase } from "../../src/profiles.ts";
import { requireFittingGroups, trainedParameters } from "../../src/training/parameter_groups.ts";
import { CLASSES, TINY_NETWORK, TINY_PROFILE } from "./synthetic_data.ts";

await tf.setBackend("cpu");

const NETWORK = TINY_NETWORK.build(CLASSES, 1);
const [PHASE] = TINY_PROFILE.phases as [TrainingPhase];

Deno.test("a frozen group keeps all but its batch norms, the others nothing", () => {
  for (const frozen of [[], ["stem"], ["stages", "head"], ["stem", "stages", "head"]]) {
    const trained = trainedParameters(NETWORK, { ...PHASE, frozen });
    for (const parameter of NETWORK.parameters) {
      const { name, group, kind } = parameter;
      const isKept = frozen.includes(group) && kind !== "batch norm";
      assert.equal(trained.includes(parameter), !isKept, `${name} with ${frozen} frozen`);
    }
  }
});

Deno.test("a group says which kinds of its parameters are kept while it is frozen", () => {
  const whole = NETWORK.groups.map(({ name }) => ({
    name,
    frozenKinds: ["convolution", "linear", "batch norm"] as const,
  }));
  const { parameters } = NETWORK;
  const network = Object.create(NETWORK, {
    groups: { value: whole },
    parameters: { value: parameters },
  });
  const trained = trainedParameters(network, { ...PHASE, frozen: ["stem", "stages"] });
  assert.deepEqual(trained, parameters.filter(({ group }) => group === "head"));
});

Deno.test("a phase without a learning rate for a group, or that freezes a strange one, is refused", () => {
  const refused = (change: Partial<TrainingPhase>) => () =>
    requireFittingGroups({ ...TINY_PROFILE, phases: [{ ...PHASE, ...change }] }, NETWORK);
  const there = 'network "tiny" has the groups stem, stages, head';
  const schedule = { ...PHASE.schedule, maxLearningRates: { stem: 1e-3, body: 1e-3, head: 1e-3 } };
  assert.throws(refused({ schedule }), {
    message: 'phase "frozen" of profile "tiny" has no learning rate for the group "stages"; ' +
      `${there}: give a number for each, or one for all`,
  });
  assert.throws(refused({ frozen: ["stem", "body"] }), {
    message: 'phase "frozen" of profile "tiny" freezes a group "body"; ' +
      `${there}: freeze some of them, or none`,
  });
  const rates = { stem: 1e-3, stages: 1e-3, head: 1e-3, other: 1 };
  assert.doesNotThrow(refused({ schedule: { ...schedule, maxLearningRates: rates } }));
  assert.doesNotThrow(refused({ schedule: { ...schedule, maxLearningRates: 1e-3 } }));
});
