import assert from "node:assert/strict";
import { SCORES } from "../../src/scores/all.ts";
import { energy } from "../../src/scores/energy.ts";
import { highestScore } from "../../src/scores/highest_score.ts";
import { knownMinusNa } from "../../src/scores/known_minus_na.ts";
import { maxLogit } from "../../src/scores/max_logit.ts";
import {
  checkScores,
  highestOf,
  knownColumns,
  type ScoredNetwork,
} from "../../src/scores/score.ts";

const SIGMOID: ScoredNetwork = {
  labels: ["na", "a", "b"],
  activation: "sigmoid",
  naTarget: "output",
};
const SOFTMAX: ScoredNetwork = {
  ...SIGMOID,
  labels: ["a", "b"],
  activation: "softmax",
  naTarget: "untrained",
};

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);
}

Deno.test("the highest score is the highest sigmoid or softmax of a known label", () => {
  close(highestScore.of!(SIGMOID)({ logits: [9, 0, -1] }), 0.5);
  close(highestScore.of!(SOFTMAX)({ logits: [Math.log(3), 0] }), 0.75);
  // What na takes of a softmax, the others do not have.
  const withNa = { ...SOFTMAX, labels: ["na", "a", "b"] };
  close(highestScore.of!(withNa)({ logits: [Math.log(4), Math.log(3), 0] }), 3 / 8);
});

Deno.test("the highest logit leaves na out", () => {
  assert.equal(maxLogit.of!(SIGMOID)({ logits: [9, -3, 2] }), 2);
});

Deno.test("the energy is the logarithm of the sum of the known exponentials", () => {
  close(energy.of!(SIGMOID)({ logits: [50, Math.log(2), Math.log(3)] }), Math.log(5));
  assert.equal(energy.of!(SOFTMAX)({ logits: [1000, -1000] }), 1000);
  assert.ok(Number.isFinite(energy.of!(SOFTMAX)({ logits: [-2000, -2001] })));
});

Deno.test("known minus na is below 0 just where argmax rejects", () => {
  const score = knownMinusNa.of!(SIGMOID);
  assert.equal(score({ logits: [0.75, 0.25, 0.5] }), -0.25);
  assert.equal(score({ logits: [0.25, 1, 0.5] }), 0.75);
});

Deno.test("a score tells which networks it applies to", () => {
  const applying = (network: ScoredNetwork) =>
    SCORES.filter((score) => score.appliesTo(network)).map(({ name }) => name);
  for (const network of [SIGMOID, SOFTMAX]) {
    assert.ok(applying(network).includes(highestScore.name));
  }
  assert.ok(!maxLogit.appliesTo(SIGMOID));
  assert.ok(maxLogit.appliesTo(SOFTMAX));
  assert.ok([SIGMOID, SOFTMAX].every((network) => energy.appliesTo(network)));
  assert.ok(knownMinusNa.appliesTo(SIGMOID));
  for (const naTarget of ["zeros", "uniform", "untrained"] as const) {
    assert.ok(!knownMinusNa.appliesTo({ ...SIGMOID, naTarget }));
  }
});

Deno.test("no two scores share a name", () => {
  assert.equal(new Set(SCORES.map(({ name }) => name)).size, SCORES.length);
});

Deno.test("a network without known labels, or without na where that counts, is an error", () => {
  for (const score of SCORES) {
    assert.throws(() => score.of!({ ...SIGMOID, labels: ["na"] }), /no known label among na/);
  }
  assert.throws(() => knownMinusNa.of!(SOFTMAX), /no label na among a, b/);
});

Deno.test("columns of known labels and their highest value", () => {
  assert.deepEqual(knownColumns(["na", "a", "b"]), [1, 2]);
  assert.equal(highestOf([9, 1, 2], [1, 2]), 2);
});

Deno.test("checkScores() wants scores that can be computed, and names that no two share", () => {
  checkScores(SCORES);
  assert.throws(() => checkScores([...SCORES, { ...maxLogit, name: "energy" }]), {
    message: 'two scores are named "energy"; give one of them another name',
  });
  assert.throws(() => checkScores([{ name: "empty", title: "empty", appliesTo: () => true }]), {
    message: 'score "empty" has neither "of" nor "fit"; give it one of them',
  });
});
