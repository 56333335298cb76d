import assert from "node:assert/strict";
import { ARTICLE, PROGRAM_RUNS } from "../../src/article/references.ts";
import { referencesFor } from "../../src/report/reference.ts";

function runsAt(profile: string, source: string, dataset = ARTICLE.dataset) {
  const setting = { dataset: { name: dataset }, profile: { name: profile } };
  return referencesFor(PROGRAM_RUNS, setting)
    .flatMap((reference) => reference.source === source ? reference.runs : []);
}

Deno.test("PyTorch's test counts agree with its last epoch, where both count the same pictures", () => {
  const runs = runsAt("quick", "PyTorch");
  assert.deepEqual(runs.map(({ experiment }) => experiment), ["ce", "bce", "bce-na", "bcena"]);
  for (const { experiment, epochs, counts } of runs) {
    const { accuracy, accuracy_without_na } = epochs!.at(-1)!;
    assert.equal(epochs!.length, 5);
    const share = accuracy_without_na ?? accuracy;
    const counted = counts!["argmax"]!.knownCorrect! / ARTICLE.images.known;
    assert.ok(Math.abs(counted - share) < 0.00006, experiment);
  }
});

Deno.test("at the article's scale PyTorch ran BCENa alone, and stopped after 2 + 8 epochs", () => {
  const [bcena, ...others] = runsAt("article-random", "PyTorch");
  assert.deepEqual(others, []);
  assert.equal(bcena!.experiment, "bcena");
  assert.deepEqual(bcena!.epochs!.map(({ phase }) => phase), [
    ...Array(2).fill("frozen"),
    ...Array(8).fill("unfrozen"),
  ]);
  assert.deepEqual(bcena!.epochs!.at(-1), {
    phase: "unfrozen",
    train_loss: 0.1797,
    valid_loss: 0.1666,
    accuracy: 0.4591,
    accuracy_without_na: 0.8129,
    accuracy_with_na: 0.7182,
  });
  assert.equal(bcena!.counts, undefined);
});

Deno.test("fastai ran the two frozen epochs of BCENa from both starts", () => {
  for (const [profile, withNa] of [["article", 0.7138], ["article-random", 0.6081]] as const) {
    const [bcena, ...others] = runsAt(profile, "fastai");
    assert.deepEqual(others, []);
    assert.equal(bcena!.experiment, "bcena");
    assert.deepEqual(bcena!.epochs!.map(({ phase }) => phase), ["frozen", "frozen"]);
    assert.equal(bcena!.epochs!.at(-1)!.accuracy_with_na, withNa);
  }
});

Deno.test("there is no run of a program on other pictures or of other profiles", () => {
  assert.deepEqual(runsAt("quick", "PyTorch", "gestures"), []);
  assert.deepEqual(runsAt("smoke", "PyTorch"), []);
  assert.deepEqual(runsAt("article", "PyTorch"), []);
});
