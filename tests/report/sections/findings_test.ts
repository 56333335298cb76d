import assert from "node:assert/strict";
import { ARTICLE_CONTEXT } from "../../../src/article/report.ts";
import { findings as findingsOf } from "../../../src/report/sections/findings.ts";
import { type Results, resultsOf } from "../../../src/report/results.ts";
import { readRuns } from "../../../src/runs/read_runs.ts";
import { SMALL_GROUPS, writeSyntheticRun } from "../synthetic_runs.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";

/** Results of 36 test pictures (18 known, 12 unknown, 6 unseen) for the given seeds. */
async function results(seeds: readonly number[]): Promise<Results> {
  let found: Results | undefined;
  await inTemporaryFolder(async (folder) => {
    for (const experiment of ["bce", "bce-na", "bcena"] as const) {
      for (const seed of seeds) {
        await writeSyntheticRun(folder, { experiment, seed, groups: SMALL_GROUPS });
      }
    }
    found = resultsOf(await readRuns(folder, ARTICLE_CONTEXT.order), ARTICLE_CONTEXT);
  });
  return found!;
}

function findings(from: Results): string[] {
  return findingsOf(from, ARTICLE_CONTEXT);
}

function summaryOf(from: Results, name: string) {
  return from.experiments.find((experiment) => experiment.name === name)!.summary;
}

Deno.test("the sentences follow the figures", async () => {
  const some = await results([1]);
  summaryOf(some, "bce-na").decisions.argmax!.unseenRejected.mean = 2;
  summaryOf(some, "bce-na").decisions["threshold 0.5"]!.unseenRejected.mean = 5;
  summaryOf(some, "bcena").decisions["threshold 0.5"]!.unseenRejected.mean = 4;
  const text = findings(some).join("\n");
  assert.match(text, /they reject 33\.3% and 66\.7%, a difference of \+33\.3/);
  assert.match(text, /With threshold 0\.5 for both, that difference is -16\.7 points/);
  assert.match(text, /At threshold 0\.5 for both, BCENa has 66\.7% unseen rejected, /);
});

Deno.test("only experiments that reject nothing are said to", async () => {
  const some = await results([1]);
  assert.match(findings(some).join("\n"), /By argmax, BCE rejects no unknown or unseen picture/);
  summaryOf(some, "bce").decisions.argmax!.unknownRejected.mean = 1;
  assert.doesNotMatch(findings(some).join("\n"), /rejects no unknown/);
});

Deno.test("the best experiment is named, and all of them at a tie", async () => {
  const some = await results([1]);
  for (const { summary } of some.experiments) summary.decisions.argmax!.totalCorrect.mean = 9;
  assert.match(
    findings(some).join("\n"),
    /By argmax, BCE, BCE with na class and BCENa label the most pictures correctly: 25\.0% of the 36/,
  );
  summaryOf(some, "bcena").decisions.argmax!.totalCorrect.mean = 18;
  assert.match(
    findings(some).join("\n"),
    /By argmax, BCENa labels the most pictures correctly: 50\.0%/,
  );
});

Deno.test("one seed is said to leave room for chance, several are compared by their spread", async () => {
  assert.match(findings(await results([1])).join("\n"), /Every experiment ran with one seed only/);
  const several = await results([1, 2]);
  assert.doesNotMatch(findings(several).join("\n"), /one seed only/);
  assert.match(
    findings(several).join("\n"),
    /At threshold 0\.4 for both, BCENa has .* ± .*% known correct, .* points /,
  );
});

Deno.test("a difference is said to be clear, within chance or within the spread of the seeds", async () => {
  const some = await results([1, 2]);
  const pair = some.differences.find(({ first, second }) =>
    `${first} ${second}` === "bcena bce-na"
  )!;
  const said = (mean: number, standardDeviation: number, low: number, high: number) => {
    pair.decisions["threshold 0.4"]!.unseenRejected = { mean, standardDeviation, low, high };
    return findings(some).join("\n");
  };
  assert.match(
    said(0.2, 0.1, 0.05, 0.3),
    /20\.0 points more \(95% interval 5\.0 to 30\.0\) than .*: clear\./,
  );
  assert.match(
    said(0.2, 0.1, -0.05, 0.3),
    /\(95% interval -5\.0 to 30\.0\) than .*: within chance\./,
  );
  assert.match(
    said(-0.2, 0.3, -0.3, -0.1),
    /20\.0 points fewer \(95% interval 10\.0 to 30\.0\) than .*: within the spread of the seeds\./,
  );
});
