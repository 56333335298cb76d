import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { IMAGENETTE } from "../src/data/imagenette.ts";
import { checkGroups } from "../src/data/image_folder.ts";
import { ARTICLE } from "../src/article/references.ts";
import { ARTICLE_CONTEXT } from "../src/article/report.ts";
import { readResults, type Results, resultsOf } from "../src/report/results.ts";
import { fromOtherStart } from "../src/report/write_report.ts";
import { isFile } from "../src/files/path_kind.ts";
import { readRuns } from "../src/runs/read_runs.ts";
import { SCORES } from "../src/scores/all.ts";
import { isStudy } from "../src/study/unit.ts";
import {
  calibrationError,
  correctAt,
  labelAt,
  openSet,
  RECOMPUTED_SCORES,
  rowsOf,
} from "./recomputed_figures.ts";

const RESULTS = fromFileUrl(new URL("../results", import.meta.url));
const GROUPS = ["known", "unknown", "unseen"] as const;
const CORRECT = ["knownCorrect", "unknownRejected", "unseenRejected"] as const;
const MEASURES = ["auroc", "auprIn", "auprOut", "fprAt95Tpr", "oscrArea"] as const;

type Measures = Results["experiments"][number]["runs"][number]["measures"];

/** The threshold of a decision by its name: argmax is one that rejects nothing. */
function thresholdIn(decision: string): number {
  if (decision === "argmax") return 0;
  const value = Number(decision.replace("threshold ", ""));
  assert.ok(Number.isFinite(value), `decision "${decision}" cannot be repeated here`);
  return value;
}

