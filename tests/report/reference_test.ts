import assert from "node:assert/strict";
import { renderMarkdown } from "../../src/report/render_document.ts";
import { reportDocument } from "../../src/report/document.ts";
import { type ReportContext, STANDALONE } from "../../src/report/context.ts";
import type { Reference, ReferenceRun } from "../../src/report/reference.ts";
import { type Results, resultsOf } from "../../src/report/results.ts";
import { readRuns, type Run } from "../../src/runs/read_runs.ts";
import { SMALL_GROUPS, writeSyntheticRun } from "./synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const EPOCHS = [0.45, 0.7].map((accuracy) => ({
  phase: "scratch",
  train_loss: 1,
  valid_loss: 1,
  accuracy,
  accuracy_without_na: null,
  accuracy_with_na: 0.5,
}));

/** Of the 18 known, 12 unknown and 6 unseen pictures of a synthetic run. */
function reference(run: Partial<ReferenceRun>, made: Partial<Reference> = {}): Reference {
  return {
    source: "program",
    description: "Made by a program.",
    dataset: "imagenette",
    profiles: ["quick"],
    published: false,
    images: { known: 100, unknown: 12, unseen: 6 },
    runs: [{ experiment: "bcena", ...run }],
    ...made,
  };
}

async function beside(...references: Reference[]): Promise<{ results: Results; markdown: string }> {
  const context: ReportContext = { ...STANDALONE, references };
  let results: Results | undefined;
  let runs: readonly Run[] = [];
  await inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1, groups: SMALL_GROUPS });
    const found = await readRuns(folder);
    runs = found.finished;
    results = resultsOf(found, context);
  });
  return {
    results: results!,
    markdown: renderMarkdown(reportDocument(results!, runs, context)),
  };
}

Deno.test("epochs are compared up to the last one that both have, where both have the metric", async () => {
  const { results: { references: [program] } } = await beside(reference({ epochs: EPOCHS }));
  assert.deepEqual(program!.accuracies.map(({ metric, epochs }) => [metric, epochs.length]), [
    ["accuracy", 2],
    ["accuracy_with_na", 2],
  ]);
  // The synthetic run has 0.5 and 0.6.
  assert.deepEqual(program!.accuracies[0]!.epochs[1], {
    ours: { mean: 0.6, standardDeviation: null },
    reported: 0.7,
  });
});

Deno.test("shares are of the pictures that each was tested on", async () => {
  const counts = { argmax: { knownCorrect: 50 } };
  const { results, markdown } = await beside(reference({ counts }));
  const [{ images, reportedImages, difference, ours }] = results.references[0]!.counts as [
    Results["references"][number]["counts"][number],
  ];
  assert.deepEqual([images, reportedImages], [18, 100]);
  assert.ok(Math.abs(difference.mean - (ours.mean / 18 - 0.5)) < 1e-12);
  assert.ok(difference.low < difference.mean && difference.mean < difference.high);
  assert.match(markdown, /<b>Beside what others report<\/b>: .*<\/summary>\n\nMade by a program\./);
  assert.match(markdown, /\| BCENa \| argmax \| known correct \| .* \| 50 \(50\.0%\) \|/);
  assert.doesNotMatch(markdown, /\| {2}\| program \|/);
});

Deno.test("a publication stands in the main table, also of another profile, but not its epochs", async () => {
  const published = reference(
    { epochs: EPOCHS, counts: { argmax: { unseenRejected: 3 } } },
    { published: true, profiles: ["long"] },
  );
  const { results, markdown } = await beside(published);
  assert.deepEqual(results.references[0]!.accuracies, []);
  assert.match(markdown, /\| {2}\| program \| – \| – \| 3 \(50\.0%\) \| – \|/);
  assert.match(markdown, /come from the profile long and not from quick; .* for orientation only/);
});

Deno.test("references of other settings, experiments or decisions are left out", async () => {
  const counts = { argmax: { knownCorrect: 50 } };
  const { results, markdown } = await beside(
    reference({ counts }, { dataset: "gestures" }),
    reference({ counts }, { profiles: ["long"] }),
    reference({ counts, experiment: "another" }),
    reference({ counts: { "threshold 0.9": { knownCorrect: 50 } } }, { source: "strict" }),
  );
  assert.deepEqual(results.references.map(({ source, counts }) => [source, counts.length]), [
    ["strict", 0],
  ]);
  assert.doesNotMatch(markdown, /Beside what others report|program/);
});

Deno.test("a matrix is shown for every decision that a reference has one of", async () => {
  const confusions = {
    "threshold 0.5": {
      known: ["k1", "k2", "k3"],
      rows: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
    },
    "threshold 0.4": { known: ["k1"], rows: [[1, 0]] },
  };
  const { markdown } = await beside(reference({ confusions }));
  assert.match(markdown, /BCENa, threshold 0\.5, as reported by program/);
  // Of other categories.
  assert.doesNotMatch(markdown, /threshold 0\.4, as reported/);
  const figures = [...markdown.matchAll(/figures\/(confusion-\S+)\.svg/g)].map(([, name]) => name);
  assert.deepEqual(figures, [
    "confusion-bcena-argmax-known",
    "confusion-bcena-argmax-all",
    "confusion-bcena-threshold-0.4-known",
    "confusion-bcena-threshold-0.4-all",
    "confusion-bcena-threshold-0.5-known",
    "confusion-bcena-threshold-0.5-program",
    "confusion-bcena-threshold-0.5-all",
  ]);
});
