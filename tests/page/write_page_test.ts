import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "@std/path";
import { bcena } from "../../src/article/experiments.ts";
import type { Decision } from "../../src/evaluation/decisions.ts";
import { PARTS } from "../../src/page/page_data.ts";
import { writePage } from "../../src/page/write_page.ts";
import { type Reproduction, runExperiments } from "../../src/reproduce.ts";
import { assertOneLine, task } from "../command_line.ts";
import { edit, namesIn } from "../temporary_folder.ts";
import { runFolderOf, withReproduction } from "../tiny_reproduction.ts";
import { tiny } from "../training/synthetic_data.ts";

const HOSTILE = {
  "cat, <i>black": "</script><script>alert(1)</script><img src=x onerror=alert(2)>",
  'dog "x"': "<!--<script>&amp;\u2028",
  fish: '"><svg onload=alert(3)>',
};

/** Runs a test with the folder of a finished run whose categories have hostile names. */
function withRun(test: (run: string, reproduction: Reproduction) => Promise<void>): Promise<void> {
  return withReproduction(async ({ dataset, ...others }) => {
    const named = { ...dataset, categoryNames: HOSTILE };
    const once = { ...others, dataset: named, experiments: [tiny(bcena)] };
    await runExperiments(once);
    await test(runFolderOf(once), once);
  });
}

Deno.test("a page is one file, and hostile names of categories are nothing but text in it", () =>
  withRun(async (run) => {
    const path = await writePage({ model: run });
    assert.equal(path, join(run, "page.html"));
    const html = await Deno.readTextFile(path);
    const data = partOf(html, PARTS.data);
    const { model, threshold } = JSON.parse(data);
    assert.deepEqual(model.userDefinedMetadata.categoryNames, HOSTILE);
    assert.equal(threshold, 0.4);
    assert.doesNotMatch(data, /</);
    const [before] = html.split(`id="${PARTS.data}"`);
    assert.match(before!, /&lt;script&gt;alert\(1\)/);
    assert.doesNotMatch(before!, /<img|<svg|alert\(1\)<\/script|<!--/);
    assert.doesNotMatch(before!, /<[^>]*(src|href)=/);
  }));

Deno.test("--out and --threshold are where the page goes and where its slider starts", () =>
  withRun(async (run, { out }) => {
    const file = join(out, "pages", "mine.html");
    const outcome = await task("page", join(run, "model"), "--out", file, "--threshold", "0.75");
    assert.deepEqual(outcome, { code: 0, out: `page: ${file}\n`, error: "" });
    assert.deepEqual(namesIn(join(out, "pages")), ["mine.html"]);
    const { threshold } = JSON.parse(partOf(await Deno.readTextFile(file), PARTS.data));
    assert.equal(threshold, 0.75);
    assert.ok(!namesIn(run).includes("page.html"));
  }));

const FAULTS: Readonly<Record<string, [(run: string) => Promise<void>, RegExp]>> = {
  "weights that are cut off": [
    (run) => Deno.truncate(join(run, "model", "weights.bin"), 100),
    /model\/weights\.bin: damaged.*; give the folder of a trained model/,
  ],
  "a model.json that is no JSON": [
    (run) => Deno.truncate(join(run, "model", "model.json"), 100),
    /model\/model\.json: not JSON .*; give the folder of a trained model/,
  ],
  "no network": [
    (run) => Deno.remove(join(run, "model"), { recursive: true }),
    /no trained network there .*`deno task reproduce`/,
  ],
  "no predictions": [
    (run) => Deno.remove(join(run, "predictions.csv")),
    /predictions\.csv: there is no such file; train the run again/,
  ],
  "predictions that are cut off": [
    (run) => Deno.truncate(join(run, "predictions.csv"), 20),
    /predictions\.csv.*; train the run again/,
  ],
  "no configuration": [
    (run) => Deno.remove(join(run, "config.json")),
    /config\.json: there is no such file; train the run again/,
  ],
  "predictions of another experiment": [
    (run) => edit(join(run, "model", "model.json"), '"experiment":"bcena"', '"experiment":"ce"'),
    /its network is of ce, .*, but the predictions beside it are of bcena/,
  ],
  "a decision that is no threshold": [
    (run) => edit(join(run, "model", "model.json"), '"threshold 0.4"', '"by the moon"'),
    /its decision is "by the moon", .* choose the start of its slider with --threshold/,
  ],
};

Deno.test("of a damaged run no page is made, and one line says why", (t) =>
  withRun(async (run) => {
    for (const [fault, [plant, message]] of Object.entries(FAULTS)) {
      await t.step(fault, async () => {
        const damaged = `${run}, damaged`;
        await cp(run, damaged, { recursive: true });
        await plant(damaged);
        const before = namesIn(damaged);
        const { code, out, error } = await task("page", damaged);
        assertOneLine(error);
        assert.match(error, message);
        assert.deepEqual([code, out], [1, ""]);
        assert.deepEqual(namesIn(damaged), before);
        await Deno.remove(damaged, { recursive: true });
      });
    }
  }));

Deno.test("a page whose run decides otherwise starts where it is told to", () =>
  withReproduction(async (reproduction) => {
    const second: Decision = { name: "second", phrase: "by the second", decide: () => 0 };
    const experiment = { ...tiny(bcena), name: "mine", decision: second };
    const once = { ...reproduction, experiments: [experiment] };
    await runExperiments(once);
    const model = runFolderOf(once);
    await assert.rejects(writePage({ model }), /its decision is "second"/);
    const html = await Deno.readTextFile(await writePage({ model, threshold: 0.2 }));
    assert.equal(JSON.parse(partOf(html, PARTS.data)).threshold, 0.2);
  }));

/** The text of an element, as far as a browser takes it. */
function partOf(html: string, id: string): string {
  const [, text] = html.split(`id="${id}">`);
  return text!.split("</script>")[0]!;
}
