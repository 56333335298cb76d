import assert from "node:assert/strict";
import { threshold } from "../../src/evaluation/decisions.ts";
import { measure } from "../../src/evaluation/measures.ts";
import { type Attempt, attemptPlot, attemptTable } from "../../src/notebooks/attempts.ts";
import { readRuns, type Run } from "../../src/runs/read_runs.ts";
import { energy } from "../../src/scores/energy.ts";
import { percent } from "../../src/text/wording.ts";
import { writeSyntheticRun } from "../report/synthetic_runs.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

function withRun(unseen: string[], test: (run: Run) => void): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const groups = { known: ["k1", "k2"], unknown: ["u"], unseen };
    await writeSyntheticRun(folder, { groups, experiment: "bcena", seed: 1 });
    const { finished } = await readRuns(folder);
    test(finished[0]!);
  });
}

Deno.test("attempts stand beside each other with the shares of their decisions and the AUROC of their scores", () =>
  withRun(["s"], (run) => {
    const decision = threshold(0.3);
    const { columns, rows } = attemptTable([
      { title: "one", run, decision },
      { title: "two", run, score: energy },
    ]);
    const measures = measure(run.predictions, { decisions: [decision], scores: [energy] });
    const known = measures.decisions["threshold 0.3"]!.knownCorrect / measures.images.known;
    assert.deepEqual(columns.slice(0, 3).map(({ title }) => title), [
      "attempt",
      "decision",
      "known correct",
    ]);
    assert.deepEqual(rows[0]!.cells.slice(0, 3), ["one", "threshold 0.3", percent(known)]);
    assert.deepEqual(rows[1]!.cells.slice(0, 6), ["two", "–", "–", "–", "–", "–"]);
    const gaps: Attempt[] = [];
    gaps[3] = { title: "late", run };
    assert.deepEqual(attemptTable(gaps).rows.map(({ cells }) => cells[0]), ["late"]);
    assert.equal(rows[1]!.cells.at(-1), measures.openSet.energy!.unseen!.auroc.toFixed(3));
  }));

Deno.test("the plot of attempts has a curve of each, and no panel of a group without pictures", async () => {
  await withRun(["s"], (run) => {
    const spec = JSON.stringify(
      attemptPlot([{ title: "a", run }, { title: "b", run, score: energy }]),
    );
    for (
      const text of ['"experiment":"a"', '"experiment":"b"', "unknown pictures", "unseen pictures"]
    ) {
      assert.ok(spec.includes(text), text);
    }
  });
  await withRun([], (run) => {
    assert.ok(!JSON.stringify(attemptPlot([{ title: "a", run }])).includes("unseen"));
    assert.equal(attemptTable([{ title: "a", run }]).rows[0]!.cells.at(-1), "–");
  });
});
