import assert from "node:assert/strict";
import { join } from "@std/path";
import { summarise } from "../../src/evaluation/statistics.ts";
import { readResults, type Results, resultsOf } from "../../src/report/results.ts";
import { comparisonTable } from "../../src/report/sections/comparison.ts";
import { writeFittedScores } from "../../src/runs/fitted_scores_file.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { SCORES } from "../../src/scores/all.ts";
import { highestScore } from "../../src/scores/highest_score.ts";
import { knownColumns, type Score } from "../../src/scores/score.ts";
import { textTable } from "../../src/text/table.ts";
import {
  writeDocument,
  writeFigures,
  writeReport as writeStandaloneReport,
} from "../../src/report/write_report.ts";
import { figures } from "../../src/report/section.ts";
import type { PlotSpec } from "../../src/plots/theme.ts";
import { MOST_IN_CONFUSIONS, OTHER_CATEGORIES } from "../../src/evaluation/measures.ts";
import { ARTICLE_CONTEXT } from "../../src/article/report.ts";
import { PLAIN_CNN } from "../../src/model/plain_cnn.ts";
import {
  experimentOf,
  SMALL_GROUPS,
  type SyntheticRun,
  writeSyntheticRun,
} from "./synthetic_runs.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";

const EXPERIMENTS = ["ce", "bce", "bce-na", "bcena"] as const;

function writeReport(folder: string): Promise<Results> {
  return writeStandaloneReport(folder, { context: ARTICLE_CONTEXT });
}

/** The rows of a predictions.csv whose cells have no commas in them. */
async function plainRows(path: string): Promise<string[][]> {
  const [, ...lines] = (await Deno.readTextFile(path)).trim().split("\n");
  return lines.map((line) => line.split(","));
}

/** What the network of an experiment makes of its logits. */
function scoresOf(experiment: string, logits: readonly number[]): number[] {
  if (experiment !== "ce") return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

const PLAIN_GROUPS = { known: ["k1", "k2"], unknown: ["u"], unseen: ["s"] };

Deno.test("a results folder gets results, figures and both reports, and nothing else", () =>
  inTemporaryFolder(async (folder) => {
    for (const experiment of EXPERIMENTS) await writeSyntheticRun(folder, { experiment, seed: 1 });
    const results = await writeReport(folder);
    assert.deepEqual(namesIn(folder), [
      "bce",
      "bce-na",
      "bcena",
      "ce",
      "figures",
      "report.html",
      "report.md",
      "results.json",
    ]);
    assert.deepEqual(await readResults(folder), results);
    const figures = namesIn(join(folder, "figures"));
    const ofKind = (extension: string) =>
      figures.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -4));
    assert.deepEqual(ofKind(".svg"), ofKind(".png"));
    assert.ok(figures.includes("confusion-bcena-threshold-0.5-all.svg"));
    assert.equal(figures.length, 40);
  }));

Deno.test("the counts of results.json can be counted again in predictions.csv", () =>
  inTemporaryFolder(async (folder) => {
    const groups = PLAIN_GROUPS;
    for (const experiment of EXPERIMENTS) {
      await writeSyntheticRun(folder, { experiment, seed: 7, groups, imagesPerCategory: 25 });
    }
    for (const { name, labels, runs } of resultsOf(await readRuns(folder)).experiments) {
      const rows = await plainRows(join(folder, name, "seed-7", "predictions.csv"));
      const correctAt = (wanted: string, threshold: number) =>
        rows.filter(([, , group, label, , ...cells]) => {
          const scores = scoresOf(name, cells.map(Number));
          const highest = Math.max(...scores);
          const given = highest < threshold ? "na" : labels[scores.indexOf(highest)];
          return group === wanted && given === label;
        }).length;
      for (const [decision, threshold] of [["argmax", 0], ["threshold 0.4", 0.4]] as const) {
        const counted = runs[0]!.measures.decisions[decision]!;
        assert.equal(counted.knownCorrect, correctAt("known", threshold));
        assert.equal(counted.unknownRejected, correctAt("unknown", threshold));
        assert.equal(counted.unseenRejected, correctAt("unseen", threshold));
        assert.equal(
          counted.totalCorrect,
          counted.knownCorrect + counted.unknownRejected + counted.unseenRejected,
        );
      }
    }
  }));

