import assert from "node:assert/strict";
import { join } from "@std/path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { STUDY_SCORES } from "../../src/study/scores.ts";
import { readStudyResults } from "../../src/study/results.ts";
import { TRAININGS } from "../../src/study/trainings.ts";
import { unitFolder } from "../../src/study/unit.ts";
import { readUnits, writeStudyReport } from "../../src/study/write_study_report.ts";
import { edit, inTemporaryFolder, namesIn } from "../temporary_folder.ts";
import { writeSyntheticStudy } from "./synthetic_units.ts";

const ORDER = TRAININGS.map(({ name }) => name);

/** Rows of a unit's pictures, read without the project's code. */
function rowsOf(folder: string): Record<string, string>[] {
  const text = gunzipSync(Deno.readFileSync(join(folder, "pictures.csv.gz")));
  return parse(text, { columns: true });
}

/** How often a known picture scores higher, ties by halves: from the definition. */
function auroc(known: number[], others: number[]): number {
  const wins = known.map((score) =>
    others.reduce((sum, other) => sum + (score > other ? 1 : score === other ? 0.5 : 0), 0)
  );
  return wins.reduce((sum, won) => sum + won, 0) / (known.length * others.length);
}

Deno.test("the report has every unit, its files are whole, and its figures follow from the pictures", () =>
  inTemporaryFolder(async (folder) => {
    const units = await writeSyntheticStudy(folder);
    const written = await writeStudyReport(folder, STUDY_SCORES, ORDER);
    const results = await readStudyResults(join(folder, "results.json"));
    assert.deepEqual(results, JSON.parse(JSON.stringify(written)));
    assert.equal(results.units.length + results.heldOutUnits.length, units.length);
    assert.deepEqual(results.trainings.map(({ name }) => name), ORDER);
    assert.deepEqual(results.missing, []);
    for (const figure of ["auroc-unseen", "auroc-unknown", "ranks-unseen", "ranks-unknown"]) {
      assert.ok(namesIn(join(folder, "figures")).includes(`${figure}.svg`), figure);
    }
    const unit = units.find(({ training, seed }) => training.name === "bce-na" && seed === 2)!;
    const rows = rowsOf(unitFolder(folder, unit));
    const values = (part: string, group: string) =>
      rows.filter((row) => row.part === part && row.group === group).map((row) =>
        Math.max(
          ...Object.entries(row).filter(([name]) =>
            name.startsWith("logit:") && name !== "logit:na"
          ).map(([, value]) => Number(value)),
        ) - Number(row["logit:na"])
      );
    const measured = results.units.find(({ training, seed, split }) =>
      training === "bce-na" && seed === 2 && split === unit.split.name
    )!;
    const told = measured.scores["known-minus-na"]!;
    for (const group of ["unknown", "unseen"] as const) {
      const expected = auroc(values("test", "known"), values("test", group));
      assert.ok(Math.abs(told[group]!.auroc - expected) < 1e-12);
      const rejected = values("test", group).filter((value) => value < told.threshold).length;
      assert.equal(told[group]!.rejected, rejected / values("test", group).length);
      // Argmax rejects where na's logit is the highest.
      const byArgmax = values("test", group).filter((value) => value <= 0).length;
      assert.equal(measured.argmax[group], byArgmax / values("test", group).length);
    }
    const aurocs = results.units.filter(({ training }) => training === "bce-na")
      .map(({ scores }) => scores["known-minus-na"]!.unseen!.auroc);
    const row = results.table.find(({ training, score }) =>
      training === "bce-na" && score === "known-minus-na"
    )!;
    const mean = aurocs.reduce((sum, value) => sum + value, 0) / aurocs.length;
    assert.ok(Math.abs(row.unseen!.auroc.mean - mean) < 1e-12);
    const { shares } = results.variance.unseen!;
    const sum = Object.values(shares).reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-12);
    const html = await Deno.readTextFile(join(folder, "report.html"));
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assert.match(markdown, /^# The study: synthetic/);
    assert.match(markdown, /\*\*(No training|Some trainings)/);
    assert.ok(!html.includes("undefined") && !markdown.includes("undefined"));
    assert.doesNotMatch(html, /<(script|link|img)[^>]*(src|href)=/);
  }));

Deno.test("a report of a few units says which are missing, and leaves out what needs all", () =>
  inTemporaryFolder(async (folder) => {
    const trainings = TRAININGS.filter(({ name }) => ["ce", "bce-na"].includes(name));
    const units = await writeSyntheticStudy(folder, { seeds: [1, 2], trainings });
    const gone = units.find(({ training, seed }) => training.name === "ce" && seed === 2)!;
    await Deno.remove(join(unitFolder(folder, gone), "pictures.csv.gz"));
    const { missing, rankTests } = await writeStudyReport(folder, STUDY_SCORES, ORDER);
    assert.deepEqual(missing, [`${gone.split.name}, seed 2, ce`]);
    assert.equal(rankTests.unseen!.blocks, 3);
    assert.match(
      await Deno.readTextFile(join(folder, "report.md")),
      /1 units? (is|are) not finished/,
    );
  }));

Deno.test("one unit makes a report, too", () =>
  inTemporaryFolder(async (folder) => {
    const units = await writeSyntheticStudy(folder, { seeds: [1] });
    for (const unit of units.slice(1)) {
      await Deno.remove(unitFolder(folder, unit), { recursive: true });
    }
    const results = await writeStudyReport(folder, STUDY_SCORES, ORDER);
    assert.equal(results.units.length, 1);
    assert.equal(results.rankTests.unseen, null);
    // One unit alone has no spread, and so no interval.
    assert.deepEqual([results.choiceDifferences, results.thresholdDifferences], [[], []]);
  }));

Deno.test("units that are damaged or do not belong together are errors that name them", () =>
  inTemporaryFolder(async (folder) => {
    await assert.rejects(readUnits(folder), /no finished unit there/);
    const [first, second] = await writeSyntheticStudy(folder, { seeds: [1] });
    const path = (unit = first!) => join(unitFolder(folder, unit), "config.json");
    await edit(path(second), '"name": "synthetic"', '"name": "other"');
    await assert.rejects(readUnits(folder), /its data set is not that of/);
    await edit(path(second), '"name": "other"', '"name": "synthetic"');
    await edit(path(), '"seed": 1', '"seed": 7');
    await assert.rejects(readUnits(folder), /config\.json says own\/seed-7/);
    await edit(path(), '"seed": 7', '"seed": 1');
    await Deno.writeTextFile(join(unitFolder(folder, first!), "pictures.csv.gz"), "not gzip");
    await assert.rejects(readUnits(folder), /pictures\.csv\.gz: not a gzip file/);
  }));
