import assert from "node:assert/strict";
import { type Group, NA } from "../../src/data/categories.ts";
import { evaluate, oscrCurveAgainst } from "../../src/evaluation/evaluate.ts";
import { auroc } from "../../src/evaluation/open_set.ts";
import type { Prediction } from "../../src/evaluation/predictions.ts";
import { picture } from "./test_pictures.ts";

const KNOWN = ["n02979186", "n03394916", "n03417042", "n03445777"];
const LABELS = [NA, ...KNOWN];

/** Pictures that threshold .5 turns into a row of a confusion matrix, `na` first. */
function pictures(group: Group, category: string, row: readonly number[]): Prediction[] {
  return row.flatMap((count, answer) =>
    Array.from(
      { length: count },
      () =>
        picture(
          group,
          category,
          LABELS.map((_, label) =>
            answer === 0 ? 0.2 + 0.01 * label : label === answer ? 0.9 : 0.1
          ),
        ),
    )
  );
}

/** The article's confusion matrix of BCENa at threshold .5, as predictions. */
const ARTICLE_BCENA = {
  labels: LABELS,
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
  const { images, decisions } = evaluate(ARTICLE_BCENA);
  assert.deepEqual(images, { known: 1539, unknown: 1186, unseen: 1200 });
  assert.deepEqual(decisions["threshold 0.5"], {
    knownRight: 1188,
    unknownRejected: 1106,
    unseenRejected: 721,
    totalRight: 3015,
  });
});

Deno.test("confusion matrices have the known rows apart from unknown and unseen, and na last", () => {
  const { confusion } = evaluate(ARTICLE_BCENA);
  assert.deepEqual(confusion["threshold 0.5"], {
    columns: [...KNOWN, NA],
    known: [[305, 10, 6, 5, 31], [7, 300, 4, 5, 78], [9, 4, 280, 0, 96], [9, 12, 1, 303, 74]],
    unknown: [14, 20, 9, 37, 1106],
    unseen: [181, 131, 55, 112, 721],
  });
});

Deno.test("by argmax a picture is rejected only if na scores highest", () => {
  const table = {
    labels: [NA, "a"],
    predictions: [
      picture("unseen", "c", [0.2, 0.1]),
      picture("unseen", "c", [0.1, 0.2]),
      picture("unknown", "b", [0.45, 0.1]),
    ],
  };
  const { decisions } = evaluate(table);
  assert.equal(decisions.argmax.unseenRejected, 1);
  assert.equal(decisions.argmax.unknownRejected, 1);
  assert.equal(decisions["threshold 0.4"].unseenRejected, 2);
  assert.equal(decisions["threshold 0.4"].unknownRejected, 1);
});

Deno.test("a known picture whose na scores highest is not right at any threshold", () => {
  const table = { labels: [NA, "a"], predictions: [picture("known", "a", [0.9, 0.8])] };
  const { thresholdSweep } = evaluate(table);
  assert.ok(thresholdSweep.every(({ knownRight }) => knownRight === 0));
});

Deno.test("open-set figures look at the known labels' scores alone", () => {
  const table = {
    labels: [NA, "a", "b"],
    predictions: [
      picture("known", "a", [0.99, 0.6, 0.3]),
      picture("known", "b", [0.01, 0.5, 0.4]),
      picture("unknown", "c", [0.98, 0.2, 0.1]),
      picture("unseen", "d", [0.1, 0.3, 0.55]),
    ],
  };
  const { openSet } = evaluate(table);
  assert.equal(openSet.unknown?.auroc, 1);
  assert.equal(openSet.unseen?.auroc, auroc([0.6, 0.5], [0.55]));
  // The second known picture scores highest for the other known label: never right.
  assert.equal(openSet.unknown?.oscrArea, 0.5);
  assert.deepEqual(oscrCurveAgainst(table, "unseen")?.ccr.at(-1), 0.5);
});

Deno.test("with the na output counted in, a picture that is surely na is told from a known one", () => {
  const predictions = [
    picture("known", "a", [0.1, 0.6]),
    picture("unknown", "c", [0.9, 0.7]),
  ];
  const { openSet, openSetWithNa } = evaluate({ labels: [NA, "a"], predictions });
  assert.equal(openSet.unknown?.auroc, 0);
  assert.equal(openSetWithNa?.unknown?.auroc, 1);
  assert.equal(openSetWithNa?.unseen, null);
});

Deno.test("calibration is of known pictures, with na as a wrong answer and without", () => {
  const table = {
    labels: [NA, "a", "b"],
    predictions: [
      picture("known", "a", [0.75, 0.5, 0.25]),
      picture("known", "a", [0.25, 0.5, 0.25]),
      picture("unseen", "s", [0, 1, 0]),
    ],
  };
  const figures = evaluate(table).calibration!;
  assert.equal(figures.knownLabels.expectedError, 0.5);
  assert.equal(figures.allLabels!.expectedError, (0.75 + 0.5) / 2);
  assert.equal(
    evaluate({ labels: ["a"], predictions: [picture("known", "a", [1])] })
      .calibration!.allLabels,
    null,
  );
});

Deno.test("a group without pictures has no open-set figures, and nothing becomes NaN", () => {
  const table = { labels: ["a"], predictions: [picture("known", "a", [0.9])] };
  const figures = evaluate(table);
  assert.deepEqual(figures.openSet, { unknown: null, unseen: null });
  assert.equal(oscrCurveAgainst(table, "unknown"), null);
  assert.ok(!JSON.stringify(figures.decisions).includes("null"), "JSON writes NaN as null");
});

Deno.test("a data set whose pictures are all to be rejected is evaluated", () => {
  const table = { labels: [NA, "a"], predictions: [picture("unseen", "c", [0.2, 0.1])] };
  const figures = evaluate(table);
  assert.deepEqual(figures.openSet, { unknown: null, unseen: null });
  assert.equal(figures.calibration, null);
  assert.equal(figures.decisions.argmax.totalRight, 1);
});

Deno.test("categories come in groups, each with its own right answers", () => {
  const { categories } = evaluate(ARTICLE_BCENA);
  assert.deepEqual(categories.map(({ category }) => category), [
    ...KNOWN,
    "n01440764",
    "n02102040",
  ]);
  const last = categories.at(-1)!;
  assert.deepEqual([last.group, last.images, last.right["threshold 0.5"]], ["unseen", 1200, 721]);
});

Deno.test("the sweep has the decisions' thresholds and grows in rejections", () => {
  const { decisions, thresholdSweep } = evaluate(ARTICLE_BCENA);
  for (const threshold of [0.4, 0.5]) {
    const { threshold: _, ...counts } = thresholdSweep.find((point) =>
      point.threshold === threshold
    )!;
    assert.deepEqual(counts, decisions[`threshold ${threshold}` as "threshold 0.4"]);
  }
  thresholdSweep.slice(1).forEach((point, index) =>
    assert.ok(point.unseenRejected >= thresholdSweep[index]!.unseenRejected)
  );
});

Deno.test("a score that is NaN is an error", () => {
  const table = { labels: ["a"], predictions: [picture("known", "a", [NaN])] };
  assert.throws(() => evaluate(table), /not a number/);
});
