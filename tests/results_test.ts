import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { checkGroups } from "../src/data/splits.ts";
import { IMAGENETTE_COUNTS } from "../src/data/imagenette.ts";
import { readResults, resultsOf } from "../src/report/results.ts";
import { readRuns } from "../src/report/runs.ts";

const RESULTS = fromFileUrl(new URL("../results", import.meta.url));

for (const folder of ["imagenette-quick"]) {
  Deno.test(`every figure committed in results/${folder} follows from its predictions`, async () => {
    const results = await readResults(join(RESULTS, folder));
    assert.deepEqual(
      JSON.parse(JSON.stringify(resultsOf(await readRuns(join(RESULTS, folder))))),
      results,
    );
    checkGroups(results.dataset.groups);
    assert.deepEqual(results.dataset.counts, IMAGENETTE_COUNTS);
  });
}