Deno.test("the AUROC of results.json is the share of pairs in predictions.csv in the right order", () =>
  inTemporaryFolder(async (folder) => {
    const run = {
      experiment: "bcena",
      seed: 3,
      groups: PLAIN_GROUPS,
      imagesPerCategory: 20,
    } as const;
    await writeSyntheticRun(folder, run);
    const { runs } = resultsOf(await readRuns(folder)).experiments[0]!;
    const rows = await plainRows(join(folder, "bcena", "seed-3", "predictions.csv"));
    const knownScores = (wanted: string) =>
      rows.filter(([, , group]) => group === wanted)
        .map(([, , , , , _na, ...cells]) => Math.max(...cells.map(Number)));
    for (const group of ["unknown", "unseen"] as const) {
      const pairs = knownScores("known").flatMap((known): number[] =>
        knownScores(group).map((other) => known > other ? 1 : known === other ? 0.5 : 0)
      );
      const expected = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
      assert.ok(
        Math.abs(runs[0]!.measures.openSet["highest-score"]![group]!.auroc - expected) < 1e-12,
      );
    }
  }));

Deno.test("several seeds have a mean and a standard deviation, one seed has no deviation", () =>
  inTemporaryFolder(async (folder) => {
    for (const seed of [1, 2, 3]) await writeSyntheticRun(folder, { experiment: "bcena", seed });
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1 });
    const [ce, bcena] = (await writeReport(folder)).experiments;
    assert.deepEqual(bcena!.runs.map(({ seed }) => seed), [1, 2, 3]);
    const totals = bcena!.runs.map(({ measures }) => measures.decisions.argmax!.totalCorrect);
    assert.deepEqual(bcena!.summary.decisions.argmax!.totalCorrect, summarise(totals));
    assert.equal(ce!.summary.decisions.argmax!.totalCorrect.standardDeviation, null);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /Confusion matrix of BCENa, argmax, all test pictures, mean of 3 seeds/);
    assert.match(markdown, /BCENa \| argmax \| \d+\.\d ± \d+\.\d \(\d+\.\d ± \d+\.\d%\)/);
    assert.match(markdown, /- Cross-entropy ran with one seed only/);
  }));

