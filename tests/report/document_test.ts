import assert from "node:assert/strict";
import { ARTICLE_CONTEXT } from "../../src/article/report.ts";
import type { Decision } from "../../src/evaluation/decisions.ts";
import { type ReportContext, STANDALONE } from "../../src/report/context.ts";
import { figuresIn, type ReportDocument, reportDocument } from "../../src/report/document.ts";
import { renderMarkdown } from "../../src/report/render_document.ts";
import { resultsOf } from "../../src/report/results.ts";
import type { Block } from "../../src/report/section.ts";
import { thresholdExplorer } from "../../src/report/threshold_explorer.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import type { Table } from "../../src/text/table.ts";
import {
  experimentOf,
  SMALL_GROUPS,
  type SyntheticRun,
  writeSyntheticRun,
} from "./synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const bcena = experimentOf({ experiment: "bcena" });

const ALL = ["ce", "bce", "bce-na", "bcena"] as const;

/** The report of one run of each experiment. */
async function report(
  setting: Partial<SyntheticRun> = {},
  experiments: readonly SyntheticRun["experiment"][] = ALL,
  context: ReportContext = ARTICLE_CONTEXT,
): Promise<ReportDocument> {
  let document: ReportDocument | undefined;
  await inTemporaryFolder(async (folder) => {
    for (const experiment of experiments) {
      await writeSyntheticRun(folder, { experiment, seed: 1, groups: SMALL_GROUPS, ...setting });
    }
    const runs = await readRuns(folder, context.order);
    document = reportDocument(resultsOf(runs, context), runs.finished, context);
  });
  return document!;
}

function blocksOf({ blocks, details }: ReportDocument): Block[] {
  return [...blocks, ...details.flatMap((part) => part.blocks)];
}

function tablesOf(document: ReportDocument): Table[] {
  return blocksOf(document).flatMap((block) => block.kind === "table" ? [block.table] : []);
}

function titlesOf({ details }: ReportDocument): string[] {
  return details.map(({ title }) => title);
}

const BESIDE = "Beside what others report";

/** One seed of every experiment on a data set called as the article's. */
const USUAL = await report();

