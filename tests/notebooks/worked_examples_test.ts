import assert from "node:assert/strict";
import {
  decisionTable,
  lossExample,
  lossTable,
  sigmoidTable,
  softmaxTable,
} from "../../src/notebooks/worked_examples.ts";

const LOGITS = { na: -1, horn: 1.5, truck: -0.5, ball: -2 };

function nearly(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
}

Deno.test("the softmax of logits sums to 1 and does not change when all are lowered", async () => {
  const high = await softmaxTable({ horn: 2, truck: 0.5, ball: -1 });
  const low = await softmaxTable({ horn: -2, truck: -3.5, ball: -5 });
  const shares = (table: typeof high) => table.rows.map(({ cells }) => cells[3]);
  assert.deepEqual(shares(high), ["0.786", "0.175", "0.039"]);
  assert.deepEqual(shares(low), shares(high));
});

Deno.test("the sigmoid of low logits is low, whatever softmax says", async () => {
  const { rows } = await sigmoidTable({ horn: -2, truck: -3.5, ball: -5 });
  assert.deepEqual(rows.map(({ cells }) => cells[3]), ["0.119", "0.029", "0.007"]);
});

Deno.test("the losses of the outputs sum to the loss of the picture, for every loss", async () => {
  for (const name of ["cross-entropy", "bce", "bcena"] as const) {
    for (const answer of ["na", "truck"]) {
      const { value, outputs } = await lossExample(name, LOGITS, answer);
      nearly(outputs.reduce((sum, { loss }) => sum + loss, 0), value);
    }
  }
});

Deno.test("targets are one-hot, but all zeros for na in BCENa", async () => {
  const targets = async (name: "cross-entropy" | "bce" | "bcena", answer: string) =>
    (await lossExample(name, LOGITS, answer)).outputs.map(({ target }) => target);
  assert.deepEqual(await targets("cross-entropy", "horn"), [0, 1, 0, 0]);
  assert.deepEqual(await targets("bce", "na"), [1, 0, 0, 0]);
  assert.deepEqual(await targets("bcena", "na"), [0, 0, 0, 0]);
  assert.deepEqual(await targets("bcena", "truck"), [0, 0, 1, 0]);
});

Deno.test("a gradient is score less target, for BCE as a part of the mean", async () => {
  const crossEntropy = await lossExample("cross-entropy", LOGITS, "horn");
  for (const { gradient, score, target } of crossEntropy.outputs) nearly(gradient, score - target);
  const bce = await lossExample("bce", LOGITS, "na");
  for (const { gradient, score, target } of bce.outputs) nearly(gradient, (score - target) / 4);
});

Deno.test("the table of a loss has a row per output and the loss itself below", async () => {
  const { rows } = await lossTable("cross-entropy", { horn: 2, truck: 0.5, ball: -1 }, "truck");
  assert.deepEqual(rows[1]!.cells, ["truck", "0.500", "0.175", "1", "1.741", "-0.825"]);
  assert.deepEqual(rows.at(-1)!.cells, ["sum", "", "", "", "1.741", ""]);
});

Deno.test("a loss of a picture whose label has no logit is an error that names both", async () => {
  await assert.rejects(lossExample("bce", LOGITS, "dog"), /"dog" is none of na, horn, truck, ball/);
});

Deno.test("decisions go by the highest score, and to na below the threshold", () => {
  const { columns, rows } = decisionTable(["na", "horn", "truck"], [
    { picture: "a horn", answer: "horn", scores: [0.05, 0.9, 0.1] },
    { picture: "a church", answer: "na", scores: [0.03, 0.35, 0.2] },
    { picture: "a dog", answer: "na", scores: [0.02, 0.45, 0.1] },
  ], [0.4, 0.5]);
  assert.deepEqual(
    columns.slice(-3).map(({ title }) => title),
    ["argmax", "threshold 0.4", "threshold 0.5"],
  );
  assert.deepEqual(rows.map(({ cells }) => cells.slice(-3)), [
    ["horn", "horn", "horn"],
    ["horn", "na", "na"],
    ["horn", "horn", "na"],
    ["33.3%", "66.7%", "100.0%"],
  ]);
});

Deno.test("a right answer that the network does not have is an error that names it", () => {
  const examples = [{ picture: "a dog", answer: "dog", scores: [0.1, 0.2] }];
  assert.throws(() => decisionTable(["na", "horn"], examples, []), /"dog" is none of na, horn/);
});
