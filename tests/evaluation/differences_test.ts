import assert from "node:assert/strict";
import {
  experimentDifferences,
  pairRuns,
  rightDifferences,
  type SeededRun,
} from "../../src/evaluation/differences.ts";
import { evaluate } from "../../src/evaluation/evaluate.ts";
import type { Prediction } from "../../src/evaluation/predictions.ts";
import { type ExperimentName, experimentNamed } from "../../src/experiments.ts";
import { randomStream } from "../../src/random.ts";
import { picture } from "./test_pictures.ts";

const RESAMPLES = 400;

/** A run on 60 known, 40 unknown and 40 unseen pictures; `skill` lifts the right scores. */
function run(name: ExperimentName, seed: number, skill: number): SeededRun {
  const experiment = experimentNamed(name);
  const random = randomStream(name, seed);
  const labels = experiment.naClass ? ["na", "a", "b"] : ["a", "b"];
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
  return { experiment, seed, predictions: { labels, predictions } };
}

function reversed(some: SeededRun): SeededRun {
  const { labels, predictions } = some.predictions;
  return { ...some, predictions: { labels, predictions: predictions.toReversed() } };
}

Deno.test("differences are those of the experiments' figures, averaged over the seeds", () => {
  const runs = [
    run("bce-na", 1, 0.2),
    run("bce-na", 2, 0.3),
    run("bcena", 1, 0.4),
    run("bcena", 2, 0.35),
  ];
  const [pair] = experimentDifferences(pairRuns(runs, RESAMPLES));
  const figures = runs.map(({ predictions }) => evaluate(predictions));
  const perSeed = (value: (figure: typeof figures[number]) => number) =>
    [0, 1].map((seed) => value(figures[2 + seed]!) - value(figures[seed]!));
  const close = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-12);
  const [one, two] = perSeed(({ decisions }) => decisions["threshold 0.5"].unseenRejected / 40);
  const unseen = pair!.decisions["threshold 0.5"].unseenRejected!;
  close(unseen.mean, (one! + two!) / 2);
  close(unseen.standardDeviation!, Math.abs(one! - two!) / Math.SQRT2);
  const [first, second] = perSeed(({ openSet }) => openSet.unknown!.auroc);
  close(pair!.openSet.unknown!.auroc.mean, (first! + second!) / 2);
  assert.deepEqual(pair!.seeds, [1, 2]);
});

Deno.test("intervals hold the difference, and between equal networks they are 0", () => {
  const paired = pairRuns([run("bce-na", 1, 0.2), run("bcena", 1, 0.2)], RESAMPLES);
  const [pair] = experimentDifferences(paired);
  for (const { mean, low, high } of Object.values(pair!.openSet.unseen!)) {
    assert.ok(low <= mean && mean <= high, `${low} ${mean} ${high}`);
  }
  const same = { ...run("bce-na", 1, 0.2), experiment: experimentNamed("bcena") };
  const [none] = experimentDifferences(pairRuns([run("bce-na", 1, 0.2), same], RESAMPLES));
  assert.deepEqual(none!.openSet.unknown!.auroc, {
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

Deno.test("the na output counts only for the experiment that learns it", () => {
  const runs = [run("ce", 1, 0.2), run("bce-na", 1, 0.2), run("bcena", 1, 0.3)];
  const paired = pairRuns(runs, RESAMPLES);
  const [naAgainstCe, bcenaAgainstCe, bcenaAgainstNa] = experimentDifferences(paired);
  assert.equal(bcenaAgainstCe!.openSetWithNa, null);
  const [ce, bceNa, bcena] = runs.map(({ predictions }) => evaluate(predictions));
  const auroc = (pair: typeof naAgainstCe) => pair!.openSetWithNa!.unseen!.auroc.mean;
  const margin = bceNa!.openSetWithNa!.unseen!.auroc;
  assert.ok(Math.abs(auroc(naAgainstCe) - (margin - ce!.openSet.unseen!.auroc)) < 1e-12);
  assert.ok(Math.abs(auroc(bcenaAgainstNa) - (bcena!.openSet.unseen!.auroc - margin)) < 1e-12);
});

Deno.test("two decisions on the same network can be compared", () => {
  const paired = pairRuns([run("bce-na", 1, 0.2)], RESAMPLES);
  const { decisions } = evaluate(paired.runs[0]!.predictions);
  const { unseenRejected } = rightDifferences(
    paired,
    { experiment: "bce-na", decision: "threshold 0.5" },
    { experiment: "bce-na", decision: "argmax" },
    [1],
  );
  const counted = decisions["threshold 0.5"].unseenRejected - decisions.argmax.unseenRejected;
  assert.ok(counted > 0 && Math.abs(unseenRejected!.mean - counted / 40) < 1e-12);
  assert.ok(unseenRejected!.low >= 0, "a threshold rejects what argmax rejects");
});

Deno.test("a group without pictures has no differences", () => {
  const known = ({ predictions: { labels, predictions }, ...rest }: SeededRun): SeededRun => ({
    ...rest,
    predictions: { labels, predictions: predictions.filter(({ group }) => group !== "unseen") },
  });
  const runs = [known(run("ce", 1, 0.2)), known(run("bce-na", 1, 0.3))];
  const [pair] = experimentDifferences(pairRuns(runs, RESAMPLES));
  assert.equal(pair!.decisions.argmax.unseenRejected, null);
  assert.equal(pair!.openSet.unseen, null);
  assert.equal(pair!.openSetWithNa!.unseen, null);
  assert.ok(pair!.openSet.unknown !== null);
});

Deno.test("runs on different pictures, or none, are an error", () => {
  const other = run("bce", 1, 0.2);
  const { labels, predictions } = other.predictions;
  const shorter = { ...other, predictions: { labels, predictions: predictions.slice(1) } };
  assert.throws(
    () => pairRuns([run("ce", 4, 0.2), shorter]),
    /bce, seed 1 was not tested on the pictures of ce, seed 4/,
  );
  assert.throws(() => pairRuns([]), /no runs to compare/);
});
