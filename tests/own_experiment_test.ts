import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import { randomStream } from "../src/random.ts";
import { inTemporaryFolder, namesIn } from "./temporary_folder.ts";

// The programs are those of src/README.md, run from a folder outside of the project.

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const GROUPS = { known: ["red", "green"], unknown: ["blue"], unseen: ["grey"] };
const COLOURS = {
  red: [220, 40, 40],
  green: [40, 200, 60],
  blue: [60, 60, 220],
  grey: [128, 128, 128],
};
const PICTURES = 40;

/** Writes a program of the README into a folder. */
async function writeProgram(folder: string, name: string): Promise<string> {
  const readme = await Deno.readTextFile(join(PROJECT, "src", "README.md"));
  const [, program] = readme.split(`<!-- run by tests/own_experiment_test.ts: ${name} -->`);
  const code = /```ts\n([^]*?)```/.exec(program!)![1]!;
  await Deno.writeTextFile(join(folder, name), code);
  return join(folder, name);
}

async function writePictures(root: string): Promise<void> {
  for (const [category, colour] of Object.entries(COLOURS)) {
    await Deno.mkdir(join(root, category), { recursive: true });
    for (let i = 0; i < PICTURES; i++) {
      const uniform = randomStream(category, i);
      const pixels = Uint8Array.from(
        { length: 24 * 24 * 3 },
        (_, at) => Math.min(255, Math.max(0, colour[at % 3]! + 60 * uniform() - 30)),
      );
      await sharp(pixels, { raw: { width: 24, height: 24, channels: 3 } })
        .toFile(join(root, category, `${i}.png`));
    }
  }
  await Deno.writeTextFile(join(root, "dataset.json"), JSON.stringify(GROUPS));
}

async function deno(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

Deno.test("a program of one's own trains its loss, score, decision and network, and reports them", () =>
  inTemporaryFolder(async (folder) => {
    const [pictures, out] = [join(folder, "colours"), join(folder, "results")];
    await writePictures(pictures);
    const program = await writeProgram(folder, "own.ts");
    const config = join(PROJECT, "deno.json");
    const checked = await deno("check", "--quiet", "--config", config, program);
    assert.equal(checked.code, 0, checked.error);
    const run = await deno("run", "--quiet", "--config", config, "-A", program, pictures, out);
    assert.equal(run.code, 0, run.error);
    assert.match(run.out, /^\d+ pictures are none of these$/m);

    const files = ["bcena", "brier", "figures", "report.html", "report.md", "results.json"];
    assert.deepEqual(namesIn(out), files);
    const report = await Deno.readTextFile(join(out, "report.md"));
    for (const text of ["Squared error", "margin of the highest known logit", "lead 0.1"]) {
      assert.ok(report.includes(text), text);
    }
    assert.ok(namesIn(join(out, "figures")).includes("confusion-brier-lead-0.1-all.svg"));
    const { experiments } = JSON.parse(await Deno.readTextFile(join(out, "results.json")));
    for (const { runs, summary } of experiments) {
      assert.equal(runs.length, 2);
      for (const scores of ["margin", "highest-score", "energy"]) {
        assert.ok(summary.openSet[scores].unseen.auroc.mean >= 0, scores);
      }
    }

    const model = join(out, "brier", "seed-1");
    const config1 = JSON.parse(await Deno.readTextFile(join(model, "config.json")));
    assert.deepEqual(config1.loss, { name: "brier", title: "Squared error" });
    assert.deepEqual(config1.network, {
      kind: "mine",
      name: "small",
      options: { widths: [8, 16] },
    });
    const image = join(pictures, "red", "0.png");
    const decided = await deno("task", "--quiet", "predict", model, image);
    assert.match(
      decided.error,
      /decides by "lead 0\.1", which is not known here; give a --threshold/,
    );
    const predict = ["task", "--quiet", "predict", join(out, "bcena", "seed-1"), image, "--json"];
    const predicted = await deno(...predict);
    assert.equal(predicted.code, 0, predicted.error);
    assert.deepEqual(Object.keys(JSON.parse(predicted.out)[0].scores), ["na", "green", "red"]);
    assert.match(predicted.error, /^networks of kind "mine" are not known here: stock layers ran/m);

    // The command line knows nothing of what the script defined, and tells what it can.
    const again = await deno("task", "--quiet", "report", out);
    assert.equal(again.code, 0, again.error);
    assert.ok(!(await Deno.readTextFile(join(out, "report.md"))).includes("margin of the highest"));
  }));

Deno.test("a file with a loss and its experiment is all that the command line needs to run it", () =>
  inTemporaryFolder(async (folder) => {
    const [pictures, out] = [join(folder, "colours"), join(folder, "results")];
    await writePictures(pictures);
    const module = await writeProgram(folder, "focal.ts");
    const { code, error } = await deno(
      ...["task", "--quiet", "reproduce", "--with", module, "--only", "bcena,focal"],
      ...["--dataset", pictures, "--profile", "smoke", "--network", "plain-cnn", "--out", out],
      ...["--cache", join(folder, "cache")],
    );
    assert.equal(code, 0, error);
    const { loss } = JSON.parse(
      await Deno.readTextFile(join(out, "focal", "seed-1", "config.json")),
    );
    assert.deepEqual(loss, { name: "focal-bcena", title: "Focal BCENa" });
    const [picture] = parse<Record<string, string>>(
      await Deno.readTextFile(join(out, "focal", "seed-1", "predictions.csv")),
      { columns: true },
    );
    assert.deepEqual(Object.keys(picture!).slice(-3), ["logit:na", "logit:green", "logit:red"]);
    assert.ok((await Deno.readTextFile(join(out, "report.md"))).includes("Focal BCENa"));
  }));

Deno.test("a module that exports nothing, or something of another form, is named with the field", () =>
  inTemporaryFolder(async (folder) => {
    const module = join(folder, "module.ts");
    for (
      const [code, complaint] of [
        ["export const x = 1;", /module\.ts: exports none of experiments, scores, decisions/],
        ["export const experiments = {};", /module\.ts: experiments is not a list/],
        [
          "export const experiments = [{ name: 1 }];",
          /experiments\[0\]\.name is number, not string/,
        ],
        ['export const scores = [{ name: "a" }];', /scores\[0\]\.title is undefined, not string/],
        ["export const scores = [", /module\.ts: cannot be loaded/],
      ] as const
    ) {
      await Deno.writeTextFile(module, code);
      const { error } = await deno("task", "--quiet", "reproduce", "--with", module);
      assert.match(error, complaint);
      assert.equal(error.trimEnd().split("\n").length, 1, error);
    }
  }));
