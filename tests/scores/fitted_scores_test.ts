import assert from "node:assert/strict";
import { nearestNeighbours } from "../../src/scores/nearest_neighbours.ts";
import { openMax } from "../../src/scores/openmax.ts";
import { react } from "../../src/scores/react.ts";
import { relativeMahalanobis } from "../../src/scores/relative_mahalanobis.ts";
import type { LastLayer, Score, ScoredNetwork } from "../../src/scores/score.ts";
import { virtualLogit } from "../../src/scores/vim.ts";
import { STUDY_SCORES } from "../../src/study/scores.ts";

const NETWORK: ScoredNetwork = {
  labels: ["na", "a", "b"],
  activation: "softmax",
  naTarget: "output",
};
const LAST_LAYER: LastLayer = { weights: [[0, 0, 1], [1, 0, 0], [0, 1, 0]], bias: [0, 0, 0] };

function picture(features: number[], label: string) {
  const logits = LAST_LAYER.weights.map((row) =>
    features.reduce((sum, value, i) => sum + value * row[i]!, 0)
  );
  return { label, features, logits };
}

/** Known pictures lie around two axes, na ones on a third. */
const TRAINING = [
  ...[[2, 0, 0.1], [3, 0.2, 0], [2.5, 0.1, 0], [2.2, 0, 0]].map((row) => picture(row, "a")),
  ...[[0, 2, 0], [0.1, 3, 0.1], [0, 2.4, 0], [0.2, 2.6, 0]].map((row) => picture(row, "b")),
  ...[[0, 0, 2], [0, 0.1, 3]].map((row) => picture(row, "na")),
];
/** Of the few pictures here, the 50th neighbour would be the farthest. */
const FITTED: readonly Score[] = STUDY_SCORES.filter(({ fit }) => fit !== undefined)
  .map((score) =>
    score.name === "nearest-neighbours" ? nearestNeighbours({ neighbours: 2 }) : score
  );

function valueOf(score: Score, features: number[], training = TRAINING): number {
  return score.fit!(NETWORK, training, LAST_LAYER)(picture(features, "a"));
}

// The numbers themselves are compared with SciPy's and pytorch-ood's: fitted_scores.json.

for (const score of FITTED) {
  Deno.test(`by ${score.name}, a training picture is more known than one that is none`, () => {
    const [known, other] = [valueOf(score, [2.4, 0.1, 0]), valueOf(score, [0.3, 0.2, 1])];
    assert.ok(known > other, `${known} and ${other}`);
  });

  Deno.test(`${score.name} is finite for features of no length, of one kind and of a few pictures`, () => {
    const alike = TRAINING.map(({ label }) => picture([1, 1, 1], label));
    for (const training of [TRAINING, alike, TRAINING.slice(0, 1)]) {
      for (const features of [[0, 0, 0], [1, 1, 1], [-50, 20, 3]]) {
        assert.ok(Number.isFinite(valueOf(score, features, training)), `${features}`);
      }
    }
  });

  Deno.test(`${score.name} wants known training pictures`, () => {
    const unknown = TRAINING.filter(({ label }) => label === "na");
    assert.throws(() => valueOf(score, [1, 1, 1], unknown), /no known picture to fit/);
  });
}

Deno.test("na pictures of the training count for none of the fitted scores", () => {
  const known = TRAINING.filter(({ label }) => label !== "na");
  for (const score of FITTED) {
    assert.equal(valueOf(score, [1, 0.5, 0.2]), valueOf(score, [1, 0.5, 0.2], known), score.name);
  }
});

Deno.test("the nearest neighbour is measured between directions", () => {
  const score = nearestNeighbours({ neighbours: 1 });
  assert.ok(Math.abs(valueOf(score, [20, 0, 1])) < 1e-6, "in line with the first picture");
  assert.ok(
    valueOf(nearestNeighbours({ neighbours: 100 }), [1, 0, 0]) < -1,
    "the farthest there is",
  );
});

Deno.test("ReAct at percentile 100 is the energy of pictures with no higher feature", () => {
  const logits = [1, 0.5];
  const expected = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  assert.ok(Math.abs(valueOf(react({ percentile: 100 }), [1, 0.5, 0.2]) - expected) < 1e-12);
});

Deno.test("a score that needs features says so", () => {
  for (const score of [nearestNeighbours(), relativeMahalanobis, virtualLogit(), react()]) {
    const scoreOf = score.fit!(NETWORK, TRAINING, LAST_LAYER);
    assert.throws(() => scoreOf({ logits: [0, 1, 2] }), /needs a picture's features/);
  }
});

Deno.test("OpenMax is for softmax networks", () => {
  assert.ok(openMax().appliesTo(NETWORK));
  assert.ok(!openMax().appliesTo({ ...NETWORK, activation: "sigmoid" }));
});

Deno.test("options that cannot be are errors that name them", () => {
  assert.throws(() => nearestNeighbours({ neighbours: 0 }), /0 neighbours; use/);
  assert.throws(() => virtualLogit({ explainedVariance: 1 }), /explainedVariance is 1/);
  assert.throws(() => react({ percentile: 101 }), /percentile 101/);
  assert.throws(() => openMax({ tail: 0 }), /tail of OpenMax is 0/);
  assert.throws(() => openMax({ alpha: 1.5 }), /alpha of OpenMax is 1.5/);
});
