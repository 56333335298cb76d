import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadImages } from "../src/data/load_images.ts";
import { bce, bceNa, bcena, ce } from "../src/article/experiments.ts";
import { ARTICLE_CONTEXT } from "../src/article/report.ts";
import { ARTICLE_EXPERIMENTS } from "../src/article/experiments.ts";
import { NA } from "../src/data/labels.ts";
import { argmax } from "../src/evaluation/decisions.ts";
import { describe, type Experiment } from "../src/experiments.ts";
import { bce as binaryCrossEntropy } from "../src/losses/bce.ts";
import { bcena as modifiedBce } from "../src/losses/bcena.ts";
import { crossEntropy } from "../src/losses/cross_entropy.ts";
import type { Loss } from "../src/losses/loss.ts";
import { PLAIN_CNN } from "../src/model/plain_cnn.ts";
import { loadLayersModel } from "../src/model/saved_model.ts";
import { runExperiments } from "../src/reproduce.ts";
import { readPredictions } from "../src/runs/predictions_file.ts";
import { readRunConfig } from "../src/runs/run_config.ts";
import { readResults } from "../src/report/results.ts";
import { writeReport } from "../src/report/write_report.ts";
import { readRun } from "../src/runs/read_runs.ts";
import { runSpace } from "../src/runs/space.ts";
import { SCORES } from "../src/scores/all.ts";
import type { Score } from "../src/scores/score.ts";
import type { TrainingProgress } from "../src/training/trainer.ts";
import { namesIn } from "./temporary_folder.ts";
import { runFolderOf, withReproduction } from "./tiny_reproduction.ts";
import { tiny, TINY_PROFILE } from "./training/synthetic_data.ts";

Deno.test("all experiments leave model, history, predictions and configuration, and a report", () =>
  withReproduction(async (reproduction) => {
    await runExperiments(reproduction);
    const { out } = reproduction;
    const files = ["config.json", "history.csv", "model", "predictions.csv"];
    for (const { name } of ARTICLE_EXPERIMENTS) {
      assert.deepEqual(namesIn(join(out, name, "seed-3")), files);
    }
    await writeReport(out, { context: ARTICLE_CONTEXT });
    const results = await readResults(out);
    assert.deepEqual(
      results.experiments.map(({ name }) => name),
      ARTICLE_EXPERIMENTS.map(({ name }) => name),
    );
    assert.deepEqual(results.unfinishedRuns, []);
    const html = await Deno.readTextFile(join(out, "report.html"));
    assert.ok(html.includes("cat, &lt;i&gt;black") && !html.includes("<i>black"));
  }));

Deno.test("the saved model gives the scores of predictions.csv", () =>
  withReproduction(async (reproduction) => {
    const experiment = tiny(bcena);
    await runExperiments({ ...reproduction, experiments: [experiment] });
    const folder = join(reproduction.out, "bcena", "seed-3");
    const { predictions } = await readPredictions(
      join(folder, "predictions.csv"),
      describe(experiment),
    );
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
    const once = { ...reproduction, experiments: [tiny(ce)] };
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
    const once = { ...reproduction, experiments: [tiny(bceNa)] };
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
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const other = { ...TINY_PROFILE, name: "other" };
    await assert.rejects(
      runExperiments({ ...once, experiments: [tiny(ce, other)] }),
      /config\.json: a finished run with another profile \(tiny\); choose another folder/,
    );
  }));

Deno.test("a finished run of another definition is not mixed in under the same name", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(bcena)] };
    await runExperiments(once);
    const [experiment] = once.experiments;
    for (
      const [changes, complaint] of [
        [{ network: PLAIN_CNN }, /a finished run with another network \(tiny\)/],
        [{ loss: binaryCrossEntropy }, /a finished run with another loss \(bcena\)/],
        [{ decision: argmax }, /a finished run with another decision \(threshold 0\.4\)/],
        [{ title: "Other" }, /a finished run with another definition \(bcena\)/],
      ] as const
    ) {
      const changed = { ...once, experiments: [{ ...experiment!, ...changes }] };
      await assert.rejects(runExperiments(changed), complaint);
    }
  }));

