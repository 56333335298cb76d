import assert from "node:assert/strict";
import { join } from "@std/path";
import { fromFileUrl } from "@std/path";
import { bcena, ce } from "../src/article/experiments.ts";
import type { Decision } from "../src/evaluation/decisions.ts";
import { describe, type Experiment } from "../src/experiments.ts";
import { formatPredictions, predictImages } from "../src/predict.ts";
import { runExperiments } from "../src/reproduce.ts";
import { readPredictions } from "../src/runs/predictions_file.ts";
import { edit } from "./temporary_folder.ts";
import { runFolderOf, withReproduction } from "./tiny_reproduction.ts";
import { tiny } from "./training/synthetic_data.ts";

/** Runs a test with the folder of a trained run and that of the pictures it was tested with. */
function withTrainedRun(
  experiment: Experiment,
  test: (run: string, root: string) => Promise<void>,
): Promise<void> {
  return withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(experiment)] };
    await runExperiments(once);
    await test(runFolderOf(once), reproduction.dataset.root);
  });
}

for (const experiment of [ce, bcena]) {
  const { name } = experiment;
  Deno.test(`the pictures a ${name} network was tested with get the labels of predictions.csv`, () =>
    withTrainedRun(experiment, async (run, root) => {
      const table = await readPredictions(join(run, "predictions.csv"), describe(experiment));
      const images = table.predictions.map(({ path }) => join(root, path));
      const { labels, predictions, unusable } = await predictImages({ model: run, images });
      assert.deepEqual(labels, table.labels);
      assert.deepEqual(unusable, []);
      assert.deepEqual(predictions.map(({ path }) => path), images);
      predictions.forEach(({ label, scores }, row) => {
        const expected = table.predictions[row]!;
        assert.equal(label, expected.predicted);
        expected.scores.forEach((score, column) => {
          const found = scores[labels[column]!]!;
          // Six digits are given, and in other batches the last one is rounded otherwise.
          assert.ok(Math.abs(found - score) <= 7e-6 * score, `${found} instead of ${score}`);
        });
      });
    }));
}

Deno.test("the network's own folder does as well, and a threshold replaces the experiment's decision", () =>
  withTrainedRun(ce, async (run, root) => {
    const images = [join(root, "val")];
    const own = await predictImages({ model: run, images });
    assert.ok(own.predictions.every(({ label }) => label !== "na"));
    const highest = own.predictions.map(({ scores }) => Math.max(...Object.values(scores)));
    const threshold = highest.toSorted()[6]!;
    const model = join(run, "model");
    const { predictions } = await predictImages({ model, images, threshold });
    assert.deepEqual(
      predictions.map(({ label }) => label),
      own.predictions.map(({ label }, row) => highest[row]! < threshold ? "na" : label),
    );
    assert.deepEqual(predictions.map(({ scores }) => scores), own.predictions.map((p) => p.scores));
  }));

Deno.test("a folder stands for the pictures in it and below, sorted; names are the readable ones", () =>
  withTrainedRun(ce, async (run, root) => {
    await Deno.writeTextFile(join(root, "val", "notes.txt"), "no picture");
    await Deno.mkdir(join(root, "val", ".hidden"));
    await Deno.writeTextFile(join(root, "val", ".hidden", "x.png"), "no picture");
    const { names, predictions } = await predictImages({ model: run, images: [join(root, "val")] });
    const categories = ["cat, <i>black", 'dog "x"', "fish", "żuk"];
    assert.deepEqual(
      predictions.map(({ path }) => path),
      categories.flatMap((category) =>
        [0, 1, 2].map((i) => join(root, "val", category, `${i}.png`))
      ),
    );
    assert.deepEqual(names, ["black cat", 'dog "x"']);
    for (const { label, name } of predictions) {
      assert.equal(name, label === "cat, <i>black" ? "black cat" : label);
    }
  }));

