import assert from "node:assert/strict";
import { argmax, COMPARED_DECISIONS, threshold } from "../../src/evaluation/decisions.ts";
import {
  correctDifferences,
  experimentDifferences as differencesBy,
  type PairedRuns,
  pairRuns,
  resampleWithinGroups,
  type SeededRun,
} from "../../src/evaluation/differences.ts";
import { measure } from "../../src/evaluation/measures.ts";
import {
  openSetMeasures,
  rankedMeasures,
  rankPictures,
  type ScoredPicture,
} from "../../src/evaluation/open_set.ts";
import type { Prediction, PredictionTable } from "../../src/evaluation/predictions.ts";
import { randomStream } from "../../src/random.ts";
import { SCORES } from "../../src/scores/all.ts";
import { openSetOf } from "../recomputed_figures.ts";
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

/** Known pictures in places 0 to 39, others in 40 to 69, with many scores that are the same. */
function somePictures(): ScoredPicture[] {
  const random = randomStream("pictures");
  return Array.from({ length: 70 }, (_, place) => {
    const known = place < 40;
    const score = Math.round(20 * (0.6 * random() + (known ? 0.3 : 0))) / 20;
    return { place, score, known, correct: known && random() < 0.8 };
  });
}

/** Measured in another way, with every picture written down as often as it was drawn. */
function repeated(pictures: readonly ScoredPicture[], counts: Uint16Array) {
  const drawn = pictures.flatMap((picture) =>
    Array.from({ length: counts[picture.place]! }, () => picture)
  );
  return openSetOf(
    drawn.filter(({ known }) => known),
    drawn.filter(({ known }) => !known).map(({ score }) => score),
  );
}

function assertClose<T extends string>(
  actual: Readonly<Record<T, number>>,
  expected: Readonly<Record<NoInfer<T>, number>>,
): void {
  for (const name of Object.keys(actual) as T[]) {
    assert.ok(Math.abs(actual[name] - expected[name]) < 1e-12, `${name} is ${actual[name]}`);
  }
}

Deno.test("measures on a resample are those of the repeated pictures", () => {
  const pictures = somePictures();
  const ranked = rankPictures(pictures);
  for (const counts of resampleWithinGroups([40, 30], 50, randomStream("resamples"))) {
    assertClose(rankedMeasures(ranked, counts), repeated(pictures, counts));
  }
});

Deno.test("with every picture once, they are the measures of the test set", () => {
  const pictures = somePictures();
  const once = new Uint16Array(70).fill(1);
  assertClose(openSetMeasures(rankPictures(pictures)), repeated(pictures, once));
  assertClose(rankedMeasures(rankPictures(pictures), once), repeated(pictures, once));
});

Deno.test("every group keeps its size, and the same stream gives the same resamples", () => {
  const draw = () => resampleWithinGroups([3, 0, 5], 20, randomStream("seed"));
  const resamples = draw();
  assert.equal(resamples.length, 20);
  for (const counts of resamples) {
    assert.equal(counts.subarray(0, 3).reduce((sum, count) => sum + count, 0), 3);
    assert.equal(counts.subarray(3).reduce((sum, count) => sum + count, 0), 5);
  }
  assert.deepEqual(draw(), resamples);
  assert.ok(new Set(resamples.map(String)).size > 1);
});
