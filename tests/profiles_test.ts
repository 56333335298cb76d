import assert from "node:assert/strict";
import { profileNamed, PROFILES, totalEpochs } from "../src/profiles.ts";

Deno.test("the article's profile is fine_tune(20, freeze_epochs=2) at 128 pixels", () => {
  const { article } = PROFILES;
  assert.equal(article.size, 128);
  assert.equal(article.batchSize, 48);
  assert.equal(totalEpochs(article), 22);
  assert.deepEqual(article.phases.map(({ epochs, frozen }) => [epochs, frozen]), [
    [2, ["stem", "stages"]],
    [20, []],
  ]);
});

Deno.test("the quick profile is one cycle of 5 epochs at 64 pixels with nothing frozen", () => {
  const { quick, article } = PROFILES;
  assert.equal(quick.size, 64);
  assert.equal(quick.batchSize, article.batchSize);
  assert.deepEqual(quick.network, article.network);
  assert.deepEqual(quick.phases, [{
    name: "scratch",
    epochs: 5,
    frozen: [],
    schedule: { maxLearningRates: 3e-3, pctStart: 0.3, div: 25, finalDiv: 1e5 },
  }]);
});

Deno.test("profileNamed() names the profiles there are when it finds none", () => {
  assert.equal(profileNamed("quick"), PROFILES.quick);
  for (const name of ["slow", "", "toString"]) {
    assert.throws(() => profileNamed(name), {
      message: `unknown profile "${name}"; there are article, quick, smoke`,
    });
  }
});