Deno.test("why another data set ran comes first, then what was left out", async () => {
  const leftOut = [{ path: "train/k1/3.JPEG", reason: "not a JPEG (first bytes 3c 68 74)" }];
  const document = await report({ substitution: "The host cannot be reached.", leftOut });
  assert.equal(document.notices[0], "The host cannot be reached.");
  assert.match(document.notices[1]!, /^1 picture was left out/);
  const markdown = renderMarkdown(document);
  assert.match(markdown, /^# .*\n\n> The host cannot be reached\.\n/);
  assert.match(markdown, /\| train\/k1\/3\.JPEG \| not a JPEG \(first bytes 3c 68 74\) \|/);
});

Deno.test("a report of everything usual has no notice and no list of pictures left out", () => {
  assert.deepEqual(USUAL.notices, []);
  assert.doesNotMatch(renderMarkdown(USUAL), /left out|> /);
});

Deno.test("every row has a cell for every column, and no cell is without a figure by mistake", () => {
  for (const table of tablesOf(USUAL)) {
    for (const { cells } of table.rows) assert.equal(cells.length, table.columns.length);
    assert.ok(table.rows.length > 0, table.caption);
    assert.doesNotMatch(JSON.stringify(table), /NaN|undefined|Infinity|\[object/);
  }
});

Deno.test("a group without pictures has no column, no row and no figure", async () => {
  for (const empty of ["unknown", "unseen"] as const) {
    const groups = { ...SMALL_GROUPS, [empty]: [] };
    const document = await report({ groups, datasetName: "my pictures" });
    for (const table of tablesOf(document)) {
      const text = JSON.stringify([
        table.columns,
        table.rows.map(({ cells }) => cells.slice(0, 3)),
      ]);
      // Experiments are still trained on the groups they are trained on.
      if (table.caption !== "The experiments") assert.doesNotMatch(text, new RegExp(empty));
      assert.doesNotMatch(JSON.stringify(table), /NaN|undefined|Infinity/);
    }
  }
});

Deno.test("a data set of known pictures alone has no section about other pictures", async () => {
  const groups = { ...SMALL_GROUPS, unknown: [], unseen: [] };
  const document = await report({ groups, datasetName: "my pictures" });
  assert.ok(!titlesOf(document).includes("Known against other pictures"));
  assert.match(document.answer, / labels \d+\.\d% of the known pictures correctly, .*\.$/);
  assert.match(renderMarkdown(document), /no test pictures that should be rejected/);
  assert.doesNotMatch(renderMarkdown(document), /NaN|undefined|Infinity/);
});

Deno.test("one experiment alone has nothing to differ from", async () => {
  const document = await report({}, ["bcena"]);
  assert.ok(!titlesOf(document).includes("Differences between the experiments"));
  assert.match(renderMarkdown(document), /BCENa/);
});

Deno.test("each published count stands beside ours with the difference and its interval", () => {
  const table = tablesOf(USUAL).find(({ caption }) => caption.startsWith("Ours beside article"))!;
  assert.equal(table.rows.length, 16);
  const row = table.rows.find(({ cells: [experiment, decision, measure] }) =>
    `${experiment}, ${decision}, ${measure}` === "BCENa, threshold 0.5, unseen rejected"
  )!;
  assert.match(row.cells[4]!, /721 \(60\.1%\)/);
  assert.match(row.cells[5]!, /^[+-]\d+\.\d \[[+-]\d+\.\d, [+-]\d+\.\d\]$/);
});

Deno.test("PyTorch's epochs and counts stand beside ours where it ran the same setting", async () => {
  const tables = tablesOf(USUAL);
  const epochs = tables.find(({ caption }) => caption.startsWith("Validation accuracies"))!;
  // The synthetic runs have three epochs, in the last of which 0.8 are correct without na.
  assert.deepEqual(epochs.rows.at(-2)!.cells.slice(0, 5), [
    "BCENa",
    "accuracy without na",
    "3",
    "80.0%",
    "77.7%",
  ]);
  // Of 0.6 - 0.6394, 0.7 - 0.7180 and 0.8 - 0.7765.
  assert.deepEqual(epochs.rows.at(-2)!.cells.slice(5), ["-1.1", "-3.9 (epoch 1)"]);
  const counts = tables.find(({ caption }) => caption.startsWith("Ours beside PyTorch"))!;
  assert.equal(counts.rows.length, 36);
  assert.match(renderMarkdown(USUAL), /Of the 30 shares of correct pictures that PyTorch reports/);

  const article = await report({ profileName: "article-random" });
  const markdown = renderMarkdown(article);
  assert.match(
    markdown,
    /BCENa beside article, PyTorch and fastai, after 2 epochs: .*accuracy without na \d\d\.\d% \(article \d\d\.\d%, PyTorch 74\.1%, fastai 67\.6%\)/,
  );
  assert.ok(!tablesOf(article).some(({ caption }) => caption.startsWith("Ours beside PyTorch")));
  assert.ok(!titlesOf(await report({ datasetName: "gestures" })).includes(BESIDE));
});

Deno.test("the comparison of the article's last two experiments comes first", () => {
  const tables = tablesOf(USUAL);
  const first = tables.filter(({ caption }) => caption.startsWith("Differences of"))
    .map(({ rows }) => rows[0]!.cells[0]);
  assert.deepEqual(first, ["BCENa minus BCE with na class", "BCENa minus BCE with na class"]);
});

Deno.test("every score that applies has its rows", () => {
  const table = tablesOf(USUAL).find(({ caption }) => caption.startsWith("Known against"))!;
  const scoresOf = (title: string) =>
    table.rows.filter(({ cells }) => cells[0] === title && cells[2] === "unseen")
      .map(({ cells }) => cells[1]);
  const expected = {
    "Cross-entropy": ["highest known softmax", "highest known logit", "energy"],
    "BCE with na class": [
      "highest known sigmoid",
      "energy",
      "highest known logit minus that of na",
    ],
    "BCENa": ["highest known sigmoid", "energy"],
  };
  for (const [title, scores] of Object.entries(expected)) {
    for (const score of scores) assert.ok(scoresOf(title).includes(score), `${title}, ${score}`);
  }
  assert.ok(!scoresOf("BCENa").includes("highest known logit minus that of na"));
});

/** Rejects what scores below .3, in a form that the project does not know. */
const OWN_DECISION: Decision = {
  name: "my own / way",
  phrase: "in my own way",
  decide: (scores, naOutput) => scores[1]! < 0.3 ? naOutput : 1,
};

Deno.test("a decision of one's own has rows for its experiment alone, and matrices", async () => {
  const own = { ...bcena, name: "own", title: "Mine", decision: OWN_DECISION };
  const document = await report({}, ["bcena", own], STANDALONE);
  const decided = tablesOf(document).filter(({ columns }) => columns[1]!.title === "decision")
    .flatMap(({ rows }) => rows.map(({ cells }) => cells))
    .filter(([, decision]) => decision === OWN_DECISION.name);
  assert.deepEqual(decided.map(([title]) => title), ["Mine", "Mine", "Mine"]);
  const categories = tablesOf(document).find(({ caption }) => caption.includes(OWN_DECISION.name))!;
  assert.deepEqual(categories.columns.slice(3).map(({ title }) => title), ["Mine"]);
  const figures = figuresIn(document).map(({ name }) => name);
  assert.ok(figures.includes("confusion-own-my-own-way-all"));
});

Deno.test("a report without a context tells of its own runs alone, by name", async () => {
  const document = await report({}, [{ ...bcena, name: "z" }, { ...bcena, name: "a" }], STANDALONE);
  const markdown = renderMarkdown(document);
  assert.doesNotMatch(markdown, /article|PyTorch|NaN|undefined/);
  assert.match(document.answer, /^BCENa tells unseen pictures from known ones best: .* AUROC of 0/);
  assert.match(markdown, /\nKnown accuracy: BCENa .*\n\nRejection rates: BCENa/);
  const experiments = tablesOf(document).find(({ caption }) => caption === "The experiments")!;
  assert.deepEqual(experiments.rows.map(({ cells }) => cells[1]), ["a", "z"]);
});

Deno.test("the article's context leaves reports on other experiments to themselves", async () => {
  const mine = [{ ...bcena, name: "mine", title: "Mine" }];
  const document = await report({}, mine);
  assert.match(document.answer, /^Mine tells unseen pictures from known ones best/);
  assert.ok(!titlesOf(document).includes("What differs from what others report"));
  assert.match(renderMarkdown(document), /the program that defined the experiments trains them/);
});

Deno.test("thresholds are told in steps of a tenth", () => {
  const table = tablesOf(USUAL).find(({ caption }) => caption.endsWith("highest score"))!;
  assert.deepEqual(
    table.rows.map(({ cells }) => cells[0]),
    ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"],
  );
  assert.match(table.rows.at(-1)!.cells[1]!, /^0\.0% \/ 100\.0% \/ 100\.0%$/);
});

Deno.test("the pictures it errs on most are named, with their wrong label", async () => {
  const document = await report({ categoryNames: { s: "gas pump", k1: "French horn" } });
  assert.match(
    renderMarkdown(document),
    /\| unseen \| val\/s\/\d\.JPEG \| gas pump \| [^|]+ \| 0\.\d{3} \|/,
  );
});

Deno.test("commands can be typed as they stand, whatever the data set is called", async () => {
  const document = await report({ datasetName: "Anna's pictures" });
  const commands = blocksOf(document).flatMap((block) =>
    block.kind === "commands" ? block.lines : []
  );
  const task = "npx --yes deno@2.9.6 task";
  assert.equal(commands[0], `${task} report 'results/Anna'\\''s pictures-quick'`);
  assert.match(
    commands[1]!,
    /--dataset DIR .*--profile quick --only ce,bce,bce-na,bcena --seeds 1/,
  );
});

Deno.test("phases are told, and the article's deviations only on its own data set", async () => {
  const markdown = renderMarkdown(USUAL);
  assert.match(markdown, /1 \+ 2 epochs \(frozen, unfrozen\)/);
  assert.match(markdown, /All weights start at random/);
  const other = renderMarkdown(await report({ datasetName: "gestures" }));
  assert.match(other, /The data set gestures is not the article's/);
  assert.doesNotMatch(other, /published \||All weights start at random/);
});

Deno.test("the same results make the same report", async () => {
  assert.equal(renderMarkdown(await report()), renderMarkdown(USUAL));
});

Deno.test("the explorer starts where a threshold decides", async () => {
  const startOf = async (experiments: readonly string[]) => {
    let start: unknown;
    await inTemporaryFolder(async (folder) => {
      for (const experiment of experiments) {
        await writeSyntheticRun(folder, { experiment, seed: 1, groups: SMALL_GROUPS });
      }
      const runs = await readRuns(folder, experiments);
      start = thresholdExplorer(resultsOf(runs), runs.finished).start;
    });
    return start;
  };
  assert.deepEqual(await startOf(["ce", "bcena", "bce"]), { left: 1, right: 0, threshold: 0.5 });
  assert.deepEqual(await startOf(["ce", "bce"]), { left: 1, right: 0, threshold: 0.5 });
});
