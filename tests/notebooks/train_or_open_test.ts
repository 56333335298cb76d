import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { bcena, ce } from "../../src/article/experiments.ts";
import { stopBackend } from "../../src/backend/start_backend.ts";
import { bcena as modifiedBinaryCrossEntropy } from "../../src/losses/bcena.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { DISPLAY, paragraph } from "../../src/notebooks/show.ts";
import { trainOrOpen } from "../../src/notebooks/experiment_runs.ts";
import type { Setting } from "../../src/notebooks/setting.ts";
import { energy } from "../../src/scores/energy.ts";
import type { Score } from "../../src/scores/score.ts";
import { patternedPicture, writePicture } from "../data/pictures.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";
import { withReproduction } from "../tiny_reproduction.ts";
import { tiny, TINY_PROFILE } from "../training/synthetic_data.ts";

/** Runs a test with a setting that has no results yet, and no backend. */
function withSetting(test: (setting: Setting) => Promise<void>): Promise<void> {
  return withReproduction(async ({ dataset, seeds, out, cacheFolder }) => {
    await stopBackend();
    await test({
      dataset,
      profile: TINY_PROFILE,
      seeds,
      out,
      cacheFolder: cacheFolder!,
      [DISPLAY]: paragraph("a setting")[DISPLAY],
    });
  });
}

/** What a function prints. */
async function printed<T>(action: () => Promise<T>): Promise<{ value: T; text: string }> {
  const lines: unknown[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => lines.push(...values);
  try {
    return { value: await action(), text: lines.join("\n") };
  } finally {
    console.log = log;
  }
}

/** Makes sure that no backend of ours can start. */
async function withoutThreads<T>(action: () => Promise<T>): Promise<T> {
  const { Worker } = globalThis;
  globalThis.Worker = class {
    constructor() {
      throw new Error("a thread was started");
    }
  } as unknown as typeof Worker;
  try {
    return await action();
  } finally {
    globalThis.Worker = Worker;
  }
}

Deno.test("missing runs are trained, and saved ones opened without a backend", () =>
  withSetting(async (setting) => {
    const trained = await printed(() => trainOrOpen(setting, tiny(ce)));
    assert.match(trained.text, /^Trained into .*results: ce, seed 3\.$/);
    assert.equal(tf.getBackend(), "cpu", "the backend that trained is stopped");
    assert.equal(trained.value.runs[0]!.history.length, 3);

    const opened = await printed(() => withoutThreads(() => trainOrOpen(setting, tiny(ce))));
    assert.match(opened.text, /^Opened from .*results: ce, seed 3\.$/);
    assert.deepEqual(opened.value, trained.value);

    // As results come out of version control.
    await Deno.remove(join(setting.out, "ce/seed-3/model"), { recursive: true });
    const cloned = await printed(() => withoutThreads(() => trainOrOpen(setting, tiny(ce))));
    assert.deepEqual(cloned, opened);
  }));

Deno.test("runs that were not asked for are left out, and those of another setting an error", () =>
  withSetting(async (setting) => {
    await printed(() => trainOrOpen({ ...setting, seeds: [3, 4] }, tiny(ce), tiny(bcena)));
    const { value } = await printed(() => trainOrOpen({ ...setting, seeds: [4] }, tiny(bcena)));
    assert.deepEqual(value.runs.map(({ experiment, seed }) => [experiment.name, seed]), [
      ["bcena", 4],
    ]);
    assert.deepEqual(value.results.experiments.map(({ name, runs }) => [name, runs.length]), [
      ["bcena", 1],
    ]);
    const profile = { ...setting.profile, batchSize: 5 };
    await assert.rejects(
      trainOrOpen({ ...setting, profile }, tiny(ce)),
      /ce\/seed-3\/config\.json: a finished run with another profile/,
    );
  }));

Deno.test("a loss and scores of a cell are trained and measured as any others, and opened again", () =>
  withSetting(async (setting) => {
    const brier: Loss = {
      ...modifiedBinaryCrossEntropy,
      name: "brier",
      title: "Squared error",
      value: ({ logits }, labels) =>
        tf.tidy(() => {
          const targets = tf.tensor2d(brier.targets(labels, logits.shape[1]), logits.shape);
          return tf.mean(tf.square(tf.sub(tf.sigmoid(logits), targets))) as tf.Scalar;
        }),
    };
    const own = tiny({ ...bcena, name: "own", title: "My own", loss: brier });
    const opposite: Score = {
      name: "opposite",
      title: "opposite of the energy",
      appliesTo: () => true,
      of: (network) => (picture) => -energy.of!(network)(picture),
    };
    const fitted: Score = {
      name: "fitted",
      title: "a constant",
      appliesTo: () => true,
      fit: (_network, training) => () => training.length,
    };
    const withScores = { ...setting, scores: [opposite, fitted] };
    const { value: { results, runs } } = await printed(() => trainOrOpen(withScores, own));
    assert.deepEqual(results.experiments.map(({ title }) => title), ["My own"]);
    const { openSet } = results.experiments[0]!.runs[0]!.measures;
    const auroc = (score: string) => openSet[score]!.unseen!.auroc;
    assert.ok(Math.abs(auroc("opposite") + auroc("energy") - 1) < 1e-12);
    assert.equal(auroc("fitted"), 0.5);
    await assert.rejects(
      trainOrOpen({ ...setting, scores: [energy] }, own),
      /^Error: two scores are named "energy"/,
    );
    assert.equal(runs[0]!.config.loss.title, "Squared error");
    const opened = await printed(() => withoutThreads(() => trainOrOpen(setting, own)));
    assert.deepEqual(opened.value.runs, runs);
    const other = { ...own, loss: { ...brier, options: { power: 3 } } };
    await assert.rejects(trainOrOpen(setting, other), /own\/seed-3\/config\.json: a finished run /);
  }));

Deno.test("an interrupted training leaves a checkpoint, and goes on from there", () =>
  inTemporaryFolder(async (folder) => {
    for (const category of ["a", "b"]) {
      for (const [split, count] of [["train", 6], ["val", 3]] as const) {
        for (let i = 0; i < count; i++) {
          const path = join(folder, "pictures", split, category, `${i}.png`);
          await writePicture(path, patternedPicture(20, 18, i));
        }
      }
    }
    const file = JSON.stringify({ name: "own", known: ["a", "b"] });
    await Deno.writeTextFile(join(folder, "pictures/dataset.json"), file);
    const interrupted = await trainInProcess(folder, "interrupt");
    const message = "training was interrupted; run the cell again to continue it";
    assert.ok(interrupted.endsWith(`${message}\nagain: ${message}\n`), interrupted);
    assert.deepEqual(namesIn(join(folder, "results/ce/seed-1")), ["checkpoint.bin"]);
    const finished = await trainInProcess(folder);
    assert.match(finished, /Trained into .*results: ce, seed 1\.\nepochs: 0,1,2\n/);
  }));

/** Not in this process, whose tests end at the first interruption. */
async function trainInProcess(folder: string, ...options: readonly string[]): Promise<string> {
  const program = fromFileUrl(new URL("./train_in_process.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "-A",
      program,
      join(folder, "pictures"),
      join(folder, "results"),
      ...options,
    ],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
