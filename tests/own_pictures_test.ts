import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { parse } from "csv-parse/sync";
import sharp from "sharp";
import type { CategoryGroups, LabelledImage } from "../src/data/categories.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { bce, ce } from "../src/article/experiments.ts";
import { trainsUnknown } from "../src/experiments.ts";
import { randomStream } from "../src/random.ts";
import { readRunConfig } from "../src/runs/run_config.ts";
import { writeReport } from "../src/report/write_report.ts";
import { runExperiments } from "../src/reproduce.ts";
import { shellWord } from "../src/text/shell.ts";
import { inTemporaryFolder, namesIn } from "./temporary_folder.ts";
import { withReproduction } from "./tiny_reproduction.ts";
import { tiny, TINY_PROFILE } from "./training/synthetic_data.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const FORMATS = ["jpg", "PNG", "webp", "gif", "tif"];

/** Names that break careless CSV, HTML, Markdown and look-ups, with a colour each. */
const COLOURS = new Map([
  ["cat, black", [40, 40, 50]],
  ['dog "x" | y', [200, 150, 90]],
  ["<script>alert(1)<", [40, 200, 60]],
  ["constructor", [220, 40, 40]],
  ["é 👍🏽 שלום", [60, 60, 220]],
]);
const DATASET = {
  known: ["cat, black", 'dog "x" | y'],
  unknown: ["<script>alert(1)<", "constructor"],
  unseen: ["é 👍🏽 שלום"],
  names: { "cat, black": "</script><script>alert(2)</script>" },
};
const PICTURES = 15;

async function writePictures(root: string): Promise<void> {
  for (const [category, colour] of COLOURS) {
    await Deno.mkdir(join(root, category), { recursive: true });
    for (let i = 0; i < PICTURES; i++) {
      const uniform = randomStream(category, i);
      const [width, height] = [40 + Math.floor(40 * uniform()), 40 + Math.floor(40 * uniform())];
      const pixels = Uint8Array.from(
        { length: width * height * 3 },
        (_, at) => Math.min(255, Math.max(0, colour[at % 3]! + 60 * uniform() - 30)),
      );
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .toFile(join(root, category, `${i}.${FORMATS[i % FORMATS.length]}`));
    }
  }
}