Deno.test("a loss, a decision or a score that was changed under its name is not taken for the saved one", () =>
  withReproduction(async (reproduction) => {
    const own = (factor: number, limit: number, constant: number) => ({
      ...reproduction,
      experiments: [{
        ...tiny(bcena),
        loss: {
          ...modifiedBce,
          name: "own",
          value: (...[input, labels]: Parameters<Loss["value"]>) =>
            tf.mul(factor, modifiedBce.value(input, labels)) as tf.Scalar,
        },
        decision: {
          name: "own",
          phrase: "by one of its own",
          decide: (scores: ArrayLike<number>, na: number) =>
            Math.max(...Array.from(scores)) < limit ? na : 1,
        },
      }],
      scores: [{
        name: "constant",
        title: "a constant",
        options: { constant },
        appliesTo: () => true,
        fit: () => () => constant,
      }],
    });
    await runExperiments(own(1, 0.2, 1));
    const { definitions } = await readRunConfig(
      join(runFolderOf(reproduction).replace("/ce/", "/bcena/"), "config.json"),
    );
    assert.deepEqual(Object.keys(definitions!), ["loss", "scores"]);
    await runExperiments(own(1, 0.2, 1));
    for (
      const [changed, what] of [
        [own(2, 0.2, 1), "loss \\(own\\)"],
        [own(1, 2, 1), "decision \\(own\\)"],
        [own(1, 0.2, 2), "definition of a score \\(constant\\)"],
      ] as const
    ) {
      const complaint = new RegExp(
        `a finished run with another ${what}; give the experiment another name, .* fresh: true\\)$`,
      );
      await assert.rejects(runExperiments(changed), complaint);
    }
    await runExperiments({ ...own(2, 2, 2), fresh: true });
    await runExperiments(own(2, 2, 2));
  }));

Deno.test("a training that was begun with another loss of the same name is not continued", () =>
  withReproduction(async (reproduction) => {
    const stop = new AbortController();
    const own = (factor: number) => ({
      ...reproduction,
      experiments: [{
        ...tiny(ce),
        loss: {
          ...crossEntropy,
          value: (...[input, labels]: Parameters<Loss["value"]>) =>
            tf.mul(factor, crossEntropy.value(input, labels)) as tf.Scalar,
        },
      }],
    });
    const training = () => ({ onProgress: () => stop.abort(), onEpoch: () => {}, stop: () => {} });
    const decoding = () => ({ update: () => {}, stop: () => {} });
    const interrupted = { ...own(1), signal: stop.signal, display: { training, decoding } };
    await assert.rejects(runExperiments(interrupted), { name: "Interrupted" });
    await assert.rejects(
      runExperiments(own(2)),
      /checkpoint\.bin: the checkpoint belongs to another run \(definitions\.loss is /,
    );
    await runExperiments(own(1));
  }));

Deno.test("experiments of one call have names of their own, which folders can have, and one profile", () =>
  withReproduction(async (reproduction) => {
    const rejects = (experiments: Experiment[], complaint: RegExp) =>
      assert.rejects(runExperiments({ ...reproduction, experiments }), complaint);
    await rejects([], /there is no experiment to run/);
    await rejects([tiny(ce), tiny(ce)], /two experiments are named "ce"/);
    await rejects(
      [{ ...tiny(ce), name: "../ce" }],
      /experiment "\.\.\/ce": its results cannot lie/,
    );
    await rejects(
      [{ ...tiny(ce), name: "figures" }],
      /experiment "figures": its results cannot lie/,
    );
    await rejects(
      [{ ...tiny(ce), decision: { ...argmax, decide: () => 0 } }],
      /experiment "ce": its decision is named "argmax", as one of this project's; give it another/,
    );
    await rejects(
      [{ ...tiny(ce), loss: { ...crossEntropy, title: "" } }],
      /^Error: experiment "ce": loss\.title: .* \(found ""\); correct its definition$/,
    );
    await rejects(
      [{
        ...tiny(ce),
        loss: { ...crossEntropy, value: ({ logits }) => logits as unknown as tf.Scalar },
      }],
      /^Error: experiment "ce": loss "cross-entropy" returns a tensor of shape \[2,2\]; value\(/,
    );
    const other = tiny(bce, { ...TINY_PROFILE, name: "other" });
    await rejects([tiny(ce), other], /ce has the profile tiny and bce the profile other/);
    await assert.rejects(Deno.stat(reproduction.out), Deno.errors.NotFound);
  }));

Deno.test("scores that are fitted to training pictures are saved with the run and in its results", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(bcena)], scores: [nearestMean] };
    await runExperiments(once);
    const { predictions } = await readRun(runFolderOf(once));
    for (const { fittedScores } of predictions.predictions) {
      assert.deepEqual(Object.keys(fittedScores!), ["nearest-mean"]);
      assert.ok(fittedScores!["nearest-mean"]! <= 0);
    }
    const results = await writeReport(once.out, { scores: [...SCORES, nearestMean] });
    const measures = results.experiments[0]!.summary.openSet["nearest-mean"]!.unseen!;
    assert.ok(measures.auroc.mean >= 0 && measures.auroc.mean <= 1);
    const text = await Deno.readTextFile(join(once.out, "report.md"));
    assert.ok(text.includes("distance to the nearest mean"));
  }));