Deno.test("names that are markup stay text in the HTML report, which needs no other file", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
    await writeReport(folder);
    const html = await Deno.readTextFile(join(folder, "report.html"));
    const scripts = [...html.matchAll(/<script\b[^>]*>.*?<\/script>/gs)].map(([script]) => script);
    assert.deepEqual(scripts.map((script) => /^<script[^>]*>/.exec(script)![0]), [
      '<script type="application/json" id="explorer-data">',
      "<script>",
      "<script>",
    ]);
    assert.match(scripts[1]!, /University of Washington Interactive Data Lab/);
    const page = scripts.reduce((rest, script) => rest.replace(script, () => ""), html);
    assert.doesNotMatch(page, /<\/?script/i);
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(page, /&lt;\/script&gt;&lt;!-- \$1/);
    assert.match(page, /a &quot;quoted&quot;, b/);
    assert.match(page, /&amp;amp;/);
    assert.match(page, /żółw \*\|_` 亀/);
    assert.match(page, /\u2068שלום, עולם\u2069/);
    assert.match(page, /a &lt;fast&gt; processor/);
    assert.doesNotMatch(page, /<(?:link|img|iframe)\b|@import|\bsrc=/);
    const addresses = [...page.matchAll(/(?:href|url)\b[=(]["']?([^"')]+)/g)].map((match) =>
      match[1]!
    );
    assert.deepEqual(addresses.filter((address) => !address.startsWith("#")), []);
    const ids = [...page.matchAll(/<[^>]*\sid="([^"]+)"/g)].map((match) => match[1]);
    assert.equal(new Set(ids).size, ids.length);
    for (const target of addresses) assert.ok(ids.includes(target.slice(1)), target);
  }));

Deno.test("names that are markup stay text in the Markdown report", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1 });
    await writeReport(folder);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /^\| &lt;script&gt;alert\(1\)&lt;\/script&gt; \| known \| 6 \|/m);
    assert.match(markdown, /^\| &lt;\/script&gt;&lt;!-- \\\$1 \| unseen \| 6 \|/m);
    assert.match(markdown, /^\| line end two \| unseen \| 6 \|/m);
    assert.match(markdown, /^\| żółw \\\*\\\|\\_\\` 亀 \| known \|/m);
    assert.match(markdown, /^\| \\\[link\\\]\(http\\:\/\/x\) \| unseen \|/m);
    const tables = markdown.split("\n").filter((line) => line.startsWith("|"));
    const cells = (line: string) => line.replace(/\\\|/g, "").split("|").length;
    const rules = tables.flatMap((line, index) => line.startsWith("| ---") ? [index] : []);
    for (const rule of rules) {
      assert.equal(cells(tables[rule - 1]!), cells(tables[rule]!));
      assert.equal(cells(tables[rule + 1]!), cells(tables[rule]!));
    }
    for (const [, figure] of markdown.matchAll(/\]\((figures\/[^)]+)\)/g)) {
      await Deno.stat(join(folder, figure!));
    }
  }));

Deno.test("readable names stand in the reports and figures where the data set has them", () =>
  inTemporaryFolder(async (folder) => {
    const categoryNames = { k1: "French horn" };
    await writeSyntheticRun(folder, {
      experiment: "bce",
      seed: 1,
      groups: PLAIN_GROUPS,
      categoryNames,
    });
    await writeReport(folder);
    const read = (name: string) => Deno.readTextFile(join(folder, name));
    assert.match(await read("report.md"), /\| French horn \| known \|/);
    assert.match(await read("figures/confusion-bce-argmax-all.svg"), /French horn/);
  }));

Deno.test("a data set of known pictures alone gets a report without NaN", () =>
  inTemporaryFolder(async (folder) => {
    const groups = { known: ["a", "b"], unknown: [], unseen: [] };
    for (const experiment of ["ce", "bcena"] as const) {
      await writeSyntheticRun(folder, { experiment, seed: 1, groups });
    }
    const results = await writeReport(folder);
    const html = await Deno.readTextFile(join(folder, "report.html"));
    const [page] = html.split('<script type="application/json"');
    for (const text of [page!, JSON.stringify(results), textTable(comparisonTable(results))]) {
      assert.doesNotMatch(text, /NaN|undefined|Infinity/);
    }
    assert.doesNotMatch(textTable(comparisonTable(results)), /unknown|unseen/);
    assert.ok(!namesIn(join(folder, "figures")).includes("oscr.svg"));
  }));

Deno.test("an unfinished run is left out and named", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1 });
    await Deno.mkdir(join(folder, "bce", "seed-2"));
    const results = await writeReport(folder);
    assert.deepEqual(results.unfinishedRuns, [join("bce", "seed-2")]);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /Not finished .*bce\/seed-2/);
  }));

Deno.test("a second report replaces the first one's figures", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1 });
    await writeSyntheticRun(folder, { experiment: "ce", seed: 1 });
    await writeReport(folder);
    await Deno.remove(join(folder, "ce"), { recursive: true });
    await writeReport(folder);
    const figures = namesIn(join(folder, "figures"));
    assert.ok(figures.includes("training-bce.svg"));
    assert.ok(!figures.includes("training-ce.svg"));
  }));

