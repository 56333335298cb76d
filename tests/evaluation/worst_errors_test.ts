import assert from "node:assert/strict";
import { worstErrors } from "../../src/evaluation/worst_errors.ts";
import { picture, tableOf } from "./test_pictures.ts";

const LABELS = ["na", "a", "b"];
const table = (...predictions: ReturnType<typeof picture>[]) => tableOf(LABELS, predictions);

Deno.test("the highest wrong scores come first, as means over the runs", () => {
  const runs = [
    table(picture("unseen", "s", [0, 0.5, 0.75], 1), picture("unseen", "s", [0, 0.25, 0.5], 2)),
    table(picture("unseen", "s", [0, 1, 0.75], 2), picture("unseen", "s", [0, 0.25, 0.25], 1)),
  ];
  assert.deepEqual(worstErrors(runs, "unseen", 5), [
    { path: "val/s/2.JPEG", category: "s", predicted: "a", score: 0.625 },
    { path: "val/s/1.JPEG", category: "s", predicted: "b", score: 0.5 },
  ]);
  assert.equal(worstErrors(runs, "unseen", 1).length, 1);
});

Deno.test("na is wrong for known pictures and correct for others", () => {
  const runs = [table(
    picture("known", "a", [0.9, 0.5, 0.1], 1),
    picture("known", "a", [0.1, 0.5, 0.1], 2),
    picture("unknown", "u", [0.9, 0.5, 0.1]),
  )];
  assert.deepEqual(worstErrors(runs, "known", 5).map(({ path, predicted }) => [path, predicted]), [
    ["val/a/1.JPEG", "na"],
  ]);
  assert.deepEqual(worstErrors(runs, "unknown", 5), []);
});

Deno.test("pictures with the same score come in the order of their paths", () => {
  const runs = [table(picture("unseen", "s", [0, 1, 0], 2), picture("unseen", "s", [0, 1, 0], 1))];
  assert.deepEqual(worstErrors(runs, "unseen", 5).map(({ path }) => path), [
    "val/s/1.JPEG",
    "val/s/2.JPEG",
  ]);
  assert.deepEqual(worstErrors([], "unseen", 5), []);
});