async function task(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

/** What a reader sees of a page, with its markup. */
function withoutScripts(html: string): string {
  return html.replaceAll(/<script[^]*?<\/script>/g, "");
}

/** All tables of a Markdown file as the numbers of cells in their rows. */
function cellCounts(markdown: string): number[][] {
  const tables: number[][] = [[]];
  for (const line of markdown.split("\n")) {
    if (line.startsWith("|")) tables.at(-1)!.push(line.replaceAll("\\|", "").split("|").length);
    else if (tables.at(-1)!.length > 0) tables.push([]);
  }
  return tables.slice(0, -1);
}

Deno.test("one's own pictures: from a folder with a bad file in it to a report and a prediction", () =>
  inTemporaryFolder(async (folder) => {
    const root = join(folder, "my pets");
    const out = join(folder, "results");
    const bad = join(root, "constructor", "page.jpg");
    await writePictures(root);
    await Deno.writeTextFile(join(root, "dataset.json"), JSON.stringify(DATASET));
    await Deno.writeTextFile(bad, "<html>");
    const places = ["--out", out, "--cache", join(folder, "cache")];
    const reproduce = ["reproduce", "--dataset", root, "--only", "bcena", ...places];

    const refused = await task(...reproduce);
    const reason = "not a JPEG, PNG, WebP, GIF or TIFF picture (first bytes 3c 68 74 6d)";
    assert.ok(
      refused.error.endsWith(
        `error: ${bad}: ${reason}; replace the file or delete it, or leave it out with --skip-bad\n`,
      ),
      refused.error,
    );
    assert.equal(refused.code, 1);

    const { code, out: printed, error } = await task(...reproduce, "--skip-bad");
    assert.equal(code, 0, error);
    assert.ok(!error.includes("decoding"), "the good pictures are decoded by now");
    assert.ok(printed.endsWith(`report: ${out}/report.html and ${out}/report.md\n`), printed);

    const run = join(out, "bcena", "seed-1");
    const predictions: Record<string, string>[] = parse(
      await Deno.readTextFile(join(run, "predictions.csv")),
      { columns: true },
    );
    // The bad file would have been one of those to test with.
    assert.equal(predictions.length, 4 * 3 - 1 + PICTURES);
    assert.deepEqual(
      [...new Set(predictions.map(({ category }) => category))].sort(),
      [...COLOURS.keys()].sort(),
    );
    for (const { path, category, label } of predictions) {
      assert.ok(path!.startsWith(`${category}/`));
      assert.equal(label, DATASET.known.includes(category!) ? category : "na");
    }
    assert.deepEqual(
      Object.keys(predictions[0]!).slice(-3),
      ["na", ...DATASET.known].map((label) => `logit:${label}`),
    );

    const { dataset } = JSON.parse(await Deno.readTextFile(join(run, "config.json")));
    assert.equal(dataset.name, "my pets");
    assert.deepEqual(dataset.leftOut, [{ path: "constructor/page.jpg", reason }]);

    const html = await Deno.readTextFile(join(out, "report.html"));
    assert.ok(!html.includes("<script>alert"));
    const markdown = await Deno.readTextFile(join(out, "report.md"));
    const figures = namesIn(join(out, "figures")).filter((name) => name.endsWith(".svg"));
    const drawn = figures.map((name) => Deno.readTextFileSync(join(out, "figures", name)));
    for (const text of [withoutScripts(html), markdown, ...drawn]) {
      assert.ok(!/<script>alert|native code/.test(text));
    }
    assert.ok(html.includes("&lt;script&gt;alert(1)&lt;") && html.includes("constructor"));
    for (const rows of cellCounts(markdown)) assert.equal(new Set(rows).size, 1, markdown);
    assert.ok(html.includes("page.jpg") && markdown.includes("page.jpg"), "left out, and said so");

    const again = await task("report", out);
    assert.equal(again.code, 0, again.error);
    assert.equal(await Deno.readTextFile(join(out, "report.md")), markdown);

    const image = join(root, "cat, black", "0.jpg");
    const predicted = await task("predict", run, image, "--json");
    assert.equal(predicted.code, 0, predicted.error);
    const [answer] = JSON.parse(predicted.out);
    assert.equal(answer.path, image);
    assert.deepEqual(Object.keys(answer.scores), ["na", ...DATASET.known]);
  }));

/** The same pictures with some groups left out. */
function withGroups(dataset: Dataset, groups: Partial<CategoryGroups>): Dataset {
  const all = { known: [], unknown: [], unseen: [], ...groups };
  const isIn = ({ group, category }: LabelledImage) => all[group].includes(category);
  const { train, test } = dataset.splits;
  return {
    ...dataset,
    groups: all,
    splits: { train: train.filter(isIn), test: test.filter(isIn) },
  };
}

for (const missing of [["unknown"], ["unseen"], ["unknown", "unseen"]] as const) {
  Deno.test(`a data set without ${missing.join(" and ")} pictures is trained and reported`, () =>
    withReproduction(async (reproduction, log) => {
      const groups = { ...reproduction.dataset.groups };
      for (const group of missing) groups[group] = [];
      const dataset = withGroups(reproduction.dataset, groups);
      await runExperiments({ ...reproduction, dataset });
      const isTold = log.includes(
        "no category is unknown: bce-na and bcena will not be taught what na is",
      );
      assert.equal(isTold, groups.unknown.length === 0);
      await writeReport(reproduction.out);
      for (const name of ["report.md", "report.html"]) {
        const text = withoutScripts(await Deno.readTextFile(join(reproduction.out, name)));
        assert.doesNotMatch(text, /\b(NaN|undefined|Infinity)\b/, name);
      }
    }));
}

Deno.test("one known category is enough where others are trained as na, and refused where not", () =>
  withReproduction(async (reproduction, log) => {
    const { known: [known], unknown } = reproduction.dataset.groups;
    const dataset = withGroups(reproduction.dataset, { known: [known!], unknown });
    const one = { ...reproduction, dataset };
    await assert.rejects(runExperiments(one), /^Error: ce has nothing to tell apart/);
    await assert.rejects(Deno.stat(one.cacheFolder!), Deno.errors.NotFound, "before decoding");
    await runExperiments({ ...one, experiments: one.experiments.filter(trainsUnknown) });
    assert.match(log.at(-1)!, /^bcena, seed 3: tested/);
    await writeReport(one.out);
  }));

Deno.test("fewer pictures than a batch takes are trained all the same", () =>
  withReproduction(async (reproduction, log) => {
    const profile = { ...TINY_PROFILE, batchSize: 48, minimumSteps: 3 };
    await runExperiments({ ...reproduction, experiments: [tiny(ce, profile)] });
    assert.match(log.at(-1)!, /^ce, seed 3: tested/);
    await writeReport(reproduction.out);
  }));

Deno.test("pictures left out are missing from the runs, which are kept until they are mended", () =>
  withReproduction(async (reproduction, log) => {
    const { dataset, out } = reproduction;
    const once = { ...reproduction, experiments: [tiny(ce)] };
    const [trained, tested] = ["train/cat, <i>black/5.png", "val/fish/0.png"] as const;
    const contents = await Deno.readFile(join(dataset.root, tested));
    for (const path of [trained, tested]) await Deno.truncate(join(dataset.root, path), 60);
    await assert.rejects(
      runExperiments(once),
      /^Error: 2 pictures cannot be used: .*a damaged PNG/,
    );

    await runExperiments({ ...once, skipBad: true });
    assert.ok(log.some((line) => line.startsWith(`left out: ${tested}: a damaged PNG file`)));
    assert.ok(log.some((line) => line.endsWith("training on 11 pictures")));
    assert.ok(log.some((line) => line.includes("tested 11 pictures")));
    const config = await readRunConfig(join(out, "ce", "seed-3", "config.json"));
    assert.deepEqual(config.dataset.leftOut?.map(({ path }) => path), [trained, tested].sort());
    assert.equal(config.dataset.counts.test.unknown, 2);

    await runExperiments(once);
    assert.match(log.at(-1)!, /finished earlier, kept/);
    const twice = { ...once, experiments: [tiny(ce), tiny(bce)] };
    await assert.rejects(runExperiments(twice), /2 pictures cannot be used/);
    await runExperiments({ ...twice, skipBad: true });
    await writeReport(out);
    assert.ok((await Deno.readTextFile(join(out, "report.md"))).includes("damaged PNG file"));

    await Deno.writeFile(join(dataset.root, tested), contents);
    const thrice = { ...twice, seeds: [3, 4], skipBad: true };
    await assert.rejects(
      runExperiments(thrice),
      /ce\/seed-3\/config\.json: a finished run with another data set/,
    );
  }));

Deno.test("--skip-bad does not leave a category without pictures", () =>
  withReproduction(async (reproduction) => {
    const { dataset } = reproduction;
    for (const { path, group } of dataset.splits.test) {
      if (group === "unseen") await Deno.truncate(join(dataset.root, path));
    }
    await assert.rejects(
      runExperiments({ ...reproduction, skipBad: true }),
      /no usable picture is left of category "żuk" to be tested with/,
    );
  }));

Deno.test("the commands of a report make it again when they are pasted", () =>
  inTemporaryFolder(async (folder) => {
    const root = join(folder, "Anna's $HOME");
    const out = join(folder, "`date` & runs");
    const groups = { known: ["a b", "it's"], unknown: [], unseen: ["$(x)"] };
    for (const [index, category] of Object.values(groups).flat().entries()) {
      await Deno.mkdir(join(root, category), { recursive: true });
      for (let picture = 0; picture < 5; picture++) {
        const [red, green, blue] = [80 * index, 50 * picture, 100];
        const background = { r: red, g: green, b: blue };
        await sharp({ create: { width: 32, height: 32, channels: 3, background } })
          .toFile(join(root, category, `${picture}.png`));
      }
    }
    const chosen = Object.entries(groups).flatMap(([group, names]) =>
      names.length === 0 ? [] : [`--${group}`, names.join()]
    );
    const made = await task(
      ...["reproduce", "--dataset", root, ...chosen, "--profile", "smoke", "--out", out],
      ...["--network", "plain-cnn", "--only", "bcena", "--seeds", "2"],
      ...["--cache", join(folder, "cache")],
    );
    assert.equal(made.code, 0, made.error);
    const files = ["report.md", "results.json", "bcena/seed-2/predictions.csv"];
    const read = () => Promise.all(files.map((name) => Deno.readTextFile(join(out, name))));
    const [report, results, predictions] = await read();
    const [, block] = /```sh\n([^]*?)\n+```/.exec(report!)!;
    const commands = block!.split("\n");
    assert.equal(commands.length, 2, block!);

    await Deno.remove(join(out, "report.md"));
    await Deno.remove(join(out, "results.json"));
    await paste(commands[0]!);
    assert.deepEqual(await read(), [report, results, predictions]);

    const finished = join(out, "bcena", "seed-2", "config.json");
    const before = (await Deno.stat(finished)).mtime;
    // Only so that nothing is left in the project.
    await paste(`${commands[1]!} --cache ${shellWord(join(folder, "cache"))}`);
    assert.notDeepEqual((await Deno.stat(finished)).mtime, before, "trained again");
    assert.equal((await read())[2], predictions);
    assert.deepEqual(namesIn(folder), ["Anna's $HOME", "`date` & runs", "cache"]);
  }));

/** Runs a command as it stands, in the project's folder. */
async function paste(command: string): Promise<void> {
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}
