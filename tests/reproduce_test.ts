import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "@std/path";
import { type RunningBackend, startBackend, stopBackend } from "../src/backend/select.ts";
import type { CategoryGroups } from "../src/data/categories.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { readImageFolder } from "../src/data/image_folder.ts";
import { loadImages } from "../src/data/load_images.ts";
import { experimentNamed, EXPERIMENTS } from "../src/experiments.ts";
import { loadLayersModel } from "../src/model/layers_format.ts";
import { type Reproduction, runExperiments } from "../src/reproduce.ts";
import { readPredictions } from "../src/report/predictions_file.ts";
import { readResults } from "../src/report/results.ts";
import { writeReport } from "../src/report/write_report.ts";
import { patternedPicture, writePicture } from "./data/pictures.ts";
import { inTemporaryFolder, namesIn } from "./temporary_folder.ts";
import { TINY_PROFILE } from "./training/synthetic_data.ts";

const GROUPS: CategoryGroups = {
  known: ["cat, <i>black", 'dog "x"'],
  unknown: ["fish"],
  unseen: ["żuk"],
};

async function tinyDataset(root: string): Promise<Dataset> {
  let seed = 0;
  for (const [group, categories] of Object.entries(GROUPS)) {
    for (const category of categories) {
      for (const [split, count] of [["train", 6], ["val", 3]] as const) {
        if (split === "train" && group === "unseen") continue;
        for (let i = 0; i < count; i++) {
          const picture = patternedPicture(20 + i, 18, ++seed);
          await writePicture(join(root, split, category, `${i}.png`), picture);
        }
      }
    }
  }
  return {
    name: "tiny",
    root,
    groups: GROUPS,
    categoryNames: {},
    splits: await readImageFolder(root, GROUPS),
  };
}

function withReproduction(
  test: (reproduction: Reproduction, log: string[]) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const backend: RunningBackend = await startBackend("simd");
    const log: string[] = [];
    try {
      await test({
        dataset: await tinyDataset(join(folder, "pictures")),
        profile: TINY_PROFILE,
        experiments: EXPERIMENTS,
        seeds: [3],
        backend,
        out: join(folder, "results"),
        cacheFolder: join(folder, "cache"),
        fresh: false,
        log: (line) => log.push(line),
      }, log);
    } finally {
      await stopBackend();
    }
  });
}

Deno.test("all experiments leave model, history, predictions and configuration, and a report", () =>
  withReproduction(async (reproduction) => {
    await runExperiments(reproduction);
    const { out } = reproduction;
    const files = ["config.json", "history.csv", "model", "predictions.csv"];
    for (const { name } of EXPERIMENTS) {
      assert.deepEqual(namesIn(join(out, name, "seed-3")), files);
    }
    await writeReport(out);
    const results = await readResults(out);
    assert.deepEqual(
      results.experiments.map(({ name }) => name),
      EXPERIMENTS.map(({ name }) => name),
    );
    assert.deepEqual(results.unfinishedRuns, []);
    const html = await Deno.readTextFile(join(out, "report.html"));
    assert.ok(html.includes("cat, &lt;i&gt;black") && !html.includes("<i>black"));
  }));

Deno.test("the saved model gives the scores of predictions.csv", () =>
  withReproduction(async (reproduction) => {
    const experiment = experimentNamed("bcena");
    await runExperiments({ ...reproduction, experiments: [experiment] });
    const folder = join(reproduction.out, "bcena", "seed-3");
    const { predictions } = await readPredictions(join(folder, "predictions.csv"), experiment);
    const paths = predictions.map(({ path }) => join(reproduction.dataset.root, path));
    const { images, count, size } = await loadImages(paths, TINY_PROFILE.size);
    const { model } = await loadLayersModel(join(folder, "model"));
    const scores = tf.tidy(() =>
      (model.predict(tf.tensor4d(images, [count, size, size, 3])) as tf.Tensor2D).arraySync()
    );
    predictions.forEach((prediction, row) =>
      prediction.scores.forEach((score, column) =>
        assert.ok(Math.abs(score - scores[row]![column]!) < 1e-4, `${prediction.path}`)
      )
    );
    model.dispose();
  }));

Deno.test("finished runs are kept, unless they are to be fresh", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [experimentNamed("ce")] };
    const predictions = join(reproduction.out, "ce", "seed-3", "predictions.csv");
    await runExperiments(once);
    await Deno.utime(predictions, 0, 0);
    const isUntouched = async () => (await Deno.stat(predictions)).mtime?.getTime() === 0;
    const text = await Deno.readTextFile(predictions);
    await runExperiments(once);
    assert.match(log.at(-1)!, /finished earlier, kept/);
    assert.ok(await isUntouched());
    await Deno.remove(join(predictions, "..", "model"), { recursive: true });
    await runExperiments(once);
    assert.match(log.at(-3)!, /not the network behind them; training it/);
    assert.ok(!await isUntouched());
    await Deno.utime(predictions, 0, 0);
    await runExperiments({ ...once, fresh: true });
    assert.ok(!await isUntouched());
    assert.equal(await Deno.readTextFile(predictions), text, "the same seed gives the same bits");
  }));

Deno.test("a stopped reproduction continues to the predictions of one that ran through", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [experimentNamed("bce-na")] };
    await runExperiments(once);
    const stoppedOut = `${reproduction.out}-stopped`;
    const controller = new AbortController();
    // Training has begun, and the first step not ended, when this fires.
    const log = (line: string) => line.includes("training on") && controller.abort();
    const stopped = { ...once, out: stoppedOut, signal: controller.signal, log };
    await assert.rejects(runExperiments(stopped), { name: "Interrupted" });
    const file = join("bce-na", "seed-3", "predictions.csv");
    await assert.rejects(Deno.stat(join(stoppedOut, file)), Deno.errors.NotFound);
    await runExperiments({ ...once, out: stoppedOut });
    assert.equal(
      await Deno.readTextFile(join(stoppedOut, file)),
      await Deno.readTextFile(join(once.out, file)),
    );
  }));

Deno.test("a finished run of another profile is not mixed in", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [experimentNamed("ce")] };
    await runExperiments(once);
    const other = { ...TINY_PROFILE, name: "other" };
    await assert.rejects(
      runExperiments({ ...once, profile: other }),
      /config\.json: a finished run with another profile \(tiny\); choose another folder/,
    );
  }));