Deno.test("damaged predictions leave an earlier report as it was", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bce", seed: 1 });
    await writeReport(folder);
    const before = await Deno.readTextFile(join(folder, "results.json"));
    const names = namesIn(folder);
    await edit(join(folder, "bce", "seed-1", "predictions.csv"), "known,", "unsure,");
    await assert.rejects(writeReport(folder), /predictions\.csv, line 2: group is "unsure"/);
    assert.equal(await Deno.readTextFile(join(folder, "results.json")), before);
    assert.deepEqual(namesIn(folder), names);
  }));

Deno.test("a score of one's own, and one that was fitted in training, stand in the report", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1, groups: PLAIN_GROUPS });
    const { finished: [run] } = await readRuns(folder);
    const paths = run!.predictions.predictions.map(({ path }) => path);
    const values = run!.predictions.predictions.map(({ group }) => group === "unseen" ? 0 : 1);
    const file = join(folder, "bcena", "seed-1", "fitted_scores.csv");
    await writeFittedScores(file, paths, { fitted: values });
    const mean: Score = {
      name: "mean",
      title: "mean known logit",
      appliesTo: () => true,
      of: ({ labels }) => ({ logits }) =>
        knownColumns(labels).reduce((sum, column) => sum + logits[column]!, 0),
    };
    const fitted: Score = {
      name: "fitted",
      title: "fitted score",
      appliesTo: () => true,
      fit: () => () => 0,
    };
    const results = await writeStandaloneReport(folder, { scores: [...SCORES, mean, fitted] });
    const { openSet } = results.experiments[0]!.summary;
    for (const score of ["highest-score", "energy", "mean", "fitted"]) {
      assert.ok(score in openSet, score);
    }
    assert.equal(openSet["fitted"]!.unseen!.auroc.mean, 1);
    assert.equal(openSet["fitted"]!.unknown!.auroc.mean, 0.5);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /\| BCENa \| mean known logit \| unseen \| 0\.\d{3} \|/);
    assert.match(markdown, /\| BCENa \| fitted score \| unseen \| 1\.000 \|/);
    await Deno.remove(file);
    await writeStandaloneReport(folder, { scores: [highestScore, fitted] });
    const without = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(without, /Not measured: fitted score\. A score is missing where it applies/);
  }));

Deno.test("runs from another start in the folder beside are compared seed by seed, with their curves", () =>
  inTemporaryFolder(async (folder) => {
    const ours = join(folder, "imagenette-article");
    const write = (profileName: string, experiment: string, seed: number) =>
      writeSyntheticRun(join(folder, `imagenette-${profileName}`), {
        experiment,
        seed,
        profileName,
        groups: PLAIN_GROUPS,
      });
    for (const seed of [1, 2]) await write("article", "bcena", seed);
    await write("article", "ce", 1);
    assert.equal((await writeReport(ours)).otherStart, null);
    // A training that has just begun.
    await Deno.mkdir(join(folder, "imagenette-article-random", "bcena", "seed-1"), {
      recursive: true,
    });
    assert.equal((await writeReport(ours)).otherStart, null);
    await write("article-random", "bcena", 1);
    const { otherStart } = await writeReport(ours);
    assert.deepEqual(otherStart!.leftOut, []);
    assert.equal(otherStart!.profile, "article-random");
    const [bcena, ...others] = otherStart!.differences;
    assert.deepEqual(others, []);
    assert.deepEqual([bcena!.experiment, bcena!.seeds], ["bcena", [1]]);
    // The synthetic runs of one seed are the same from both starts.
    assert.equal(bcena!.decisions.argmax!.knownCorrect!.mean, 0);
    const { finished } = await readRuns(join(folder, "imagenette-article-random"));
    assert.deepEqual(bcena!.histories, finished.map(({ history }) => history));
    const report = await Deno.readTextFile(join(ours, "report.md"));
    assert.match(report, /figures\/training-bcena-article-random\.svg/);
    // The share is of the common seed as well, so it has no deviation.
    assert.match(report, /\n\| BCENa \| argmax \| 1 \| \d+\.\d% \| 0\.0 /);
    assert.doesNotMatch(report, /figures\/training-ce-article-random/);
  }));

