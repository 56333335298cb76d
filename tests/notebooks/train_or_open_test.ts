import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { bcena, ce } from "../../src/article/experiments.ts";
import { stopBackend } from "../../src/backend/start_backend.ts";
import { bcena as modifiedBinaryCrossEntropy } from "../../src/losses/bcena.ts";
import type { Loss, LossInput } from "../../src/losses/loss.ts";
import { DISPLAY, paragraph } from "../../src/notebooks/show.ts";
import { trainOrOpen } from "../../src/notebooks/train_or_open.ts";
import type { Setting } from "../../src/notebooks/setting.ts";
import { resultsOf } from "../../src/report/results.ts";
import { SCORES } from "../../src/scores/all.ts";
import { energy } from "../../src/scores/energy.ts";
import type { Score } from "../../src/scores/score.ts";
import { patternedPicture, writePicture } from "../data/pictures.ts";
import { inTemporaryFolder, namesIn } from "../temporary_folder.ts";
import { withReproduction } from "../tiny_reproduction.ts";
import { tiny, TINY_PROFILE } from "../training/synthetic_data.ts";

type TrainingSetting = Omit<Setting, "profile">;

/** Runs a test with a setting that has no results yet, and no backend. */
function withSetting(test: (setting: TrainingSetting) => Promise<void>): Promise<void> {
  return withReproduction(async ({ dataset, seeds, out, cacheFolder }) => {
    await stopBackend();
    await test({
      dataset,
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
    assert.equal(trained.value[0]!.history.length, 3);

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
    const namesOf = (runs: typeof value) =>
      runs.map(({ experiment, seed }) => [experiment.name, seed]);
    assert.deepEqual(namesOf(value), [["bcena", 4]]);
    const both = { ...setting, seeds: [3, 4] };
    const all = await printed(() => trainOrOpen(both, tiny(bcena), tiny(ce)));
    const order = [["bcena", 3], ["bcena", 4], ["ce", 3], ["ce", 4]];
    assert.deepEqual(namesOf(all.value), order, "by experiment, then by seed");
    const profile = { ...TINY_PROFILE, batchSize: 5 };
    await assert.rejects(
      trainOrOpen(setting, tiny(ce, profile)),
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
    const { value: runs } = await printed(() => trainOrOpen(withScores, own));
    const results = resultsOf({ finished: runs, unfinished: [] }, undefined, [
      ...SCORES,
      opposite,
      fitted,
    ]);
    assert.deepEqual(results.experiments.map(({ title }) => title), ["My own"]);
    const { openSet } = results.experiments[0]!.runs[0]!.measures;
    const auroc = (score: string) => openSet[score]!.unseen!.auroc;
    assert.ok(Math.abs(auroc("opposite") + auroc("energy") - 1) < 1e-12);
    assert.equal(auroc("fitted"), 0.5);
    await assert.rejects(
      trainOrOpen({ ...setting, scores: [energy, energy] }, own),
      /^Error: two scores are named "energy"/,
    );
    assert.equal(runs[0]!.config.loss.title, "Squared error");
    const opened = await printed(() => withoutThreads(() => trainOrOpen(setting, own)));
    assert.deepEqual(opened.value, runs);
  }));

Deno.test("a loss that was changed in its cell is refused in one line, and trained again when told so", () =>
  withSetting(async (setting) => {
    const factor = { value: 1 };
    // Its source does not tell what the factor is.
    const scaled: Loss = {
      ...modifiedBinaryCrossEntropy,
      value: (input, labels) =>
        tf.mul(factor.value, modifiedBinaryCrossEntropy.value(input, labels)) as tf.Scalar,
    };
    const own = tiny({ ...bcena, name: "own", loss: scaled });
    const { value: [first] } = await printed(() => trainOrOpen(setting, own));
    factor.value = 3;
    await assert.rejects(
      trainOrOpen(setting, own),
      /own\/seed-3\/config\.json: a finished run with another loss \(bcena\); give the experiment another name, .* in a notebook fresh: true\)$/,
    );
    const { value: [again] } = await printed(() => trainOrOpen({ ...setting, fresh: true }, own));
    assert.notDeepEqual(again!.predictions, first!.predictions);
    const { value: [opened] } = await printed(() => trainOrOpen(setting, own));
    assert.deepEqual(opened, again);
  }));

Deno.test("what a cell made wrong is told in one line before anything is trained", () =>
  withSetting(async (setting) => {
    const rejects = async (changes: object, complaint: RegExp) => {
      const experiment = { ...tiny(bcena), ...changes };
      await assert.rejects(printed(() => trainOrOpen(setting, experiment)), complaint);
      assert.equal(namesIn(setting.out).length, 0);
    };
    await Deno.mkdir(setting.out);
    const loss = { ...modifiedBinaryCrossEntropy };
    await rejects(
      { loss: { ...loss, value: undefined } },
      /^Error: experiments\[0\]\.loss\.value is undefined, not function$/,
    );
    await rejects(
      { loss: { ...loss, value: ({ logits }: LossInput) => tf.mean(logits, 1) } },
      /^Error: experiment "bcena": loss "bcena" returns a tensor of shape \[3\]; value\(/,
    );
    await rejects({ name: "a/b" }, /^Error: experiment "a\/b": its results cannot lie in a folder/);
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
