import assert from "node:assert/strict";
import { confusionMatrix, crossTable } from "../../src/evaluation/confusion_matrix.ts";

Deno.test("rows are actual classes and columns are predicted labels", () => {
  assert.deepEqual(confusionMatrix([0, 0, 1], [1, 0, 1], 2), [[1, 1], [0, 1]]);
});

Deno.test("there may be more classes than labels", () => {
  assert.deepEqual(confusionMatrix([2, 0], [1, 0], 3, 2), [[1, 0], [0, 0], [0, 1]]);
});

Deno.test("no pictures make a matrix of zeros", () => {
  assert.deepEqual(confusionMatrix([], [], 2), [[0, 0], [0, 0]]);
});

Deno.test("a class outside the range is an error that names picture and value", () => {
  assert.throws(() => confusionMatrix([0, 2], [0, 0], 2), /actual class of picture 1 is 2/);
  assert.throws(() => confusionMatrix([0], [-1], 2), /predicted label of picture 0 is -1/);
  assert.throws(() => confusionMatrix([NaN], [0], 2), /is NaN/);
});

Deno.test("lists of different lengths are an error", () => {
  assert.throws(() => confusionMatrix([0, 1], [0], 2), /2 actual classes with 1 predicted/);
});

Deno.test("a cross table counts pictures by names, and leaves out those of other rows", () => {
  const actual = ["horn", "horn", "unknown", "unseen"];
  const predicted = ["horn", "na", "horn", "ball"];
  assert.deepEqual(crossTable(actual, predicted, ["unknown", "horn"], ["horn", "na"]), [
    [1, 0],
    [1, 1],
  ]);
});

Deno.test("a picture that a cross table has no column for is an error that names its label", () => {
  assert.throws(
    () => crossTable(["horn"], ["ball"], ["horn"], ["horn", "na"]),
    /^RangeError: picture 0 is predicted "ball", which is none of the columns horn, na$/,
  );
});