Deno.test("runs beside that differ in more than their start are not compared, and the report names them", async () => {
  const bcena = experimentOf({ experiment: "bcena", profileName: "article-random" });
  const others: Partial<SyntheticRun>[] = [
    { experiment: { ...bcena, network: PLAIN_CNN } },
    { imagesPerCategory: 5 },
    { groups: SMALL_GROUPS },
  ];
  for (const other of others) {
    await inTemporaryFolder(async (folder) => {
      const ours = join(folder, "imagenette-article");
      const run = { experiment: "bcena", seed: 1, groups: PLAIN_GROUPS } as const;
      await writeSyntheticRun(ours, { ...run, profileName: "article" });
      const beside = join(folder, "imagenette-article-random");
      await writeSyntheticRun(beside, { ...run, profileName: "article-random", ...other });
      const { otherStart } = await writeReport(ours);
      assert.deepEqual(otherStart!.differences, []);
      const report = await Deno.readTextFile(join(ours, "report.md"));
      assert.match(report, /Not compared with the profile article-random: bcena, seed 1, which/);
      assert.doesNotMatch(report, /What the start gives/);
    });
  }
});

Deno.test("a thousand categories have a report, whose matrices show the most confused and say so", () =>
  inTemporaryFolder(async (folder) => {
    const known = Array.from({ length: 1000 }, (_, index) => `category ${index}`);
    const groups = { known, unknown: ["u"], unseen: ["s"] };
    const run = { experiment: "bcena", seed: 1, groups, imagesPerCategory: 1 } as const;
    await writeSyntheticRun(folder, run);
    const results = await writeReport(folder);
    const { columns, known: rows } = results.experiments[0]!.summary.confusion["argmax"]!;
    assert.deepEqual(columns.slice(-2), [OTHER_CATEGORIES, "na"]);
    assert.equal(rows.length, MOST_IN_CONFUSIONS);
    // Every picture of a shown category is in its row.
    for (const row of rows) assert.equal(row.reduce((sum, { mean }) => sum + mean, 0), 1);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(
      markdown,
      /Of 1000 known categories, the 30 with the most wrong pictures have rows/,
    );
    assert.doesNotMatch(markdown, /Could not be drawn/);
    const [matrix] = namesIn(join(folder, "figures"))
      .filter((name) => /^confusion-.*-all\.svg$/.test(name));
    const svg = await Deno.readTextFile(join(folder, "figures", matrix!));
    assert.match(svg, /the 30 most confused of 1000 categories/);
    assert.match(svg, /other</);
    const html = await Deno.readTextFile(join(folder, "report.html"));
    assert.match(html, /another category|another</);
    assert.ok(html.length < 2e7, `${html.length} characters`);
  }));

Deno.test("a figure that cannot be drawn is named in the report, which has all others", () =>
  inTemporaryFolder(async (folder) => {
    const figure = (name: string, side: number) => ({
      name,
      caption: `The figure ${name}`,
      spec: { data: { values: [{}] }, mark: "point", width: side, height: side } as PlotSpec,
    });
    const plans = [figure("first", 20), figure("huge", 30_000), figure("last", 20)];
    await writeDocument(folder, {
      title: "Title",
      notices: ["A notice."],
      answer: "The answer.",
      blocks: [figures(...plans)],
      details: [{ title: "Part", summary: "more", blocks: [figures(figure("inner", 20))] }],
    });
    assert.deepEqual(namesIn(folder), ["figures", "report.html", "report.md"]);
    assert.deepEqual(
      namesIn(join(folder, "figures")),
      ["first", "inner", "last"].flatMap((name) => [`${name}.png`, `${name}.svg`]),
    );
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /> A notice\.\n\n> Could not be drawn: The figure huge \(.+\)\./);
    assert.deepEqual(markdown.match(/figures\/\w+\.svg/g), [
      "figures/first.svg",
      "figures/last.svg",
      "figures/inner.svg",
    ]);
    const html = await Deno.readTextFile(join(folder, "report.html"));
    assert.match(html, /Could not be drawn: The figure huge/);
    assert.equal(html.match(/<svg/g)!.length, 3);
  }));

