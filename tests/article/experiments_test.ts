import assert from "node:assert/strict";
import { ARTICLE_EXPERIMENTS } from "../../src/article/experiments.ts";
import { ARTICLE_PROFILE } from "../../src/article/profile.ts";
import { describe } from "../../src/experiments.ts";
import { totalEpochs } from "../../src/profiles.ts";

Deno.test("the experiments are those of the article, plain classification with both losses", () => {
  const rows = ARTICLE_EXPERIMENTS.map(describe).map((
    { name, loss, activation, naTarget, decision },
  ) => [name, loss.name, activation, naTarget, decision]);
  assert.deepEqual(rows, [
    ["ce", "cross-entropy", "softmax", "untrained", "argmax"],
    ["bce", "bce", "sigmoid", "untrained", "argmax"],
    ["bce-na", "bce", "sigmoid", "output", "argmax"],
    ["bcena", "bcena", "sigmoid", "zeros", "threshold 0.4"],
  ]);
  for (const { network, profile, start } of ARTICLE_EXPERIMENTS) {
    assert.equal(network.name, "xresnet18");
    assert.equal(profile, ARTICLE_PROFILE);
    assert.deepEqual(start, {});
  }
});

Deno.test("the article's profile is fine_tune(20, freeze_epochs=2) at 128 pixels", () => {
  assert.equal(ARTICLE_PROFILE.size, 128);
  assert.equal(ARTICLE_PROFILE.batchSize, 48);
  assert.equal(totalEpochs(ARTICLE_PROFILE), 22);
  assert.deepEqual(ARTICLE_PROFILE.phases.map(({ epochs, frozen }) => [epochs, frozen]), [
    [2, ["stem", "stages"]],
    [20, []],
  ]);
});
