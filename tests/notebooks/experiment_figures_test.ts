import assert from "node:assert/strict";
import { DISPLAY, type Displayable } from "../../src/notebooks/show.ts";
import {
  confusionFigure,
  recallRejectionFigure,
  sweepFigure,
  trainingFigure,
} from "../../src/notebooks/experiment_figures.ts";
import type { ExperimentRuns } from "../../src/notebooks/experiment_runs.ts";
import { resultsOf } from "../../src/report/results.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { textsOf } from "../plots/snapshots.ts";
import { type SyntheticRun, writeSyntheticRun } from "../report/synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const GROUPS = { known: ["k1", "k2"], unknown: ["u"], unseen: ["s"] };

/** Runs a test with runs of random scores. */
function withRuns(
  runs: readonly SyntheticRun[],
  test: (found: ExperimentRuns) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    for (const run of runs) await writeSyntheticRun(folder, { groups: GROUPS, ...run });
    const found = await readRuns(folder);
    await test({ results: resultsOf(found), runs: found.finished });
  });
}

/** The texts of a figure's drawing, and the values behind its marks. */
async function contentOf(figure: Displayable): Promise<{ texts: string[]; spec: string }> {
  const bundle = await figure[DISPLAY]();
  const spec = JSON.stringify(bundle["application/vnd.vegalite.v5+json"]);
  return { texts: textsOf(String(bundle["image/svg+xml"])), spec };
}

Deno.test("a confusion matrix has the rows that are asked for", () =>
  withRuns([{ experiment: "bcena", seed: 1 }], async (found) => {
    const known = await contentOf(confusionFigure(found, "bcena", "argmax", ["known"]));
    assert.ok(known.texts.includes("BCENa, argmax: known pictures, seed 1"));
    assert.ok(!known.texts.includes("na"), "no known picture got na, so that it has no column");
    const trained = ["known", "unknown"] as const;
    const { texts } = await contentOf(confusionFigure(found, "bcena", "threshold 0.5", trained));
    assert.ok(texts.includes("BCENa, threshold 0.5: known and unknown pictures, seed 1"));
    assert.ok(texts.includes("na"));
    assert.ok(texts.includes("unknown"));
    assert.ok(!texts.includes("unseen"));
  }));

Deno.test("the cells of a confusion matrix are the means over the seeds", () =>
  withRuns([1, 2].map((seed) => ({ experiment: "ce", seed })), async (found) => {
    const all = ["known", "unknown", "unseen"] as const;
    const { texts, spec } = await contentOf(confusionFigure(found, "ce", "argmax", all));
    assert.ok(texts.includes("Cross-entropy, argmax: all pictures, mean of 2 seeds"));
    const counts = [...spec.matchAll(/"count":([\d.]+)/g)].map((match) => Number(match[1]));
    const confusion = (run: number) => {
      const { known, unknown, unseen } = found.results.experiments[0]!.runs[run]!.measures
        .confusion.argmax!;
      return [...known, unknown, unseen].flat();
    };
    const other = confusion(1);
    assert.deepEqual(counts, confusion(0).map((count, index) => (count + other[index]!) / 2));
  }));

Deno.test("groups without pictures have no row and no panel", () => {
  const groups = { known: ["k1", "k2"], unknown: ["u"], unseen: [] };
  return withRuns([{ experiment: "bcena", seed: 1, groups }], async (found) => {
    const all = ["known", "unknown", "unseen"] as const;
    const matrix = await contentOf(confusionFigure(found, "bcena", "argmax", all));
    assert.ok(!matrix.texts.includes("unseen"));
    const curves = await contentOf(recallRejectionFigure(found));
    assert.ok(curves.texts.includes("unknown pictures rejected"));
    assert.ok(!curves.texts.includes("unseen pictures rejected"));
  });
});

Deno.test("training curves of the article's own setting have the article's below them", () =>
  withRuns([{ experiment: "bcena", seed: 1, datasetName: "gestures" }], async (found) => {
    const own = await contentOf(trainingFigure(found, "bcena"));
    assert.ok(!own.spec.includes("article"));
    const { dataset, profile } = found.results;
    const results = {
      ...found.results,
      dataset: { ...dataset, name: "imagenette" },
      profile: { ...profile, name: "article" },
    };
    const beside = await contentOf(trainingFigure({ ...found, results }, "bcena"));
    assert.ok(beside.spec.includes("article"));
  }));

Deno.test("a sweep shows one experiment, with a line for each seed", () =>
  withRuns(
    [
      { experiment: "ce", seed: 1 },
      ...[1, 2].map((seed) => ({ experiment: "bcena", seed } as const)),
    ],
    async (found) => {
      const { texts, spec } = await contentOf(sweepFigure(found, "bcena"));
      assert.ok(texts.includes("BCENa"));
      assert.ok(!texts.includes("Cross-entropy"));
      const runs = new Set([...spec.matchAll(/"run":(\d+)/g)].map((match) => match[1]));
      assert.deepEqual([...runs], ["0", "1"]);
    },
  ));

Deno.test("recall against rejection shows every experiment against both groups", () =>
  withRuns(
    (["ce", "bcena"] as const).flatMap((experiment) =>
      [1, 2].map((seed) => ({ experiment, seed }))
    ),
    async (found) => {
      const { texts, spec } = await contentOf(recallRejectionFigure(found));
      for (const text of ["Cross-entropy", "BCENa", "unknown pictures rejected"]) {
        assert.ok(texts.includes(text), text);
      }
      assert.ok(spec.length < 40_000, `${spec.length} letters`);
    },
  ));

Deno.test("a figure of an experiment without runs is an error that names it", () =>
  withRuns([{ experiment: "ce", seed: 1 }], (found) => {
    assert.throws(() => sweepFigure(found, "bcena"), /there are no runs of "bcena"/);
    return Promise.resolve();
  }));