Deno.test("a report that is stopped leaves the earlier figures, and nothing half done", () =>
  inTemporaryFolder(async (folder) => {
    await writeFigures(folder, []);
    await Deno.writeTextFile(join(folder, "figures", "earlier.svg"), "<svg/>");
    const plans = [{ name: "a", caption: "", spec: { mark: "point" } as PlotSpec }];
    const stopped = AbortSignal.abort(new Error("stopped"));
    await assert.rejects(writeFigures(folder, plans, stopped), /^Error: stopped$/);
    assert.deepEqual(namesIn(folder), ["figures"]);
    assert.deepEqual(namesIn(join(folder, "figures")), ["earlier.svg"]);
  }));

Deno.test("figures that a killed process was at are removed by the next report", () =>
  inTemporaryFolder(async (folder) => {
    for (const name of [`figures.${crypto.randomUUID()}.tmp`, "figures.tmp"]) {
      await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, name, "a.svg"), "<svg/>");
    }
    await Deno.writeTextFile(join(folder, "figures.lock"), "1");
    await writeFigures(folder, []);
    assert.deepEqual(namesIn(folder), ["figures"]);
  }));

/** Names that break terminals and XML, and those that all objects have. */
const HOSTILE_GROUPS = {
  known: ["__proto__", "\x1b[2Jclear", "=1+1"],
  unknown: ["constructor", "bell\x07\x9b31m\x7f"],
  unseen: ["toString", "http://x.org"],
};

Deno.test("control characters in names reach no file of a report, and its figures are drawn", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticRun(folder, { experiment: "bcena", seed: 1, groups: HOSTILE_GROUPS });
    await writeReport(folder);
    const figures = namesIn(join(folder, "figures")).map((name) => join("figures", name));
    const texts = [...figures.filter((name) => name.endsWith(".svg")), "report.md", "report.html"];
    // deno-lint-ignore no-control-regex
    const control = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
    for (const name of texts) {
      const text = await Deno.readTextFile(join(folder, name));
      assert.doesNotMatch(text.replace(/<script>.*?<\/script>/gs, ""), control, name);
    }
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /^\| \\\\u001b\\\[2Jclear \| known \|/m);
    assert.match(markdown, /^\| http\\:\/\/x\.org \| unseen \|/m);
  }));

Deno.test("categories called like what all objects have keep their readable names", () =>
  inTemporaryFolder(async (folder) => {
    // As parsed, so that __proto__ is a member like any other.
    const categoryNames = JSON.parse(
      '{ "__proto__": "prototype", "constructor": "builder", "toString": "yarn" }',
    );
    const run = { experiment: "bcena", seed: 1, groups: HOSTILE_GROUPS, categoryNames };
    await writeSyntheticRun(folder, run);
    await writeReport(folder);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /^\| prototype \| known \|/m);
    assert.match(markdown, /^\| builder \| unknown \|/m);
    assert.match(markdown, /^\| yarn \| unseen \|/m);
    const matrix = join(folder, "figures", "confusion-bcena-argmax-all.svg");
    assert.match(await Deno.readTextFile(matrix), />prototype</);
    assert.deepEqual((await readResults(folder)).dataset.categoryNames, categoryNames);
  }));
