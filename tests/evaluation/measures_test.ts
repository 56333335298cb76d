import assert from "node:assert/strict";
import type { Group } from "../../src/data/categories.ts";
import { NA } from "../../src/data/labels.ts";
import { argmax, COMPARED_DECISIONS } from "../../src/evaluation/decisions.ts";
import { measure, oscrCurveAgainst, type RunMeasures } from "../../src/evaluation/measures.ts";
import { openSetMeasures, rankScores } from "../../src/evaluation/open_set.ts";
import type { Prediction, PredictionTable } from "../../src/evaluation/predictions.ts";
import { SCORES } from "../../src/scores/all.ts";
import type { Score } from "../../src/scores/score.ts";
import { picture, tableOf } from "./test_pictures.ts";

function measured(table: PredictionTable): RunMeasures {
  return measure(table, { decisions: COMPARED_DECISIONS, scores: SCORES });
}

const KNOWN = ["n02979186", "n03394916", "n03417042", "n03445777"];
const LABELS = [NA, ...KNOWN];

/** Pictures that threshold .5 turns into a row of a confusion matrix, `na` first. */
function pictures(group: Group, category: string, row: readonly number[]): Prediction[] {
  return row.flatMap((count, given) =>
    Array.from(
      { length: count },
      () =>
        picture(
          group,
          category,
          LABELS.map((_, label) => given === 0 ? 0.2 + 0.01 * label : label === given ? 0.9 : 0.1),
        ),
    )
  );
}

/** The article's confusion matrix of BCENa at threshold .5, as predictions. */
const ARTICLE_BCENA = {
  ...tableOf(LABELS, []),
  predictions: [
    ...pictures("known", KNOWN[0]!, [31, 305, 10, 6, 5]),
    ...pictures("known", KNOWN[1]!, [78, 7, 300, 4, 5]),
    ...pictures("known", KNOWN[2]!, [96, 9, 4, 280, 0]),
    ...pictures("known", KNOWN[3]!, [74, 9, 12, 1, 303]),
    ...pictures("unknown", "n01440764", [1106, 14, 20, 9, 37]),
    ...pictures("unseen", "n02102040", [721, 181, 131, 55, 112]),
  ],
};

Deno.test("predictions like the article's give the article's counts", () => {
  const { images, decisions } = measured(ARTICLE_BCENA);
  assert.deepEqual(images, { known: 1539, unknown: 1186, unseen: 1200 });
  assert.deepEqual(decisions["threshold 0.5"], {
    knownCorrect: 1188,
    unknownRejected: 1106,
    unseenRejected: 721,
    totalCorrect: 3015,
  });
});

Deno.test("confusion matrices have the known rows apart from unknown and unseen, and na last", () => {
  const { confusion } = measured(ARTICLE_BCENA);
  assert.deepEqual(confusion["threshold 0.5"], {
    columns: [...KNOWN, NA],
    known: [[305, 10, 6, 5, 31], [7, 300, 4, 5, 78], [9, 4, 280, 0, 96], [9, 12, 1, 303, 74]],
    unknown: [14, 20, 9, 37, 1106],
    unseen: [181, 131, 55, 112, 721],
  });
});

Deno.test("by argmax a picture is rejected only if na scores highest", () => {
  const table = tableOf([NA, "a"], [
    picture("unseen", "c", [0.2, 0.1]),
    picture("unseen", "c", [0.1, 0.2]),
    picture("unknown", "b", [0.45, 0.1]),
  ]);
  const { decisions } = measured(table);
  assert.equal(decisions["argmax"]!.unseenRejected, 1);
  assert.equal(decisions["argmax"]!.unknownRejected, 1);
  assert.equal(decisions["threshold 0.4"]!.unseenRejected, 2);
  assert.equal(decisions["threshold 0.4"]!.unknownRejected, 1);
});

Deno.test("a known picture whose na scores highest is not correct at any threshold", () => {
  const table = tableOf([NA, "a"], [picture("known", "a", [0.9, 0.8])]);
  const { thresholdSweep } = measured(table);
  assert.ok(thresholdSweep.every(({ knownCorrect }) => knownCorrect === 0));
});

Deno.test("the highest score looks at the known labels alone", () => {
  const table = tableOf([NA, "a", "b"], [
    picture("known", "a", [0.99, 0.6, 0.3]),
    picture("known", "b", [0.01, 0.5, 0.4]),
    picture("unknown", "c", [0.98, 0.2, 0.1]),
    picture("unseen", "d", [0.1, 0.3, 0.55]),
  ]);
  const highest = measured(table).openSet["highest-score"]!;
  assert.equal(highest.unknown?.auroc, 1);
  assert.equal(highest.unseen?.auroc, openSetMeasures(rankScores([0.6, 0.5], [0.55])).auroc);
  // The second known picture scores highest for the other known label: never correct.
  assert.equal(highest.unknown?.oscrArea, 0.5);
  assert.deepEqual(oscrCurveAgainst(table, "unseen")?.ccr.at(-1), 0.5);
});

Deno.test("with the na output counted in, a picture that is surely na is told from a known one", () => {
  const table = tableOf([NA, "a"], [
    picture("known", "a", [0.1, 0.6]),
    picture("unknown", "c", [0.9, 0.7]),
  ]);
  const { openSet } = measured(table);
  assert.equal(openSet["highest-score"]?.unknown?.auroc, 0);
  assert.equal(openSet["known-minus-na"]?.unknown?.auroc, 1);
  assert.equal(openSet["known-minus-na"]?.unseen, null);
});

