import assert from "node:assert/strict";
import { closedSetCorrect, imagesPerGroup } from "../../src/evaluation/predictions.ts";
import { picture, tableOf } from "./test_pictures.ts";

const PREDICTIONS = [
  picture("known", "a", [0.9, 0.6, 0.5]),
  picture("known", "b", [0.1, 0.6, 0.5]),
  picture("unseen", "c", [0.1, 0.6, 0.5]),
];

Deno.test("a known label is correct if its own category scores highest among the known ones", () => {
  assert.deepEqual(closedSetCorrect(tableOf(["na", "a", "b"], PREDICTIONS)), [true, false, false]);
});

Deno.test("pictures are counted by group, and a group may have none", () => {
  assert.deepEqual(imagesPerGroup(PREDICTIONS), { known: 2, unknown: 0, unseen: 1 });
});
