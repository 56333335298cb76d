import assert from "node:assert/strict";
import { randomStream } from "../../src/random.ts";
import { acceptingThreshold, balancedThreshold } from "../../src/study/thresholds.ts";

function balancedAccuracy(known: number[], others: number[], threshold: number): number {
  const accepted = known.filter((score) => score >= threshold).length / known.length;
  const rejected = others.filter((score) => score < threshold).length / others.length;
  return (accepted + rejected) / 2;
}

Deno.test("no threshold has a larger balanced accuracy, for scores with ties", () => {
  const uniform = randomStream("thresholds");
  for (let round = 0; round < 50; round++) {
    const draw = (count: number, shift: number) =>
      Array.from({ length: count }, () => Math.round(10 * (uniform() + shift)) / 10);
    const [known, others] = [draw(1 + round, 0.3), draw(1 + round % 7, 0)];
    const found = balancedAccuracy(known, others, balancedThreshold(known, others));
    const all = [...known, ...others];
    for (const threshold of [...all, Math.max(...all) + 1]) {
      assert.ok(found >= balancedAccuracy(known, others, threshold) - 1e-12);
    }
  }
});

Deno.test("a balanced threshold lies between the scores, and is the lowest of equally good ones", () => {
  assert.equal(balancedThreshold([2, 3], [0, 1]), 1.5);
  assert.equal(balancedThreshold([5, 5], [5]), 5, "accepts all where nothing can be told apart");
  assert.equal(balancedThreshold([1, 3], [0, 2]), 0.5);
  const above = balancedThreshold([0], [1]);
  assert.ok(above <= 0, "accepting all is as good as rejecting all");
  const next = 1 + Number.EPSILON;
  assert.equal(balancedThreshold([next], [1]), next, "even where no number lies between");
});

Deno.test("the accepting threshold is the highest that accepts 95% of the known pictures", () => {
  const known = Array.from({ length: 40 }, (_, index) => index);
  assert.equal(acceptingThreshold(known), 2, "38 of 40 are accepted");
  assert.equal(acceptingThreshold([7]), 7);
  assert.equal(acceptingThreshold([3, 3, 3]), 3);
});

Deno.test("a threshold needs pictures", () => {
  assert.throws(() => balancedThreshold([], [1]), /0 known and 1 other validation pictures/);
  assert.throws(() => balancedThreshold([1], []), /1 known and 0 other/);
  assert.throws(() => acceptingThreshold([]), /no known validation pictures/);
});
