import assert from "node:assert/strict";
import { argmax, COMPARED_DECISIONS, threshold } from "../../src/evaluation/decisions.ts";
import {
  correctDifferences,
  experimentDifferences as differencesBy,
  type PairedRuns,
  pairRuns,
  type SeededRun,
} from "../../src/evaluation/differences.ts";
import { measure } from "../../src/evaluation/measures.ts";
import type { Prediction, PredictionTable } from "../../src/evaluation/predictions.ts";
import { randomStream } from "../../src/random.ts";
import { SCORES } from "../../src/scores/all.ts";
import { picture, tableOf } from "./test_pictures.ts";

const RESAMPLES = 400;
const YARDSTICKS = { decisions: COMPARED_DECISIONS, scores: SCORES };
const NA_TARGETS: Readonly<Record<string, PredictionTable["naTarget"]>> = {
  "bce-na": "output",
  "bcena": "zeros",
};

function experimentDifferences(paired: PairedRuns) {
  return differencesBy(paired, YARDSTICKS);
}

function measured(table: PredictionTable) {
  return measure(table, YARDSTICKS);
}

/** A run on 60 known, 40 unknown and 40 unseen pictures; `skill` lifts the correct scores. */
function run(experiment: string, seed: number, skill: number): SeededRun {
  const random = randomStream(experiment, seed);
  const naTarget = NA_TARGETS[experiment] ?? "untrained";
  const labels = naTarget === "untrained" ? ["a", "b"] : ["na", "a", "b"];
  const of = (group: "known" | "unknown" | "unseen", category: string, count: number) =>
    Array.from({ length: count }, (_, index): Prediction => {
      const scores = labels.map((label) => 0.5 * random() + (label === category ? skill : 0));
      return picture(group, category, scores, index);
    });
  const predictions = [
    ...of("known", "a", 30),
    ...of("known", "b", 30),
    ...of("unknown", "u", 40),
    ...of("unseen", "s", 40),
  ];
  return { experiment, seed, predictions: tableOf(labels, predictions, naTarget) };
}

function withPictures(some: SeededRun, of: (all: readonly Prediction[]) => Prediction[]) {
  const { predictions } = some;
  return { ...some, predictions: { ...predictions, predictions: of(predictions.predictions) } };
}

function reversed(some: SeededRun): SeededRun {
  return withPictures(some, (pictures) => pictures.toReversed());
}

Deno.test("differences are those of the experiments' measures, averaged over the seeds", () => {
  const runs = [
    run("bce-na", 1, 0.2),
    run("bce-na", 2, 0.3),
    run("bcena", 1, 0.4),
    run("bcena", 2, 0.35),
  ];
  const [pair] = experimentDifferences(pairRuns(runs, RESAMPLES));
  const measures = runs.map(({ predictions }) => measured(predictions));
  const perSeed = (value: (of: typeof measures[number]) => number) =>
    [0, 1].map((seed) => value(measures[2 + seed]!) - value(measures[seed]!));
  const close = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-12);
  const [one, two] = perSeed(({ decisions }) => decisions["threshold 0.5"]!.unseenRejected / 40);
  const unseen = pair!.decisions["threshold 0.5"]!.unseenRejected!;
  close(unseen.mean, (one! + two!) / 2);
  close(unseen.standardDeviation!, Math.abs(one! - two!) / Math.SQRT2);
  const [first, second] = perSeed(({ openSet }) => openSet["highest-score"]!.unknown!.auroc);
  close(pair!.openSet["highest-score"]!.unknown!.auroc.mean, (first! + second!) / 2);
  assert.deepEqual(pair!.seeds, [1, 2]);
});

Deno.test("intervals hold the difference, and between equal networks they are 0", () => {
  const paired = pairRuns([run("bce-na", 1, 0.2), run("bcena", 1, 0.2)], RESAMPLES);
  const [pair] = experimentDifferences(paired);
  for (const { mean, low, high } of Object.values(pair!.openSet["highest-score"]!.unseen!)) {
    assert.ok(low <= mean && mean <= high, `${low} ${mean} ${high}`);
  }
  const same = { ...run("bce-na", 1, 0.2), experiment: "bcena" };
  const [none] = experimentDifferences(pairRuns([run("bce-na", 1, 0.2), same], RESAMPLES));
  assert.deepEqual(none!.openSet["highest-score"]!.unknown!.auroc, {
    mean: 0,
    standardDeviation: null,
    low: 0,
    high: 0,
  });
});