/** Minus the distance of the features to the nearest mean of a known category. */
const nearestMean: Score = {
  name: "nearest-mean",
  title: "distance to the nearest mean",
  appliesTo: () => true,
  fit({ labels }, training) {
    const means = labels.filter((label) => label !== NA).map((label) => {
      const features = training.filter((picture) => picture.label === label)
        .map((picture) => Array.from(picture.features));
      return features[0]!.map((_, i) =>
        features.reduce((sum, feature) => sum + feature[i]!, 0) / features.length
      );
    });
    return ({ features }) => {
      const distances = means.map((mean) => Math.hypot(...mean.map((m, i) => m - features![i]!)));
      return -Math.min(...distances);
    };
  },
};

Deno.test("a finished run of other pictures is not mixed in, but why they were chosen is no matter", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    const { dataset } = once;
    const reason = "A sentence.";
    const leftOut = [{ path: "val/cat/9.png", reason: "the file is empty" }];
    await runExperiments({ ...once, dataset: { ...dataset, substitution: reason, leftOut } });
    const { dataset: written } = await readRunConfig(join(runFolderOf(once), "config.json"));
    assert.equal(written.substitution, reason);
    assert.deepEqual(written.leftOut, leftOut);

    await runExperiments(once);
    assert.match(log.at(-1)!, /finished earlier, kept/);
    const other = { ...dataset, name: "other" };
    await assert.rejects(
      runExperiments({ ...once, dataset: other }),
      /a finished run with another data set \(tiny\)/,
    );

    const { train, test: [first, ...others] } = dataset.splits;
    const renamed = { ...first!, path: "val/cat/new.png" };
    const exchanged = { ...dataset, splits: { train, test: [renamed, ...others] } };
    await assert.rejects(
      runExperiments({ ...once, dataset: exchanged }),
      /a finished run with other test pictures; choose another folder/,
    );
  }));

Deno.test("results without a network are enough where they are to be, and need no pictures", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const before = namesIn(runFolderOf(once));
    await Deno.remove(join(runFolderOf(once), "model"), { recursive: true });
    await Deno.remove(once.dataset.root, { recursive: true });
    await Deno.remove(once.cacheFolder!, { recursive: true });
    await runExperiments({ ...once, keepWithoutModel: true });
    assert.match(log.at(-1)!, /finished earlier, kept/);
    assert.deepEqual(namesIn(runFolderOf(once)), before.filter((name) => name !== "model"));
    assert.deepEqual(namesIn(once.out), ["ce"], "no lock file");
  }));

Deno.test("progress goes to the display that is given", () =>
  withReproduction(async (reproduction) => {
    const shown: string[] = [];
    await runExperiments({
      ...reproduction,
      experiments: [tiny(ce), tiny(bce)],
      display: {
        decoding: () => ({
          update: (done, total) => done === total && shown.push(`decoded ${total}`),
          stop: () => shown.push("end of decoding"),
        }),
        training: (title) => ({
          onProgress: ({ batch, batches }) => batch === batches && shown.push(title),
          onEpoch: ({ epoch }) => shown.push(`epoch ${epoch}`),
          stop: () => shown.push("end of training"),
        }),
      },
    });
    const training = (title: string) =>
      [0, 1, 2].flatMap((epoch) => [title, `epoch ${epoch}`]).concat("end of training");
    assert.deepEqual(shown, [
      "decoded 30",
      "end of decoding",
      ...training("ce, seed 3"),
      ...training("bce, seed 3"),
    ]);
  }));

