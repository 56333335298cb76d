import assert from "node:assert/strict";
import { join } from "@std/path";
import * as article from "../../src/article/experiments.ts";
import { describe } from "../../src/experiments.ts";
import { writeWholeFile } from "../../src/files/whole_file.ts";
import { predictionsText, readPredictions } from "../../src/runs/predictions_file.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const BCENA = describe(article.bcena);
const BCE = describe(article.bce);
const { decision } = article.bcena;
const IMAGES = [
  { path: "val/a, b/1.JPEG", category: "a, b", group: "known" },
  { path: "val/x/1.JPEG", category: "x", group: "unknown" },
  { path: "val/y/1.JPEG", category: "y", group: "unseen" },
] as const;
const OUTPUTS = {
  labels: ["na", "a, b"],
  images: IMAGES,
  logits: [[-2, 3.1234567891], [-1.5, 1.23456789012e-7], new Float32Array([2, -0.1])],
};

async function writePredictions(...about: Parameters<typeof predictionsText>): Promise<void> {
  await writeWholeFile(about[0], predictionsText(...about));
}

/** Lets a number be compared with one that was computed in another way. */
function rounded(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toPrecision(12)));
}

/** Writes good predictions, damages them and says how reading fails. */
async function failureAfter(from: string, to: string): Promise<string> {
  let message = "";
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, decision, OUTPUTS);
    await edit(path, from, to);
    const error = await readPredictions(path, BCENA).then(() => undefined, (error) => error);
    message = String(error?.message).replace(`${folder}/`, "");
  });
  return message;
}

Deno.test("predictions.csv has the agreed columns, nine digits and na for what is not known", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, decision, OUTPUTS);
    assert.equal(
      await Deno.readTextFile(path),
      'path,category,group,label,predicted,logit:na,"logit:a, b"\n' +
        '"val/a, b/1.JPEG","a, b",known,"a, b","a, b",-2,3.12345679\n' +
        'val/x/1.JPEG,x,unknown,na,"a, b",-1.5,1.23456789e-7\n' +
        "val/y/1.JPEG,y,unseen,na,na,2,-0.100000001\n",
    );
  }));

Deno.test("predictions come back as they were written, with their scores", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    await writePredictions(path, BCENA, decision, OUTPUTS);
    const { labels, activation, predictions } = await readPredictions(path, BCENA);
    assert.deepEqual(labels, OUTPUTS.labels);
    assert.equal(activation, "sigmoid");
    const { scores, ...rest } = predictions[1]!;
    assert.deepEqual(rest, {
      ...IMAGES[1],
      label: "na",
      predicted: "a, b",
      logits: [-1.5, 1.23456789e-7],
    });
    assert.deepEqual(
      rounded(scores),
      rounded([1 / (1 + Math.exp(1.5)), 1 / (1 + Math.exp(-1.23456789e-7))]),
    );
  }));

Deno.test("nine digits tell any two 32-bit floats apart", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const logits = [[1.00000012, 1.00000024], [-0, 3e-39], [1e30, 16777216]]
      .map((row) => new Float32Array(row));
    await writePredictions(path, BCENA, decision, { ...OUTPUTS, logits });
    const { predictions } = await readPredictions(path, BCENA);
    predictions.forEach(({ logits: read }, index) =>
      assert.deepEqual([...new Float32Array(read)].map(String), [...logits[index]!].map(String))
    );
  }));

Deno.test("the label follows from the logits as they are written, not from lost digits", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    // Equal as written, so that the first one of them counts.
    const logits = [[1, 1.0000000001], [-9, -9], [-9, -9]];
    await writePredictions(path, BCENA, decision, { ...OUTPUTS, logits });
    const { predictions } = await readPredictions(path, BCENA);
    assert.equal(predictions[0]!.predicted, "na");
  }));

Deno.test("an experiment without an output for na still labels other pictures na", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const outputs = { labels: ["a, b"], images: IMAGES, logits: [[2], [1], [-7]] };
    await writePredictions(path, BCE, article.bce.decision, outputs);
    const { predictions } = await readPredictions(path, BCE);
    assert.deepEqual(predictions.map(({ label }) => label), ["a, b", "na", "na"]);
    assert.deepEqual(predictions.map(({ predicted }) => predicted), ["a, b", "a, b", "a, b"]);
  }));

Deno.test("labels of a decision that the project does not know are taken as they are", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const last = { name: "always last", phrase: "by the last", decide: () => 1 };
    const experiment = describe({ ...article.bcena, decision: last });
    await writePredictions(path, experiment, last, OUTPUTS);
    const table = await readPredictions(path, experiment);
    assert.equal(table.decision, "always last");
    assert.deepEqual(table.predictions.map(({ predicted }) => predicted), Array(3).fill("a, b"));
  }));

Deno.test("a logit that is not finite is not written, and no file appears", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    for (const bad of [NaN, -Infinity, Infinity]) {
      const logits = [[0.1, bad], [0, 0], [0, 0]];
      await assert.rejects(
        writePredictions(path, BCENA, decision, { ...OUTPUTS, logits }),
        /val\/a, b\/1\.JPEG: the logit of a, b is .*, not a finite number/,
      );
    }
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("logits that do not fit the pictures or the labels are not written", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "predictions.csv");
    const write = (logits: number[][], images: readonly (typeof IMAGES)[number][] = IMAGES) =>
      writePredictions(path, BCENA, decision, { ...OUTPUTS, images, logits });
    await assert.rejects(write([[0.1, 0.2]]), /1 rows of logits for 3 pictures/);
    await assert.rejects(write([[0.1], [0.1], [0.1]]), /1 logits for the labels na, a, b/);
    await assert.rejects(write([], []), /no test pictures/);
  }));

Deno.test("damage in predictions.csv is named with file, line, column, value and the remedy", async () => {
  const cases: readonly [string, string, RegExp][] = [
    ["path,category", "picture,category", /^predictions\.csv, line 1: column 1 is "picture"/],
    [
      "logit:na,",
      "logit:nb,",
      /line 1: the columns of the outputs are nb, a, b; those of bcena are "na" and then/,
    ],
    ["logit:na,", "na,", /line 1: a column is "na", not "logit:" and a label/],
    [",unknown,", ",stranger,", /line 3: group is "stranger", not one of known, unknown, unseen/],
    ["unseen,na", 'unseen,"a, b"', /line 4: label is "a, b", not "na"/],
    ["3.12345679", "high", /line 2: the logit of a, b is "high", not a finite number/],
    ["3.12345679", "NaN", /line 2: the logit of a, b is "NaN"/],
    ["3.12345679", "Infinity", /line 2: the logit of a, b is "Infinity"/],
    ["3.12345679", "", /line 2: the logit of a, b is ""/],
    [
      "na,na,2",
      'na,"a, b",2',
      /line 4: predicted is "a, b", but the decision of bcena \(threshold 0\.4\) gives "na"/,
    ],
    ["na,na,2", "na,someone,2", /line 4: predicted is "someone", not na or one of the outputs/],
    ["val/y/1.JPEG", "val/x/1.JPEG", /line 4: val\/x\/1\.JPEG is already on line 3/],
    ['"a, b",known', "other,known", /line 2: category is "other", not one of the outputs/],
    [
      '\nval/x/1.JPEG,x,unknown,na,"a, b",-1.5,1.23456789e-7',
      "\nval/x",
      /line 3: 1 cells .* has 7/,
    ],
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
    await Deno.writeTextFile(path, "path,category,group,label,predicted,logit:na,logit:a\n");
    await assert.rejects(readPredictions(path, BCENA), /it has no pictures/);
  }));
