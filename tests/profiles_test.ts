import assert from "node:assert/strict";
import { ARTICLE_PROFILE } from "../src/article/profile.ts";
import { quick, totalEpochs } from "../src/profiles.ts";

Deno.test("the quick profile is one cycle of 5 epochs at 64 pixels with nothing frozen", () => {
  assert.equal(quick.size, 64);
  assert.equal(quick.batchSize, ARTICLE_PROFILE.batchSize);
  assert.deepEqual(quick.phases, [{
    name: "scratch",
    epochs: 5,
    frozen: [],
    schedule: { maxLearningRates: 3e-3, pctStart: 0.3, div: 25, finalDiv: 1e5 },
  }]);
});

Deno.test("totalEpochs() counts over all phases", () => {
  assert.equal(totalEpochs(quick), 5);
  assert.equal(totalEpochs({ ...quick, phases: [] }), 0);
});