Deno.test("while one reproduction works in a results folder, another is refused and changes nothing", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    let second: Promise<unknown> | undefined;
    const log = (line: string) => {
      if (!line.includes("training on")) return;
      second = runExperiments({ ...once, fresh: true }).catch((error) => error);
    };
    await runExperiments({ ...once, log });
    assert.equal(
      String(await second),
      `FolderInUse: ${once.out}: process ${Deno.pid} is working in it; wait until it ends, or choose ` +
        "another folder",
    );
    assert.deepEqual(namesIn(once.out), ["ce"]);
    await runExperiments(once);
  }));

Deno.test("a results folder that cannot be written to is an error before anything is decoded", () =>
  withReproduction(async (reproduction, log) => {
    const file = `${reproduction.out}.txt`;
    await Deno.writeTextFile(file, "text");
    for (const out of [file, join(file, "below")]) {
      await assert.rejects(runExperiments({ ...reproduction, out }), (error: Error) => {
        assert.ok(error.message.startsWith(`${out}: cannot be written (`), error.message);
        return true;
      });
    }
    assert.equal(await Deno.readTextFile(file), "text");
    assert.deepEqual(log, []);
    await assert.rejects(Deno.stat(reproduction.cacheFolder!), Deno.errors.NotFound);
  }));

Deno.test("nothing is deleted, written or trained through a link in a results folder", () =>
  withReproduction(async (reproduction, log) => {
    const outside = `${reproduction.out}-outside`;
    const precious = join(outside, "seed-3", "precious");
    await Deno.mkdir(join(outside, "seed-3"), { recursive: true });
    await Deno.writeTextFile(precious, "text");
    await Deno.mkdir(reproduction.out);
    for (const name of ["bcena", ".lock", "report.html"]) {
      const link = join(reproduction.out, name);
      await Deno.symlink(outside, link);
      const refused = new RegExp(`${link}: a symbolic link, .*; remove the link$`);
      await assert.rejects(runExperiments({ ...reproduction, fresh: true }), refused);
      await assert.rejects(writeReport(reproduction.out), refused);
      assert.deepEqual(namesIn(reproduction.out), [name]);
      await Deno.remove(link);
    }
    assert.equal(await Deno.readTextFile(precious), "text");
    assert.deepEqual(namesIn(outside), ["seed-3"]);
    assert.deepEqual(log, []);
  }));

Deno.test("a run's folder that cannot be written to is an error before the others are trained", () =>
  withReproduction(async (reproduction, log) => {
    const inTheWay = join(reproduction.out, "bcena");
    await Deno.mkdir(reproduction.out);
    await Deno.writeTextFile(inTheWay, "text");
    await assert.rejects(runExperiments(reproduction), (error: Error) => {
      const problem = `${join(inTheWay, "seed-3", "checkpoint.bin")}: cannot be written (`;
      assert.ok(error.message.startsWith(problem), error.message);
      return true;
    });
    assert.equal(await Deno.readTextFile(inTheWay), "text");
    assert.deepEqual(log, []);
  }));

Deno.test("a damaged checkpoint is an error that names it, until the run is to be fresh", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    const checkpoint = join(runFolderOf(once), "checkpoint.bin");
    const controller = new AbortController();
    const log = (line: string) => line.includes("training on") && controller.abort();
    await assert.rejects(runExperiments({ ...once, signal: controller.signal, log }), {
      name: "Interrupted",
      message: "training was interrupted in epoch 1 after batch 1; run the same command again, " +
        `without --fresh, to continue from ${checkpoint}`,
    });
    const bytes = await Deno.readFile(checkpoint);
    for (const damaged of [bytes.subarray(0, -1), new Uint8Array(), new Uint8Array(4096)]) {
      await Deno.writeFile(checkpoint, damaged);
      await assert.rejects(
        runExperiments(once),
        new RegExp(`${checkpoint}: .*; delete it, or train anew with --fresh`),
      );
      assert.deepEqual(await Deno.readFile(checkpoint), new Uint8Array(damaged));
    }
    await runExperiments({ ...once, fresh: true });
    assert.ok(!namesIn(runFolderOf(once)).includes("checkpoint.bin"));
  }));

