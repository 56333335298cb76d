import assert from "node:assert/strict";
import {
  ARTICLE_TEST_IMAGES,
  PUBLISHED,
  PUBLISHED_CONFUSIONS,
  publishedFigures,
  publishedHistory,
} from "../../src/article/article.ts";

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

Deno.test("the published confusion matrices have the published counts", () => {
  for (const { experiment, decision, rows } of PUBLISHED_CONFUSIONS) {
    const figures = publishedFigures(experiment, decision)!;
    const total = (row: readonly number[]) => row.reduce((sum, pictures) => sum + pictures, 0);
    const diagonal = rows.slice(0, 4).reduce((sum, row, index) => sum + row[index]!, 0);
    assert.equal(diagonal, figures.knownRight);
    assert.equal(rows.slice(0, 4).reduce((sum, row) => sum + total(row), 0), known);
    const [unknownRow, unseenRow] = rows.slice(4);
    if (unknownRow === undefined || unseenRow === undefined) continue;
    assert.deepEqual([total(unknownRow), unknownRow.at(-1)], [unknown, figures.unknownRejected]);
    assert.deepEqual([total(unseenRow), unseenRow.at(-1)], [unseen, figures.unseenRejected]);
  }
});

Deno.test("the published epochs end with the published accuracies", () => {
  assert.equal(publishedHistory("ce"), undefined);
  for (const experiment of ["bce", "bce-na", "bcena"] as const) {
    const epochs = publishedHistory(experiment)!;
    assert.deepEqual(epochs.map(({ epoch }) => epoch), Array.from({ length: 22 }, (_, i) => i));
    assert.deepEqual(epochs.map(({ phase }) => phase).lastIndexOf("frozen"), 1);
  }
  const last = publishedHistory("bce")!.at(-1)!;
  assert.ok(
    Math.abs(last.accuracy - publishedFigures("bce", "argmax")!.knownRight! / known) < 1e-6,
  );
  assert.equal(last.accuracy_with_na, null);
  assert.equal(publishedHistory("bcena")!.at(-1)!.accuracy_without_na, 0.898636);
  assert.equal(publishedHistory("bce-na")!.at(-1)!.valid_loss, 0.134875);
});