Deno.test("the order of the pictures in a file does not matter, and results repeat exactly", () => {
  const runs = [run("ce", 1, 0.2), run("bcena", 1, 0.3)];
  const expected = experimentDifferences(pairRuns(runs, RESAMPLES));
  const turned = [runs[0]!, reversed(runs[1]!)];
  assert.deepEqual(experimentDifferences(pairRuns(turned, RESAMPLES)), expected);
});

Deno.test("only seeds that both experiments have are compared", () => {
  const runs = [run("ce", 1, 0.2), run("ce", 2, 0.2), run("bce", 2, 0.3), run("bcena", 3, 0.3)];
  const pairs = experimentDifferences(pairRuns(runs, RESAMPLES));
  assert.deepEqual(pairs.map(({ first, second, seeds }) => [first, second, seeds]), [
    ["bce", "ce", [2]],
  ]);
});

Deno.test("an experiment that a score does not apply to is judged by its highest known score", () => {
  const runs = [run("ce", 1, 0.2), run("bce-na", 1, 0.2), run("bcena", 1, 0.3)];
  const paired = pairRuns(runs, RESAMPLES);
  const [naAgainstCe, bcenaAgainstCe, bcenaAgainstNa] = experimentDifferences(paired);
  assert.ok(!("known-minus-na" in bcenaAgainstCe!.openSet));
  const [ce, bceNa, bcena] = runs.map(({ predictions }) => measured(predictions).openSet);
  const auroc = (pair: typeof naAgainstCe) => pair!.openSet["known-minus-na"]!.unseen!.auroc.mean;
  const margin = bceNa!["known-minus-na"]!.unseen!.auroc;
  const highest = (openSet: typeof ce) => openSet!["highest-score"]!.unseen!.auroc;
  assert.ok(Math.abs(auroc(naAgainstCe) - (margin - highest(ce))) < 1e-12);
  assert.ok(Math.abs(auroc(bcenaAgainstNa) - (highest(bcena) - margin)) < 1e-12);
});

Deno.test("two decisions on the same network can be compared", () => {
  const paired = pairRuns([run("bce-na", 1, 0.2)], RESAMPLES);
  const { decisions } = measured(paired.runs[0]!.predictions);
  const { unseenRejected } = correctDifferences(
    paired,
    { experiment: "bce-na", decision: threshold(0.5) },
    { experiment: "bce-na", decision: argmax },
    [1],
  );
  const counted = decisions["threshold 0.5"]!.unseenRejected - decisions["argmax"]!.unseenRejected;
  assert.ok(counted > 0 && Math.abs(unseenRejected!.mean - counted / 40) < 1e-12);
  assert.ok(unseenRejected!.low >= 0, "a threshold rejects what argmax rejects");
});

Deno.test("a group without pictures has no differences", () => {
  const known = (some: SeededRun): SeededRun =>
    withPictures(some, (pictures) => pictures.filter(({ group }) => group !== "unseen"));
  const runs = [known(run("ce", 1, 0.2)), known(run("bce-na", 1, 0.3))];
  const [pair] = experimentDifferences(pairRuns(runs, RESAMPLES));
  assert.equal(pair!.decisions["argmax"]!.unseenRejected, null);
  assert.equal(pair!.openSet["highest-score"]!.unseen, null);
  assert.equal(pair!.openSet["known-minus-na"]!.unseen, null);
  assert.ok(pair!.openSet["highest-score"]!.unknown !== null);
});

Deno.test("runs on different pictures, or none, are an error", () => {
  const other = run("bce", 1, 0.2);
  const shorter = withPictures(other, (pictures) => pictures.slice(1));
  assert.throws(
    () => pairRuns([run("ce", 4, 0.2), shorter]),
    /bce, seed 1 was not tested on the pictures of ce, seed 4/,
  );
  assert.throws(() => pairRuns([]), /no runs to compare/);
});
