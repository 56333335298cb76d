import assert from "node:assert/strict";
import {
  knownAnswersRight,
  knownScoreOf,
  learnsNaOutput,
} from "../../src/evaluation/known_score.ts";
import { experimentNamed } from "../../src/experiments.ts";
import { picture } from "./test_pictures.ts";

const LABELS = ["na", "a", "b"];

Deno.test("the highest known score leaves na out", () => {
  const score = knownScoreOf(LABELS, "highest known");
  assert.equal(score(picture("unseen", "c", [0.9, 0.25, 0.5])), 0.5);
});

Deno.test("the margin is below 0 just where argmax answers na", () => {
  const score = knownScoreOf(LABELS, "margin over na");
  assert.equal(score(picture("unseen", "c", [0.75, 0.25, 0.5])), -0.25);
  assert.equal(score(picture("known", "a", [0.25, 1, 0.5])), 0.75);
});

Deno.test("a margin without an na output, or a score without known labels, is an error", () => {
  assert.throws(() => knownScoreOf(["a"], "margin over na"), /no label na among a/);
  assert.throws(() => knownScoreOf(["na"], "highest known"), /no known label among na/);
});

Deno.test("a known answer is right if its own category scores highest among the known ones", () => {
  const predictions = [
    picture("known", "a", [0.9, 0.6, 0.5]),
    picture("known", "b", [0.1, 0.6, 0.5]),
    picture("unseen", "c", [0.1, 0.6, 0.5]),
  ];
  assert.deepEqual(knownAnswersRight({ labels: LABELS, predictions }), [true, false, false]);
});

Deno.test("only the experiment whose target for na is an output learns that output", () => {
  const learning = ["ce", "bce", "bce-na", "bcena"]
    .filter((name) => learnsNaOutput(experimentNamed(name)));
  assert.deepEqual(learning, ["bce-na"]);
});