Deno.test("scores that do not apply are left out", () => {
  const predictions = [picture("known", "a", [0.1, 0.6]), picture("unseen", "c", [0.9, 0.7])];
  const { openSet } = measured(tableOf([NA, "a"], predictions, "zeros"));
  for (const score of ["highest-score", "energy"]) assert.ok(score in openSet, score);
  for (const score of ["max-logit", "known-minus-na"]) assert.ok(!(score in openSet), score);
});

Deno.test("a score fitted in training is read from the predictions, and left out of runs without it", () => {
  const fitted: Score = {
    name: "fitted",
    title: "fitted",
    appliesTo: () => true,
    fit: () => () => 0,
  };
  const predictions = [picture("known", "a", [0.1]), picture("unseen", "c", [0.9])];
  const yardsticks = { decisions: [argmax], scores: [fitted] };
  const withValues = predictions.map((prediction, index) => ({
    ...prediction,
    fittedScores: { fitted: 1 - index },
  }));
  assert.equal(
    measure(tableOf(["a"], withValues), yardsticks).openSet["fitted"]!.unseen!.auroc,
    1,
  );
  assert.deepEqual(measure(tableOf(["a"], predictions), yardsticks).openSet, {});
  assert.throws(
    () => measure(tableOf(["a"], [withValues[0]!, predictions[1]!]), yardsticks),
    /val\/c\/0\.JPEG has no score "fitted", which is fitted in training/,
  );
});

Deno.test("the labels of an unknown decision are taken as they were saved", () => {
  const predictions = [
    { ...picture("known", "a", [0.1, 0.9]), predicted: "b" },
    { ...picture("unseen", "c", [0.1, 0.9]), predicted: NA },
  ];
  const { decisions, confusion, categories } = measured(tableOf(["a", "b"], predictions));
  assert.deepEqual(Object.keys(decisions), [
    ...COMPARED_DECISIONS.map(({ name }) => name),
    "its own",
  ]);
  assert.equal(decisions["its own"]!.unseenRejected, 1);
  assert.deepEqual(confusion["its own"]!.known, [[0, 1, 0], [0, 0, 0]]);
  assert.equal(categories[1]!.correct["its own"], 1);
});

Deno.test("calibration is of known pictures, with na as a wrong answer and without", () => {
  const table = tableOf([NA, "a", "b"], [
    picture("known", "a", [0.75, 0.5, 0.25]),
    picture("known", "a", [0.25, 0.5, 0.25]),
    picture("unseen", "s", [0.01, 0.99, 0.01]),
  ]);
  const { knownLabels, allLabels } = measured(table).calibration!;
  assert.ok(Math.abs(knownLabels.expectedError - 0.5) < 1e-12);
  assert.ok(Math.abs(allLabels!.expectedError - (0.75 + 0.5) / 2) < 1e-12);
  const withoutNa = tableOf(["a"], [picture("known", "a", [0.9])]);
  assert.equal(measured(withoutNa).calibration!.allLabels, null);
});

Deno.test("a group without pictures has no open-set measures, and nothing becomes NaN", () => {
  const table = tableOf(["a"], [picture("known", "a", [0.9])]);
  const measures = measured(table);
  assert.deepEqual(measures.openSet["highest-score"], { unknown: null, unseen: null });
  assert.equal(oscrCurveAgainst(table, "unknown"), null);
  assert.ok(!JSON.stringify(measures.decisions).includes("null"), "JSON writes NaN as null");
});

Deno.test("a data set whose pictures are all to be rejected is measured", () => {
  const measures = measured(tableOf([NA, "a"], [picture("unseen", "c", [0.2, 0.1])]));
  assert.deepEqual(measures.openSet["highest-score"], { unknown: null, unseen: null });
  assert.equal(measures.calibration, null);
  assert.equal(measures.decisions["argmax"]!.totalCorrect, 1);
});

Deno.test("categories come in groups, each with its own correct pictures", () => {
  const { categories } = measured(ARTICLE_BCENA);
  assert.deepEqual(categories.map(({ category }) => category), [
    ...KNOWN,
    "n01440764",
    "n02102040",
  ]);
  const last = categories.at(-1)!;
  assert.deepEqual([last.group, last.images, last.correct["threshold 0.5"]], ["unseen", 1200, 721]);
});

Deno.test("the sweep has the decisions' thresholds and grows in rejections", () => {
  const { decisions, thresholdSweep } = measured(ARTICLE_BCENA);
  for (const threshold of [0.4, 0.5]) {
    const { threshold: _, ...counts } = thresholdSweep.find((point) =>
      point.threshold === threshold
    )!;
    assert.deepEqual(counts, decisions[`threshold ${threshold}`]);
  }
  thresholdSweep.slice(1).forEach((point, index) =>
    assert.ok(point.unseenRejected >= thresholdSweep[index]!.unseenRejected)
  );
});

Deno.test("a score that is NaN is an error", () => {
  const table = tableOf(["a"], [picture("known", "a", [NaN])]);
  assert.throws(() => measured(table), /not a number/);
});