Deno.test("a checkpoint of other pictures is refused", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    const controller = new AbortController();
    const log = (line: string) => line.includes("training on") && controller.abort();
    await assert.rejects(runExperiments({ ...once, signal: controller.signal, log }));
    const { dataset } = once;
    const train = dataset.splits.train.filter(({ path }) => !path.endsWith("cat, <i>black/5.png"));
    const fewer = { ...dataset, splits: { ...dataset.splits, train } };
    await assert.rejects(
      runExperiments({ ...once, dataset: fewer }),
      /the checkpoint belongs to another run \(data\.batchesPerEpoch is 3 there and 2 here; data\.pictures is /,
    );
  }));

Deno.test("a finished run with a damaged file is an error before the others are trained", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    log.length = 0;
    const withoutLastLine = (text: string) =>
      text.trimEnd().split("\n").slice(0, -1).join("\n") + "\n";
    for (
      const [name, damage, complaint] of [
        ["config.json", (text) => text.slice(0, 100), /config\.json: not JSON/],
        ["config.json", () => "{}", /config\.json: experiment: /],
        ["history.csv", () => "", /history\.csv: the file is empty/],
        ["history.csv", (text) => text.slice(0, -20), /history\.csv, line 4: /],
        ["history.csv", withoutLastLine, /history\.csv: 2 epochs instead of the profile's 3/],
        ["predictions.csv", (text) => text.slice(0, -9), /predictions\.csv, line 13: /],
        ["predictions.csv", withoutLastLine, /number of unseen pictures is 2, but .* says 3/],
        ["predictions.csv", () => "nonsense\n", /line 1: column 1 is "nonsense"/],
      ] as const satisfies [string, (text: string) => string, RegExp][]
    ) {
      const path = join(runFolderOf(once), name);
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, damage(text));
      await assert.rejects(runExperiments(reproduction), complaint);
      await Deno.writeTextFile(path, text);
    }
    assert.deepEqual(log, []);
  }));

Deno.test("a table that was edited and still reads well is called edited, by the report too", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const digits = {
      "predictions.csv": /\d(?=\n$)/,
      "history.csv": /(?<=^0,frozen,\d+\.\d+)\d(?=,)/m,
    };
    for (const [name, digit] of Object.entries(digits)) {
      const path = join(runFolderOf(once), name);
      const text = await Deno.readTextFile(path);
      // The last one of a number, which decides nothing.
      assert.match(text, digit);
      await Deno.writeTextFile(path, text.replace(digit, (found) => found === "1" ? "2" : "1"));
      const edited = new RegExp(`${name}: it was edited after the run wrote it`);
      await assert.rejects(runExperiments(once), edited);
      await assert.rejects(writeReport(once.out), edited);
      await Deno.writeTextFile(path, text);
    }
    await writeReport(once.out);
  }));

Deno.test("results of before there were digests are read, and kept", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const path = join(runFolderOf(once), "config.json");
    const { digests, ...earlier } = JSON.parse(await Deno.readTextFile(path));
    assert.deepEqual(Object.keys(digests), ["predictions", "history"]);
    await Deno.writeTextFile(path, JSON.stringify(earlier));
    await runExperiments(once);
    assert.match(log.at(-1)!, /finished earlier, kept/);
    await writeReport(once.out);
  }));

Deno.test("a run in the folder of another seed is not taken for that", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    await Deno.rename(runFolderOf(once), join(once.out, "ce", "seed-4"));
    await assert.rejects(
      runExperiments({ ...once, seeds: [4] }),
      /config\.json: a finished run with another seed \(3\); choose another folder/,
    );
  }));

Deno.test("a profile that cannot be written down is an error before anything is trained", () =>
  withReproduction(async (reproduction, log) => {
    const [phase] = TINY_PROFILE.phases;
    for (
      const [change, complaint] of [
        [{ phases: [{ ...phase!, epochs: -1 }] }, /profile "tiny": phases\.0\.epochs: .*found -1/],
        [{ colour: "red" }, /profile "tiny": .*Unrecognized key: "colour".*; correct its defin/],
      ] as const
    ) {
      const experiments = [tiny(ce, { ...TINY_PROFILE, ...change })];
      await assert.rejects(runExperiments({ ...reproduction, experiments }), complaint);
    }
    assert.deepEqual(log, []);
  }));

