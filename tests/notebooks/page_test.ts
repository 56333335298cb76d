import assert from "node:assert/strict";
import { join } from "@std/path";
import { bcena } from "../../src/article/experiments.ts";
import { page } from "../../src/notebooks/mod.ts";
import { runExperiments } from "../../src/reproduce.ts";
import { readRuns } from "../../src/runs/read_runs.ts";
import { withReproduction } from "../tiny_reproduction.ts";
import { tiny } from "../training/synthetic_data.ts";

Deno.test("page() of a run makes the page in its folder and says where, or why there is none", () =>
  withReproduction(async (reproduction) => {
    const once = { ...reproduction, experiments: [tiny(bcena)] };
    await runExperiments(once);
    const { finished: [run] } = await readRuns(once.out);
    const path = await page(run!);
    assert.equal(path, join(once.out, "bcena", "seed-3", "page.html"));
    assert.match(await Deno.readTextFile(path), /black cat/);
    await Deno.remove(join(run!.folder, "model"), { recursive: true });
    await assert.rejects(page(run!), /no trained network there/);
  }));
