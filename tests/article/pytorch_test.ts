import assert from "node:assert/strict";
import { EXPERIMENTS } from "../../src/experiments.ts";
import { ARTICLE_TEST_IMAGES } from "../../src/article/article.ts";
import { pytorchRun } from "../../src/article/pytorch.ts";

const QUICK = { dataset: "imagenette", profile: "quick" };
const ARTICLE = { dataset: "imagenette", profile: "article" };

Deno.test("PyTorch's test counts agree with its last epoch, where both count the same pictures", () => {
  const { known } = ARTICLE_TEST_IMAGES;
  for (const { name, naClass } of EXPERIMENTS) {
    const { epochs, test } = pytorchRun({ ...QUICK, experiment: name })!;
    const { accuracy, accuracy_without_na } = epochs.at(-1)!;
    assert.equal(epochs.length, 5);
    const share = naClass ? accuracy_without_na! : accuracy;
    assert.ok(Math.abs(test!.argmax.knownRight / known - share) < 0.00006, name);
  }
});

Deno.test("at the article's scale PyTorch ran BCENa alone, and stopped after 2 + 8 epochs", () => {
  const { epochs, test } = pytorchRun({ ...ARTICLE, experiment: "bcena" })!;
  assert.deepEqual(epochs.map(({ phase }) => phase), [
    ...Array(2).fill("frozen"),
    ...Array(8).fill("unfrozen"),
  ]);
  assert.deepEqual(epochs.at(-1), {
    phase: "unfrozen",
    train_loss: 0.1797,
    valid_loss: 0.1666,
    accuracy: 0.4591,
    accuracy_without_na: 0.8129,
    accuracy_with_na: 0.7182,
  });
  assert.equal(test, undefined);
  assert.equal(pytorchRun({ ...ARTICLE, experiment: "bce" }), undefined);
});

Deno.test("there is no PyTorch run on other pictures or of other profiles", () => {
  assert.equal(pytorchRun({ ...QUICK, dataset: "gestures", experiment: "ce" }), undefined);
  assert.equal(pytorchRun({ ...QUICK, profile: "smoke", experiment: "ce" }), undefined);
});