function assertClose(actual: number, expected: number, what: string) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what} is ${actual}, not ${expected}`);
}

/** The committed results, and the seeds of every experiment in them. */
const COMMITTED: Record<string, number[]> = {
  "imagenette-article": [1, 2, 3],
  "imagenette-article-random": [1],
  "imagenette-quick": [1, 2, 3],
};

Deno.test("all committed results open, and their runs are as they were written", async () => {
  for await (const { name, isDirectory } of Deno.readDir(RESULTS)) {
    // What is no results folder has tests of its own.
    if (!isDirectory || !isFile(join(RESULTS, name, "results.json"))) continue;
    if (isStudy(join(RESULTS, name))) continue;
    await readResults(join(RESULTS, name));
    assert.deepEqual((await readRuns(join(RESULTS, name))).unfinished, []);
  }
});

for (const [folder, seeds] of Object.entries(COMMITTED)) {
  Deno.test(`results/${folder} has a whole training of every published experiment with every seed`, async () => {
    const { experiments, unfinishedRuns } = await readResults(join(RESULTS, folder));
    const names = experiments.map(({ name }) => name);
    for (const { experiment } of ARTICLE.runs) assert.ok(names.includes(experiment), experiment);
    for (const { name, runs } of experiments) {
      assert.deepEqual(runs.map(({ seed }) => seed), seeds, name);
    }
    assert.deepEqual(unfinishedRuns, []);
  });

  Deno.test(`results/${folder} is what the code makes of the committed runs`, async () => {
    const results = await readResults(join(RESULTS, folder));
    const runs = await readRuns(join(RESULTS, folder), ARTICLE_CONTEXT.order);
    for (const score of Object.keys(RECOMPUTED_SCORES)) assert.ok(score in results.scores, score);
    // A score that is new since then comes in when the report is rebuilt.
    const scores = SCORES.filter(({ name }) => name in results.scores);
    const otherStart = await fromOtherStart(join(RESULTS, folder), runs, ARTICLE_CONTEXT);
    const again = resultsOf(runs, ARTICLE_CONTEXT, scores, otherStart);
    assert.deepEqual(JSON.parse(JSON.stringify(again)), results);
    checkGroups(results.dataset.groups);
    assert.deepEqual(results.dataset.counts, IMAGENETTE.counts);
  });

  Deno.test(`every measure of a run in results/${folder} can be computed from its predictions`, async () => {
    const { experiments } = await readResults(join(RESULTS, folder));
    for (const { name, activation, runs } of experiments) {
      for (const run of runs) {
        const path = join(RESULTS, folder, name, `seed-${run.seed}`, "predictions.csv");
        await assertMeasuresOf(run.measures, path, activation);
      }
    }
  });

  Deno.test(`means, spreads and differences in results/${folder} follow from its runs`, async () => {
    assertSummaries(await readResults(join(RESULTS, folder)));
  });
}

/** The runs of PyTorch that the results of a folder stand beside. */
async function pytorchBeside(folder: string): Promise<Results["references"]> {
  const { references } = await readResults(join(RESULTS, folder));
  return references.filter(({ source }) => source === "PyTorch");
}

Deno.test("imagenette-quick ends within 2.5 points of PyTorch's runs of the same setting", async () => {
  const pytorch = await pytorchBeside("imagenette-quick");
  assert.deepEqual(pytorch.map(({ experiment }) => experiment), ["ce", "bce", "bce-na", "bcena"]);
  for (const { experiment, accuracies } of pytorch) {
    assert.ok(accuracies.length > 0);
    for (const { metric, epochs } of accuracies) {
      assertWithinPoints(epochs.at(-1)!, 2.5, `${experiment}: ${metric}`);
    }
  }
});

Deno.test("imagenette-article-random keeps within 2.5 points of PyTorch's run, on average and at its end", async () => {
  const pytorch = await pytorchBeside("imagenette-article-random");
  assert.deepEqual(pytorch.map(({ experiment }) => experiment), ["bcena"]);
  assert.ok(pytorch[0]!.accuracies.length > 0);
  for (const { metric, epochs } of pytorch[0]!.accuracies) {
    const distances = epochs.map(({ ours, reported }) => Math.abs(ours.mean - reported));
    const average = 100 * distances.reduce((sum, distance) => sum + distance, 0) / epochs.length;
    assert.equal(epochs.length, 10);
    assert.ok(average <= 2.5, `${metric} is ${average} points off on average`);
    assertWithinPoints(epochs.at(-1)!, 2.5, metric);
  }
});

function assertWithinPoints(
  { ours, reported }: Results["references"][number]["accuracies"][number]["epochs"][number],
  points: number,
  what: string,
): void {
  const difference = 100 * (ours.mean - reported);
  assert.ok(Math.abs(difference) <= points, `${what} differs by ${difference} points`);
}

async function assertMeasuresOf(
  measures: Measures,
  path: string,
  activation: "softmax" | "sigmoid",
): Promise<void> {
  const rows = await rowsOf(path, activation);
  for (const [decision, counted] of Object.entries(measures.decisions)) {
    const threshold = thresholdIn(decision);
    const correct = GROUPS.map((group) => correctAt(rows, group, threshold));
    assert.deepEqual(CORRECT.map((measure) => counted[measure]), correct);
    assert.equal(counted.totalCorrect, correct.reduce((sum, pictures) => sum + pictures, 0));

    const { columns, known, unknown, unseen } = measures.confusion[decision]!;
    const labels = rows.map((row) => labelAt(row, threshold));
    const countsOf = (isInRow: (row: typeof rows[number]) => boolean) =>
      columns.map((column) =>
        rows.filter((row, index) => isInRow(row) && labels[index] === column).length
      );
    assert.deepEqual(unknown, countsOf(({ group }) => group === "unknown"));
    assert.deepEqual(unseen, countsOf(({ group }) => group === "unseen"));
    assert.deepEqual(
      known,
      columns.slice(0, -1).map((name) => countsOf((row) => row.label === name)),
    );

    for (const { category, group, images, correct } of measures.categories) {
      const ofCategory = rows.filter((row) => row.category === category);
      assert.equal(images, ofCategory.length);
      assert.equal(correct[decision], correctAt(ofCategory, group, threshold));
    }
  }
  for (const point of measures.thresholdSweep) {
    assert.deepEqual(
      CORRECT.map((measure) => point[measure]),
      GROUPS.map((group) => correctAt(rows, group, point.threshold)),
    );
  }
  assert.ok("highest-score" in measures.openSet);
  for (const [score, committed] of Object.entries(measures.openSet)) {
    for (const group of ["unknown", "unseen"] as const) {
      const expected = openSet(rows, group, score);
      if (expected === undefined) continue;
      for (const measure of MEASURES) {
        const what = `${path}: ${measure} of ${score}, ${group}`;
        assertClose(committed[group]![measure], expected[measure], what);
      }
    }
  }
  const { knownLabels, allLabels } = measures.calibration!;
  assertClose(knownLabels.expectedError, calibrationError(rows, false), `${path}: calibration`);
  if (allLabels === null) return;
  assertClose(allLabels.expectedError, calibrationError(rows, true), `${path}: with na`);
}

function assertSummaries({ experiments, differences, comparisons, dataset }: Results): void {
  const images = {
    knownCorrect: dataset.counts.test.known,
    unknownRejected: dataset.counts.test.unknown,
    unseenRejected: dataset.counts.test.unseen,
  };
  for (const { name, runs, summary } of experiments) {
    for (const [decision, counts] of Object.entries(summary.decisions)) {
      for (const measure of CORRECT) {
        const counted = runs.map(({ measures }) => measures.decisions[decision]![measure]);
        const mean = counted.reduce((sum, count) => sum + count, 0) / counted.length;
        const { mean: committed, standardDeviation } = counts[measure];
        assertClose(committed, mean, `${name}: mean of ${measure}`);
        if (counted.length > 1) {
          const squares = counted.reduce((sum, count) => sum + (count - mean) ** 2, 0);
          const deviation = Math.sqrt(squares / (counted.length - 1));
          assertClose(standardDeviation!, deviation, `${name}: deviation of ${measure}`);
        }
        // The ends of Wilson's interval are the shares that lie 1.96 standard errors off.
        const share = mean / images[measure];
        const { low, high } = summary.intervals[decision]![measure]!;
        for (const end of [low, high]) {
          const reach = 1.959963984540054 * Math.sqrt(end * (1 - end) / images[measure]);
          assertClose(Math.abs(share - end), reach, `${name}: end of the interval of ${measure}`);
        }
      }
    }
  }
  const meanOf = (
    name: string,
    value: (measures: Measures) => number,
    isCounted: (seed: number) => boolean,
  ) => {
    const { runs } = experiments.find((experiment) => experiment.name === name)!;
    const own = runs.filter(({ seed }) => isCounted(seed));
    return own.reduce((sum, { measures }) => sum + value(measures), 0) / own.length;
  };
  for (const { first, second, seeds, decisions, openSet } of differences) {
    const between = (value: (measures: Measures) => number) =>
      meanOf(first, value, (seed) => seeds.includes(seed)) -
      meanOf(second, value, (seed) => seeds.includes(seed));
    for (const [decision, shares] of Object.entries(decisions)) {
      for (const measure of CORRECT) {
        const { mean, low, high } = shares[measure]!;
        const expected = between(({ decisions }) => decisions[decision]![measure]);
        assertClose(mean, expected / images[measure], `${first} minus ${second}: ${measure}`);
        assert.ok(low <= mean && mean <= high);
      }
    }
    for (const [score, byGroup] of Object.entries(openSet)) {
      for (const group of ["unknown", "unseen"] as const) {
        for (const measure of ["auroc", "fprAt95Tpr", "oscrArea"] as const) {
          const { mean, low, high } = byGroup[group]![measure];
          const expected = between(({ openSet }) =>
            (openSet[score] ?? openSet["highest-score"]!)[group]![measure]
          );
          assertClose(mean, expected, `${first} minus ${second}: ${measure} of ${score}, ${group}`);
          // Percentile intervals of a share near its end need not hold the share itself.
          assert.ok(low <= high);
        }
      }
    }
  }
  assert.ok(comparisons.length > 0);
  for (const { first, second, differences: shares } of comparisons) {
    const seedsOf = (name: string) =>
      experiments.find((experiment) => experiment.name === name)!.runs.map(({ seed }) => seed);
    const common = (seed: number) =>
      [first, second].every(({ experiment }) => seedsOf(experiment).includes(seed));
    for (const measure of CORRECT) {
      const [own, other] = [first, second].map(({ experiment, decision }) =>
        meanOf(experiment, ({ decisions }) => decisions[decision]![measure], common)
      );
      const expected = (own! - other!) / images[measure];
      assertClose(shares[measure]!.mean, expected, `${first.experiment}: ${measure}`);
    }
  }
}
