import assert from "node:assert/strict";
import { ARTICLE } from "../../src/article/references.ts";
import { CORRECT_COUNTS } from "../../src/evaluation/measures.ts";

const { known, unknown, unseen } = ARTICLE.images;
const COUNTS = ARTICLE.runs.flatMap(({ counts = {} }) => Object.values(counts));

Deno.test("the published counts give the published totals", () => {
  const totals = COUNTS.map(({ totalCorrect }) => totalCorrect! / (known + unknown + unseen));
  const printed = [0.34777, 0.726369, 0.759745, 0.744968, 0.768153];
  assert.equal(totals.length, printed.length);
  totals.forEach((total, index) => assert.ok(Math.abs(total - printed[index]!) < 1e-6));
});

Deno.test("complete rows add up to their total", () => {
  const complete = COUNTS.filter((counts) => CORRECT_COUNTS.every((field) => field in counts));
  assert.equal(complete.length, 3);
  for (const { knownCorrect, unknownRejected, unseenRejected, totalCorrect } of complete) {
    assert.equal(knownCorrect! + unknownRejected! + unseenRejected!, totalCorrect);
  }
});

Deno.test("the published confusion matrices have the published counts", () => {
  let matrices = 0;
  for (const { counts, confusions = {} } of ARTICLE.runs) {
    for (const [decision, { rows }] of Object.entries(confusions)) {
      const reported = counts![decision]!;
      const total = (row: readonly number[]) => row.reduce((sum, pictures) => sum + pictures, 0);
      const diagonal = rows.slice(0, 4).reduce((sum, row, index) => sum + row[index]!, 0);
      assert.equal(diagonal, reported.knownCorrect);
      assert.equal(rows.slice(0, 4).reduce((sum, row) => sum + total(row), 0), known);
      matrices++;
      const [unknownRow, unseenRow] = rows.slice(4);
      if (unknownRow === undefined || unseenRow === undefined) continue;
      assert.deepEqual([total(unknownRow), unknownRow.at(-1)], [
        unknown,
        reported.unknownRejected,
      ]);
      assert.deepEqual([total(unseenRow), unseenRow.at(-1)], [unseen, reported.unseenRejected]);
    }
  }
  assert.equal(matrices, 3);
});

Deno.test("the published epochs end with the published accuracies", () => {
  const runOf = (name: string) => ARTICLE.runs.find(({ experiment }) => experiment === name)!;
  assert.equal(runOf("ce"), undefined);
  for (const { epochs } of ARTICLE.runs) {
    assert.equal(epochs!.length, 22);
    assert.equal(epochs!.map(({ phase }) => phase).lastIndexOf("frozen"), 1);
  }
  const bce = runOf("bce");
  const last = bce.epochs!.at(-1)!;
  assert.ok(Math.abs(last.accuracy - bce.counts!["argmax"]!.knownCorrect! / known) < 1e-6);
  assert.equal(last.accuracy_with_na, null);
  assert.equal(runOf("bcena").epochs!.at(-1)!.accuracy_without_na, 0.898636);
  assert.equal(runOf("bce-na").epochs!.at(-1)!.valid_loss, 0.134875);
});
