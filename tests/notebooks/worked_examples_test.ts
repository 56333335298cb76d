import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { bce } from "../../src/losses/bce.ts";
import { bcena } from "../../src/losses/bcena.ts";
import { crossEntropy } from "../../src/losses/cross_entropy.ts";
import { entropicOpenSet } from "../../src/losses/entropic_open_set.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { objectosphere } from "../../src/losses/objectosphere.ts";
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

Deno.test("the losses of the outputs sum to the loss of the picture, for losses of scores", async () => {
  for (const loss of [crossEntropy, bce, bcena, entropicOpenSet]) {
    for (const label of ["na", "truck"]) {
      const { value, outputs } = await lossExample(loss, LOGITS, label);
      nearly(outputs.reduce((sum, { loss }) => sum + loss!, 0), value);
    }
  }
});

Deno.test("targets are those of the loss: one-hot, zeros for na, or equal shares", async () => {
  const targets = async (loss: Loss, label: string, logits: Record<string, number> = LOGITS) =>
    (await lossExample(loss, logits, label)).outputs.map(({ target }) => target);
  assert.deepEqual(await targets(crossEntropy, "horn"), [0, 1, 0, 0]);
  assert.deepEqual(await targets(bce, "na"), [1, 0, 0, 0]);
  assert.deepEqual(await targets(bcena, "na"), [0, 0, 0, 0]);
  assert.deepEqual(await targets(bcena, "truck"), [0, 0, 1, 0]);
  assert.deepEqual(await targets(entropicOpenSet, "na", { horn: 3, truck: 1 }), [0.5, 0.5]);
});

Deno.test("a gradient is score less target, for BCE as a part of the mean", async () => {
  const shares = await lossExample(crossEntropy, LOGITS, "horn");
  for (const { gradient, score, target } of shares.outputs) nearly(gradient, score - target);
  const each = await lossExample(bce, LOGITS, "na");
  for (const { gradient, score, target } of each.outputs) nearly(gradient, (score - target) / 4);
});

Deno.test("the table of a loss has a row per output and the loss itself below", async () => {
  const { caption, rows } = await lossTable(
    crossEntropy,
    { horn: 2, truck: 0.5, ball: -1 },
    "truck",
  );
  assert.equal(caption, 'Cross-entropy of a picture of "truck"');
  assert.deepEqual(rows[1]!.cells, ["truck", "0.500", "0.175", "1", "1.741", "-0.825"]);
  assert.deepEqual(rows.at(-1)!.cells, ["sum", "", "", "", "1.741", ""]);
});

Deno.test("a target between 0 and 1 is shown as a share", async () => {
  const { rows } = await lossTable(entropicOpenSet, { horn: 2, truck: 0.5, ball: -1 }, "na");
  assert.deepEqual(rows.map(({ cells }) => cells[3]), ["0.333", "0.333", "0.333", ""]);
});

Deno.test("a loss that is no cross-entropy is shown without parts that would not sum to it", async () => {
  const squared: Loss = {
    ...bce,
    name: "squared",
    title: "Squared",
    value: ({ logits }) => tf.sum(tf.square(logits)),
  };
  const { rows } = await lossTable(squared, { na: 1, horn: 2 }, "horn");
  assert.deepEqual(rows.map(({ cells }) => cells[4]), ["", "", "5.000"]);
});

Deno.test("the loss of a sure and correct network is shown as none", async () => {
  const { value, outputs } = await lossExample(bce, { na: -200, horn: 200 }, "horn");
  assert.deepEqual([value, ...outputs.map(({ loss }) => loss)], [0, 0, 0]);
});

Deno.test("a loss of a picture whose label has no logit is an error that names both", async () => {
  await assert.rejects(lossExample(bce, LOGITS, "dog"), /"dog" is none of na, horn, truck, ball/);
  await assert.rejects(
    lossExample(entropicOpenSet, LOGITS, "dog"),
    /"dog" is none of na, horn, truck, ball/,
  );
  await assert.rejects(lossExample(crossEntropy, { horn: 1 }, "na"), /"na" is none of horn/);
});

Deno.test("a loss of features says that an example has none", async () => {
  await assert.rejects(
    lossExample(objectosphere(), LOGITS, "horn"),
    /^Error: Objectosphere is a loss of features too; examples have logits alone/,
  );
});

Deno.test("decisions go by the highest score, and to na below the threshold", () => {
  const { columns, rows } = decisionTable(["na", "horn", "truck"], [
    { picture: "a horn", label: "horn", scores: [0.05, 0.9, 0.1] },
    { picture: "a church", label: "na", scores: [0.03, 0.35, 0.2] },
    { picture: "a dog", label: "na", scores: [0.02, 0.45, 0.1] },
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

Deno.test("a correct label that the network does not have is an error that names it", () => {
  const examples = [{ picture: "a dog", label: "dog", scores: [0.1, 0.2] }];
  assert.throws(() => decisionTable(["na", "horn"], examples, []), /"dog" is none of na, horn/);
});