Deno.test("networks that were saved without readable names are read, too", () =>
  withTrainedRun(ce, async (run, root) => {
    const names = '"categoryNames":{"fish":"goldfish","cat, <i>black":"black cat"},';
    await edit(join(run, "model", "model.json"), names, "");
    const found = await predictImages({ model: run, images: [join(root, "val", "fish", "0.png")] });
    assert.deepEqual(found.names, found.labels);
  }));

Deno.test("a network of a kind that is not known here gives the same scores, of its stock layers", () =>
  withTrainedRun(bcena, async (run, root) => {
    const images = [join(root, "val")];
    const known = await predictImages({ model: run, images });
    await edit(join(run, "model", "model.json"), '"kind":"xresnet"', '"kind":"mine"');
    const { predictions, unknownKind } = await predictImages({ model: run, images });
    assert.deepEqual([known.unknownKind, unknownKind], [undefined, "mine"]);
    predictions.forEach(({ scores }, row) => {
      for (const [label, score] of Object.entries(known.predictions[row]!.scores)) {
        assert.ok(Math.abs(scores[label]! - score) < 1e-5, `${scores[label]} instead of ${score}`);
      }
    });
  }));

Deno.test("pictures that cannot be used are put aside with the reason, the others are classified", () =>
  withTrainedRun(ce, async (run, root) => {
    const good = join(root, "val", "fish", "0.png");
    const [empty, text, missing] = ["empty.jpg", "text.png", "missing.png"]
      .map((name) => join(root, name)) as [string, string, string];
    await Deno.writeTextFile(empty, "");
    await Deno.writeTextFile(text, "<html>");
    const images = [empty, good, text, missing, good];
    const { predictions, unusable } = await predictImages({ model: run, images });
    assert.deepEqual(predictions.map(({ path }) => path), [good, good]);
    assert.deepEqual(predictions[0], predictions[1]);
    assert.deepEqual(unusable.map(({ path }) => path), [empty, text, missing]);
    assert.deepEqual(unusable.map(({ reason }) => reason.split(" (")[0]), [
      "the file is empty",
      "not a JPEG, PNG, WebP, GIF or TIFF picture",
      "no such file",
    ]);
  }));

