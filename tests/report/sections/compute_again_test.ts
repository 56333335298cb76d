import assert from "node:assert/strict";
import { bcena } from "../../../src/article/experiments.ts";
import { ARTICLE_CONTEXT } from "../../../src/article/report.ts";
import { PLAIN_CNN } from "../../../src/model/plain_cnn.ts";
import type { ReportContext } from "../../../src/report/context.ts";
import { resultsOf } from "../../../src/report/results.ts";
import { computeAgain } from "../../../src/report/sections/compute_again.ts";
import { readRuns } from "../../../src/runs/read_runs.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";
import {
  experimentOf,
  SMALL_GROUPS,
  type SyntheticRun,
  writeSyntheticRun,
} from "../synthetic_runs.ts";

const TASK = ["npx", "--yes", "deno@2.9.6", "task"];

/** The words that a shell makes of each command of the report on some runs. */
async function commandsOf(
  runs: readonly SyntheticRun[],
  context: Partial<ReportContext> = {},
): Promise<string[][]> {
  let commands: string[][] = [];
  await inTemporaryFolder(async (folder) => {
    for (const run of runs) await writeSyntheticRun(folder, { groups: SMALL_GROUPS, ...run });
    const found = await readRuns(folder);
    const blocks = computeAgain(resultsOf(found), found.finished, {
      ...ARTICLE_CONTEXT,
      ...context,
    });
    const lines = blocks.flatMap((block) => block.kind === "commands" ? block.lines : []);
    commands = await Promise.all(lines.map(wordsOf));
  });
  for (const words of commands) assert.deepEqual(words.slice(0, TASK.length), TASK);
  return commands.map((words) => words.slice(TASK.length));
}

async function wordsOf(command: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `printf '%s\\0' ${command}`],
  }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

Deno.test("a report in its usual place has commands without folders", async () => {
  const [report, ...training] = await commandsOf([
    { experiment: "ce", seed: 1 },
    { experiment: "bcena", seed: 1 },
  ], { resultsFolder: "results/imagenette-quick" });
  assert.deepEqual(report, ["report", "results/imagenette-quick"]);
  const profile = ["--profile", "quick"];
  assert.deepEqual(training, [
    [
      "reproduce",
      "--dataset",
      "imagenette",
      ...profile,
      "--only",
      "bcena,ce",
      "--seeds",
      "1",
      "--fresh",
    ],
  ]);
});

Deno.test("another results folder is named, whatever it is called", async () => {
  const resultsFolder = '/elsewhere/Anna\'s $HOME `date` "runs"; *';
  const [report, training] = await commandsOf([{ experiment: "ce", seed: 1 }], { resultsFolder });
  assert.deepEqual(report, ["report", resultsFolder]);
  assert.deepEqual(training!.slice(-3), ["--out", resultsFolder, "--fresh"]);
  const [dashed] = await commandsOf([{ experiment: "ce", seed: 1 }], { resultsFolder: "--x" });
  assert.deepEqual(dashed, ["report", "./--x"]);
});

Deno.test("one's own pictures are named with their folder, groups and what was left out", async () => {
  const own = {
    experiment: "bcena",
    seed: 1,
    datasetName: "pets",
    datasetFolder: "/home/anna/my pets",
    groups: { known: ["Anna's cat", "$dog"], unknown: ["a b"], unseen: [] },
    leftOut: [{ path: "$dog/1.png", reason: "empty" }],
  };
  const [, training] = await commandsOf([own]);
  assert.deepEqual(training, [
    "reproduce",
    ...["--dataset", "/home/anna/my pets", "--known", "Anna's cat,$dog", "--unknown", "a b"],
    ...["--skip-bad", "--profile", "quick", "--only", "bcena", "--seeds", "1", "--fresh"],
  ]);
  // A comma would make two names of one; such names can stand in dataset.json alone.
  const groups = { known: ["cat, black"], unknown: [], unseen: ["x"] };
  const [, unlisted] = await commandsOf([{ ...own, groups }]);
  assert.ok(!unlisted!.includes("--known") && !unlisted!.includes("--unseen"));
});

Deno.test("what differs from the usual is said: seeds, networks and starts, in as many commands", async () => {
  const usual = experimentOf({ experiment: bcena.name });
  const [, ...training] = await commandsOf([
    { experiment: "ce", seed: 1 },
    { experiment: "bce", seed: 1 },
    { experiment: "bce", seed: 2 },
    { experiment: { ...usual, network: PLAIN_CNN, start: { stem: "runs/a b" } }, seed: 2 },
  ]);
  assert.deepEqual(training.map((words) => words.slice(5)), [
    ["--only", "bce", "--seeds", "1,2", "--fresh"],
    [
      ...["--only", "bcena", "--network", PLAIN_CNN.name, "--start", "stem=runs/a b"],
      ...["--seeds", "2", "--fresh"],
    ],
    ["--only", "ce", "--seeds", "1", "--fresh"],
  ]);
});

Deno.test("experiments of one's own are trained by a command with their module, or by none", async () => {
  const mine = { ...experimentOf({ experiment: bcena.name }), name: "mine" };
  assert.equal((await commandsOf([{ experiment: mine, seed: 1 }])).length, 1);
  const extension = { path: "/elsewhere/my own.ts", experiments: [mine] };
  const [report, training] = await commandsOf([{ experiment: mine, seed: 1 }], { extension });
  assert.deepEqual(report!.slice(-2), ["--with", "/elsewhere/my own.ts"]);
  assert.deepEqual(training!.slice(5), [
    ...["--only", "mine", "--seeds", "1", "--with", "/elsewhere/my own.ts", "--fresh"],
  ]);
  // Another experiment under a name of the command line would be another result.
  const other = { ...mine, name: "bcena", title: "Mine" };
  assert.equal((await commandsOf([{ experiment: other, seed: 1 }])).length, 1);
});
