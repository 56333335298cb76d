import assert from "node:assert/strict";
import { ARTICLE_TEST_IMAGES, PUBLISHED, publishedFigures } from "../../src/report/article.ts";

const { known, unknown, unseen } = ARTICLE_TEST_IMAGES;

Deno.test("the published counts give the published totals", () => {
  const totals = PUBLISHED.map(({ totalRight }) => totalRight! / (known + unknown + unseen));
  const printed = [0.34777, 0.726369, 0.759745, 0.744968, 0.768153];
  totals.forEach((total, index) => assert.ok(Math.abs(total - printed[index]!) < 1e-6));
});

Deno.test("complete rows add up to their total", () => {
  const complete = PUBLISHED.filter(({ knownRight }) => knownRight !== undefined);
  assert.equal(complete.length, 3);
  for (const { knownRight, unknownRejected, unseenRejected, totalRight } of complete) {
    assert.equal(knownRight! + unknownRejected! + unseenRejected!, totalRight);
  }
});

Deno.test("there is nothing published for cross-entropy or for other decisions", () => {
  assert.equal(publishedFigures("ce", "argmax"), undefined);
  assert.equal(publishedFigures("bcena", "argmax"), undefined);
  assert.equal(publishedFigures("bcena", "threshold 0.5")?.unseenRejected, 721);
});