Deno.test("what is no trained network, and a folder without pictures, is named", () =>
  withTrainedRun(ce, async (run, root) => {
    const images = [join(root, "val", "fish", "0.png")];
    for (const model of [root, join(root, "nothing"), images[0]!]) {
      await assert.rejects(predictImages({ model, images }), (error: Error) => {
        assert.ok(error.message.startsWith(`${model}: no trained network there`), error.message);
        assert.match(error.message, /; give the folder of a run .*, or train it with `deno task/);
        return true;
      });
    }
    const bare = join(root, "bare");
    await Deno.mkdir(bare);
    await assert.rejects(predictImages({ model: run, images: [bare] }), /bare: no pictures there/);
    await Deno.truncate(join(run, "model", "weights.bin"), 100);
    await assert.rejects(predictImages({ model: run, images }), /weights\.bin: damaged, or not/);
  }));

Deno.test("formatPredictions() is a table of labels and scores under readable names", () => {
  const text = formatPredictions({
    labels: ["na", "n1", "n2"],
    names: ["na", "golf ball", "French horn"],
    predictions: [
      { path: "a.jpg", label: "n1", name: "golf ball", scores: { na: 0, n1: 0.98765, n2: 1e-9 } },
      { path: "żółw.png", label: "na", name: "na", scores: { na: 0.25, n1: 0.1, n2: 0.2 } },
    ],
  });
  assert.equal(
    text,
    [
      "picture   label         na  golf ball  French horn",
      "────────  ─────────  ─────  ─────────  ───────────",
      "a.jpg     golf ball  0.000      0.988        0.000",
      "żółw.png  na         0.250      0.100        0.200",
    ].join("\n"),
  );
});

Deno.test("a decision of one's own is taken where it is given, and missed by name where it is not", () => {
  const rejectAll: Decision = { name: "reject all", phrase: "never", decide: (_, na) => na };
  return withTrainedRun({ ...bcena, decision: rejectAll }, async (run, root) => {
    const images = [join(root, "val")];
    const { predictions } = await predictImages({ model: run, images, decisions: [rejectAll] });
    assert.ok(predictions.every(({ label }) => label === "na"));
    await assert.rejects(
      predictImages({ model: run, images }),
      /model\.json: it decides by "reject all", which is not known here; give a --threshold, or /,
    );
    await predictImages({ model: run, images, threshold: 0.5 });
  });
});

Deno.test("the command prints a table or JSON, and exits with 1 if a picture cannot be used", () =>
  withTrainedRun(bcena, async (run, root) => {
    const project = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
    const [, ...task] = project.tasks.predict.split(" ") as string[];
    const command = async (...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...task, run, ...args],
        cwd: fromFileUrl(new URL("..", import.meta.url)),
        env: { NO_COLOR: "1" },
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, out: text(stdout), error: text(stderr) };
    };
    const good = join(root, "val", "fish", "0.png");
    const { predictions } = await predictImages({ model: run, images: [good], threshold: 0 });
    const json = await command(good, "--json", "--threshold", "0");
    assert.deepEqual(JSON.parse(json.out), predictions);
    assert.deepEqual([json.code, json.error], [0, ""]);

    const missing = join(root, "missing.png");
    const table = await command(missing, good);
    assert.match(table.out, /^picture +label +na +black cat +dog "x"\n.*\n.*fish\/0\.png /);
    assert.deepEqual([table.code, table.error], [1, `error: ${missing}: no such file\n`]);

    const hostile = join(root, "\x1b[2J\nerror: all is lost\x9b.png");
    await Deno.copyFile(good, hostile);
    const named = await command(hostile);
    assert.match(named.out, /\\u001b\[2J\\u000aerror: all is lost\\u009b\.png /);
    await Deno.writeTextFile(hostile, "");
    const unusable = await command(hostile, good);
    assert.match(
      unusable.error,
      /^error: .*\\u001b\[2J\\u000aerror: all is lost\\u009b\.png: [^\n]*\n$/,
    );
    const asJson = await command(hostile, good, "--json");
    for (const text of [named.out, unusable.out, asJson.out]) {
      assert.ok(!text.includes("\x1b") && !text.includes("\x9b"), text);
    }

    const nothing = await command(missing);
    assert.deepEqual([nothing.code, nothing.out], [1, ""], "no table without a line");
    assert.deepEqual(JSON.parse((await command(missing, "--json")).out), []);

    const wrong = await command(good, "--threshold", "1.5");
    assert.match(wrong.error, /a score is a number from 0 to 1/);
    assert.equal(wrong.code, 1);
  }));

/** By this, sharp tells which of its builds fits the machine. */
const C_LIBRARY = "/usr/bin/ldd";

Deno.test("predict reads nothing but the project, Deno's cache, the network and the pictures", () =>
  withTrainedRun(bcena, async (run, root) => {
    const project = fromFileUrl(new URL("..", import.meta.url));
    const { tasks } = JSON.parse(await Deno.readTextFile(join(project, "deno.json")));
    const deno = async (...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args,
        cwd: project,
        env: { NO_COLOR: "1" },
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      return JSON.parse(new TextDecoder().decode(stdout));
    };
    const { denoDir } = await deno("info", "--json");
    const picture = join(root, "val", "fish", "0.png");
    const [, ...line] = (tasks.predict as string).split(" ");
    const narrowed = line.map((word) =>
      word === "--allow-read" ? `${word}=${[project, denoDir, C_LIBRARY, run, picture]}` : word
    );
    assert.notDeepEqual(narrowed, line);
    assert.equal((await deno(...narrowed, run, picture, "--json")).length, 1);
  }));
