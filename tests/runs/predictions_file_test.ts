import assert from "node:assert/strict";
import { join } from "@std/path";
import { experimentNamed } from "../../src/experiments.ts";
import { readPredictions, writePredictions } from "../../src/runs/predictions_file.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const BCENA = experimentNamed("bcena");
const BCE = experimentNamed("bce");
const IMAGES = [
  { path: "val/a, b/1.JPEG", category: "a, b", group: "known" },
  { path: "val/x/1.JPEG", category: "x", group: "unknown" },
  { path: "val/y/1.JPEG", category: "y", group: "unseen" },
] as const;
const SCORED = {
  labels: ["na", "a, b"],
  images: IMAGES,
  scores: [[0.1, 0.98765432], [0.2, 1.23456789e-7], new Float32Array([0.9, 0.5])],
};

/** Writes good predictions, damages them and says how reading fails. */
async function failureAfter(from: string, to: string): Promise<string> {
  let message = "";
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, SCORED);
    await edit(path, from, to);
    const error = await readPredictions(path, BCENA).then(() => undefined, (error) => error);
    message = String(error?.message).replace(`${folder}/`, "");
  });
  return message;
}

Deno.test("predictions.csv has the agreed columns, six digits and na for what is not known", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, SCORED);
    assert.equal(
      await Deno.readTextFile(path),
      'path,category,group,label,predicted,na,"a, b"\n' +
        '"val/a, b/1.JPEG","a, b",known,"a, b","a, b",0.1,0.987654\n' +
        "val/x/1.JPEG,x,unknown,na,na,0.2,1.23457e-7\n" +
        "val/y/1.JPEG,y,unseen,na,na,0.9,0.5\n",
    );
  }));

Deno.test("predictions come back as they were written", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, SCORED);
    const { labels, predictions } = await readPredictions(path, BCENA);
    assert.deepEqual(labels, SCORED.labels);
    assert.deepEqual(predictions[1], {
      ...IMAGES[1],
      label: "na",
      predicted: "na",
      scores: [0.2, 1.23457e-7],
    });
  }));

Deno.test("the answer follows from the rounded scores, not from lost digits", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    // Below the threshold of .4, but not when written with six digits.
    const scores = [[0.1, 0.39999999], [0.1, 0.1], [0.1, 0.1]];
    await writePredictions(path, BCENA, { ...SCORED, scores });
    const { predictions } = await readPredictions(path, BCENA);
    assert.equal(predictions[0]!.predicted, "a, b");
  }));

Deno.test("an experiment without an output for na still labels other pictures na", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const scores = [[0.9], [0.8], [0.7]];
    await writePredictions(path, BCE, { labels: ["a, b"], images: IMAGES, scores });
    const { predictions } = await readPredictions(path, BCE);
    assert.deepEqual(predictions.map(({ label }) => label), ["a, b", "na", "na"]);
    assert.deepEqual(predictions.map(({ predicted }) => predicted), ["a, b", "a, b", "a, b"]);
  }));

Deno.test("a score that is no share is not written, and no file appears", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    for (const bad of [NaN, -0.1, 1.1, Infinity]) {
      await assert.rejects(
        writePredictions(path, BCENA, { ...SCORED, scores: [[0.1, bad], [0, 0], [0, 0]] }),
        /val\/a, b\/1\.JPEG: the score for a, b is .* not within 0 to 1/,
      );
    }
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("scores that do not fit the pictures or the labels are not written", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const write = (scores: number[][], images: readonly (typeof IMAGES)[number][] = IMAGES) =>
      writePredictions(path, BCENA, { ...SCORED, images, scores });
    await assert.rejects(write([[0.1, 0.2]]), /1 rows of scores for 3 pictures/);
    await assert.rejects(write([[0.1], [0.1], [0.1]]), /1 scores for the labels na, a, b/);
    await assert.rejects(write([], []), /no test pictures/);
  }));

Deno.test("damage in predictions.csv is named with file, line, column, value and the way out", async () => {
  const cases: readonly [string, string, RegExp][] = [
    ["path,category", "picture,category", /^predictions\.csv, line 1: column 1 is "picture"/],
    [
      "predicted,na,",
      "predicted,nb,",
      /line 1: the score columns are nb, a, b; those of bcena are "na" and then/,
    ],
    [",unknown,", ",stranger,", /line 3: group is "stranger", not one of known, unknown, unseen/],
    ["unseen,na", 'unseen,"a, b"', /line 4: label is "a, b", not "na"/],
    ["0.987654", "high", /line 2: the score of a, b is "high", not within 0 to 1/],
    ["0.987654", "1.5", /line 2: the score of a, b is "1.5"/],
    ["0.987654", "NaN", /line 2: the score of a, b is "NaN"/],
    ["0.987654", "", /line 2: the score of a, b is ""/],
    ["na,0.9", '"a, b",0.9', /line 4: predicted is "a, b", but the rule of bcena makes "na"/],
    ["val/y/1.JPEG", "val/x/1.JPEG", /line 4: val\/x\/1\.JPEG is already on line 3/],
    ['"a, b",known', "other,known", /line 2: category is "other", not one of the score columns/],
    ["\nval/x/1.JPEG,x,unknown,na,na,0.2,1.23457e-7", "\nval/x", /line 3: 1 cells .* has 7/],
  ];
  for (const [from, to, expected] of cases) {
    const message = await failureAfter(from, to);
    assert.match(message, expected);
    assert.match(
      message,
      /; train the run again with `deno task reproduce --fresh`, or move its folder away$/,
    );
  }
});

Deno.test("predictions.csv without pictures is an error", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await Deno.writeTextFile(path, "path,category,group,label,predicted,na,a\n");
    await assert.rejects(readPredictions(path, BCENA), /there are no pictures in it/);
  }));
