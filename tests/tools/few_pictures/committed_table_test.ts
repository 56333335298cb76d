import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { type FewPicturesRun, fewPicturesTable } from "../../../src/tools/few_pictures/command.ts";
import { named, PROFILES } from "../../../src/catalogue.ts";
import type { Profile } from "../../../src/profiles.ts";
import { markdownTable } from "../../../src/text/table.ts";

const FOLDER = fromFileUrl(new URL("../../../results/few-pictures", import.meta.url));

interface Committed {
  readonly profiles: readonly Profile[];
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

Deno.test("the profiles of the committed table are today's", async () => {
  const { profiles, runs }: Committed = JSON.parse(
    await Deno.readTextFile(join(FOLDER, "runs.json")),
  );
  const measured = new Set(runs.map(({ profile }) => profile));
  assert.deepEqual(profiles.map(({ name }) => name), [...measured]);
  for (const profile of profiles) {
    assert.deepEqual(profile, named("profile", PROFILES, profile.name));
  }
});