Deno.test("a run whose files cannot all be written is not finished, and needs no training again", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const folder = runFolderOf(once);
    const predictions = await Deno.readTextFile(join(folder, "predictions.csv"));
    // Results as they come out of version control, but with a folder in the place of a file.
    await Deno.remove(join(folder, "model"), { recursive: true });
    await Deno.mkdir(join(folder, "model", "weights.bin"), { recursive: true });
    await assert.rejects(runExperiments(once), /model\/weights\.bin: cannot be written/);
    assert.deepEqual(namesIn(folder), ["checkpoint.bin", "config.json", "history.csv", "model"]);

    await Deno.remove(join(folder, "model"), { recursive: true });
    await Deno.writeTextFile(join(folder, "history.csv.1-killed.tmp"), "epoch,");
    let steps = 0;
    const display = {
      decoding: () => ({ update() {}, stop() {} }),
      training: () => ({ onProgress: () => steps++, onEpoch() {}, stop() {} }),
    };
    await runExperiments({ ...once, display });
    assert.equal(steps, 0);
    assert.match(log.at(-1)!, /tested 12 pictures/);
    assert.equal(await Deno.readTextFile(join(folder, "predictions.csv")), predictions);
    assert.deepEqual(namesIn(folder), ["config.json", "history.csv", "model", "predictions.csv"]);
  }));

Deno.test("a run that was killed before it could delete its checkpoint is finished properly", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await runExperiments(once);
    const folder = runFolderOf(once);
    const checkpoint = join(folder, "checkpoint.bin");
    const files = namesIn(folder);
    const stopping = new AbortController();
    const display = {
      decoding: () => ({ update() {}, stop() {} }),
      training: () => ({
        onProgress: ({ epoch, batch, batches }: TrainingProgress) => {
          if (epoch === 2 && batch === batches) stopping.abort();
        },
        onEpoch() {},
        stop() {},
      }),
    };
    const out = `${once.out}-copy`;
    await assert.rejects(runExperiments({ ...once, out, display, signal: stopping.signal }));
    await Deno.rename(join(out, "ce", "seed-3", "checkpoint.bin"), checkpoint);
    await runExperiments(once);
    assert.deepEqual(namesIn(folder), files);
  }));

Deno.test("a folder that files will not go into is found before training, unless it is deleted first", () =>
  withReproduction(async (reproduction, log) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    await Deno.mkdir(runFolderOf(once), { recursive: true });
    await Deno.writeTextFile(join(runFolderOf(once), "model"), "in the way");
    await assert.rejects(runExperiments(once), /seed-3\/model\/model\.json: cannot be written/);
    assert.deepEqual(log, []);
    assert.deepEqual(namesIn(runFolderOf(once)), ["model"]);
    await runExperiments({ ...once, fresh: true });
    assert.match(log.at(-1)!, /tested 12 pictures/);
  }));

Deno.test("a checkpoint needs about the room that is asked for, and so does the saved network", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(ce)] };
    const network = once.experiments[0]!.network.build(2);
    const space = runSpace(network, 0);
    network.dispose();
    const stopping = new AbortController();
    const display = {
      decoding: () => ({ update() {}, stop() {} }),
      training: () => ({
        // By then all parameters are trained.
        onProgress: ({ epoch }: TrainingProgress) => epoch === 2 && stopping.abort(),
        onEpoch() {},
        stop() {},
      }),
    };
    await assert.rejects(runExperiments({ ...once, display, signal: stopping.signal }));
    const { size } = await Deno.stat(join(runFolderOf(once), "checkpoint.bin"));
    assert.ok(
      size >= space.checkpoint && size < space.checkpoint + 20_000,
      `${size} bytes, not ${space.checkpoint}`,
    );
    await runExperiments(once);
    const weights = await Deno.stat(join(runFolderOf(once), "model", "weights.bin"));
    assert.equal(weights.size, space.results);
  }));
