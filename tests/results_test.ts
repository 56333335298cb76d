import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { IMAGENETTE } from "../src/data/imagenette.ts";
import { checkGroups } from "../src/data/splits.ts";
import { EXPERIMENT_NAMES } from "../src/experiments.ts";
import { readResults, type Results, resultsOf } from "../src/report/results.ts";
import { readRuns } from "../src/runs/read_runs.ts";
import { answerAt, calibrationError, openSet, rightAt, rowsOf } from "./recomputed_figures.ts";

const RESULTS = fromFileUrl(new URL("../results", import.meta.url));
const THRESHOLDS = { "argmax": 0, "threshold 0.4": 0.4, "threshold 0.5": 0.5 } as const;
const DECISIONS = ["argmax", "threshold 0.4", "threshold 0.5"] as const;
const GROUPS = ["known", "unknown", "unseen"] as const;
const RIGHT = ["knownRight", "unknownRejected", "unseenRejected"] as const;
const FIGURES = ["auroc", "auprIn", "auprOut", "fprAt95Tpr", "oscrArea"] as const;

type Run = Results["experiments"][number]["runs"][number];

function assertClose(actual: number, expected: number, what: string) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what} is ${actual}, not ${expected}`);
}

/** The committed results and their seeds. */
const COMMITTED = { "imagenette-article": [1], "imagenette-quick": [1, 2, 3] };

for (const [folder, seeds] of Object.entries(COMMITTED)) {
  Deno.test(`results/${folder} has a whole training of every experiment with every seed`, async () => {
    const { experiments, unfinishedRuns } = await readResults(join(RESULTS, folder));
    assert.deepEqual(experiments.map(({ name }) => name), EXPERIMENT_NAMES);
    for (const { runs } of experiments) assert.deepEqual(runs.map(({ seed }) => seed), seeds);
    assert.deepEqual(unfinishedRuns, []);
  });

  Deno.test(`results/${folder} is what the code makes of the committed runs`, async () => {
    const results = await readResults(join(RESULTS, folder));
    assert.deepEqual(
      JSON.parse(JSON.stringify(resultsOf(await readRuns(join(RESULTS, folder))))),
      results,
    );
    checkGroups(results.dataset.groups);
    assert.deepEqual(results.dataset.counts, IMAGENETTE.counts);
  });

  Deno.test(`every figure of a run in results/${folder} can be computed from its predictions`, async () => {
    for (const { name, runs } of (await readResults(join(RESULTS, folder))).experiments) {
      for (const run of runs) {
        const path = join(RESULTS, folder, name, `seed-${run.seed}`, "predictions.csv");
        await assertFiguresOf(run.figures, path);
      }
    }
  });

  Deno.test(`means, spreads and differences in results/${folder} follow from its runs`, async () => {
    assertSummaries(await readResults(join(RESULTS, folder)));
  });
}

Deno.test("imagenette-quick ends within 2.5 points of PyTorch's runs of the same setting", async () => {
  const { pytorch } = await readResults(join(RESULTS, "imagenette-quick"));
  assert.deepEqual(pytorch.map(({ experiment }) => experiment), ["ce", "bce", "bce-na", "bcena"]);
  for (const { experiment, accuracies } of pytorch) {
    for (const { metric, epochs } of accuracies) {
      assertWithinPoints(epochs.at(-1)!, 2.5, `${experiment}: ${metric}`);
    }
  }
});

Deno.test("imagenette-article keeps within 2.5 points of PyTorch's run, on average and at its end", async () => {
  const { pytorch } = await readResults(join(RESULTS, "imagenette-article"));
  assert.deepEqual(pytorch.map(({ experiment }) => experiment), ["bcena"]);
  for (const { metric, epochs } of pytorch[0]!.accuracies) {
    const distances = epochs.map(({ ours, pytorch }) => Math.abs(ours.mean - pytorch));
    const average = 100 * distances.reduce((sum, distance) => sum + distance, 0) / epochs.length;
    assert.equal(epochs.length, 10);
    assert.ok(average <= 2.5, `${metric} is ${average} points off on average`);
    assertWithinPoints(epochs.at(-1)!, 2.5, metric);
  }
});

function assertWithinPoints(
  { ours, pytorch }: Results["pytorch"][number]["accuracies"][number]["epochs"][number],
  points: number,
  what: string,
): void {
  const difference = 100 * (ours.mean - pytorch);
  assert.ok(Math.abs(difference) <= points, `${what} differs by ${difference} points`);
}

async function assertFiguresOf(figures: Run["figures"], path: string): Promise<void> {
  const rows = await rowsOf(path);
  for (const decision of DECISIONS) {
    const counted = figures.decisions[decision];
    const right = GROUPS.map((group) => rightAt(rows, group, THRESHOLDS[decision]));
    assert.deepEqual(RIGHT.map((field) => counted[field]), right);
    assert.equal(counted.totalRight, right.reduce((sum, pictures) => sum + pictures, 0));

    const { columns, known, unknown, unseen } = figures.confusion[decision];
    const answers = rows.map((row) => answerAt(row, THRESHOLDS[decision]));
    const countsOf = (isInRow: (row: typeof rows[number]) => boolean) =>
      columns.map((column) =>
        rows.filter((row, index) => isInRow(row) && answers[index] === column).length
      );
    assert.deepEqual(unknown, countsOf(({ group }) => group === "unknown"));
    assert.deepEqual(unseen, countsOf(({ group }) => group === "unseen"));
    assert.deepEqual(
      known,
      columns.slice(0, -1).map((name) => countsOf((row) => row.label === name)),
    );

    for (const { category, group, images, right } of figures.categories) {
      const ofCategory = rows.filter((row) => row.category === category);
      assert.equal(images, ofCategory.length);
      assert.equal(right[decision], rightAt(ofCategory, group, THRESHOLDS[decision]));
    }
  }
  for (const point of figures.thresholdSweep) {
    assert.deepEqual(
      RIGHT.map((field) => point[field]),
      GROUPS.map((group) => rightAt(rows, group, point.threshold)),
    );
  }
  for (const group of ["unknown", "unseen"] as const) {
    for (const marginOverNa of [false, true]) {
      const committed = marginOverNa ? figures.openSetWithNa : figures.openSet;
      if (committed === null) continue;
      const expected = openSet(rows, group, marginOverNa);
      for (const field of FIGURES) {
        assertClose(committed[group]![field], expected[field], `${path}: ${field}, ${group}`);
      }
    }
  }
  const { knownLabels, allLabels } = figures.calibration!;
  assertClose(knownLabels.expectedError, calibrationError(rows, false), `${path}: calibration`);
  if (allLabels === null) return;
  assertClose(allLabels.expectedError, calibrationError(rows, true), `${path}: with na`);
}

function assertSummaries({ experiments, differences, dataset }: Results): void {
  const images = {
    knownRight: dataset.counts.test.known,
    unknownRejected: dataset.counts.test.unknown,
    unseenRejected: dataset.counts.test.unseen,
  };
  for (const { name, runs, summary } of experiments) {
    for (const decision of DECISIONS) {
      for (const field of RIGHT) {
        const counts = runs.map(({ figures }) => figures.decisions[decision][field]);
        const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
        const { mean: committed, standardDeviation } = summary.decisions[decision][field];
        assertClose(committed, mean, `${name}: mean of ${field}`);
        if (counts.length > 1) {
          const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
          const deviation = Math.sqrt(squares / (counts.length - 1));
          assertClose(standardDeviation!, deviation, `${name}: deviation of ${field}`);
        }
        // The ends of Wilson's interval are the shares that lie 1.96 standard errors off.
        const share = mean / images[field];
        const { low, high } = summary.intervals[decision][field]!;
        for (const end of [low, high]) {
          const reach = 1.959963984540054 * Math.sqrt(end * (1 - end) / images[field]);
          assertClose(Math.abs(share - end), reach, `${name}: end of the interval of ${field}`);
        }
      }
    }
  }
  for (const { first, second, seeds, decisions, openSet } of differences) {
    const meanOf = (name: string, value: (figures: Run["figures"]) => number) => {
      const { runs } = experiments.find((experiment) => experiment.name === name)!;
      const own = runs.filter(({ seed }) => seeds.includes(seed));
      return own.reduce((sum, { figures }) => sum + value(figures), 0) / own.length;
    };
    const between = (value: (figures: Run["figures"]) => number) =>
      meanOf(first, value) - meanOf(second, value);
    for (const decision of DECISIONS) {
      for (const field of RIGHT) {
        const { mean, low, high } = decisions[decision][field]!;
        const expected = between((figures) => figures.decisions[decision][field]) / images[field];
        assertClose(mean, expected, `${first} minus ${second}: ${field}`);
        assert.ok(low <= mean && mean <= high);
      }
    }
    for (const group of ["unknown", "unseen"] as const) {
      for (const field of ["auroc", "fprAt95Tpr", "oscrArea"] as const) {
        const { mean, low, high } = openSet[group]![field];
        const expected = between((figures) => figures.openSet[group]![field]);
        assertClose(mean, expected, `${first} minus ${second}: ${field}, ${group}`);
        // Percentile intervals of a share near its end need not hold the share itself.
        assert.ok(low <= high);
      }
    }
  }
}
