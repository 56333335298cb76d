import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { type FewPicturesRun, fewPicturesTable } from "../../../src/tools/few_pictures/command.ts";
import { markdownTable } from "../../../src/text/table.ts";

const FOLDER = fromFileUrl(new URL("../../../results/few-pictures", import.meta.url));

interface Committed {
  readonly pictures: { readonly train: number; readonly test: number };
  readonly runs: readonly FewPicturesRun[];
}

Deno.test("the committed table of few pictures is that of its runs", async () => {
  const { runs, pictures }: Committed = JSON.parse(
    await Deno.readTextFile(join(FOLDER, "runs.json")),
  );
  const report = await Deno.readTextFile(join(FOLDER, "report.md"));
  assert.ok(report.includes(markdownTable(fewPicturesTable(runs, pictures))));
  for (const [profile, some] of Map.groupBy(runs, (run) => run.profile)) {
    assert.deepEqual(some.map(({ draw }) => draw), [1, 2, 3, 4, 5], profile);
    const mean = some.reduce((sum, run) => sum + run.knownCorrect, 0) / some.length;
    assert.match(report, new RegExp(`${profile} \\| ${(100 * mean).toFixed(1)} ± `));
  }
});
