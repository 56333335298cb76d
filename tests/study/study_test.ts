import assert from "node:assert/strict";
import { join } from "@std/path";
import { bceNa, ce } from "../../src/article/experiments.ts";
import { lockFolder } from "../../src/files/folder_lock.ts";
import { energyRegularised } from "../../src/losses/energy_regularised.ts";
import type { Reproduction } from "../../src/reproduce.ts";
import { STUDY_SCORES } from "../../src/study/scores.ts";
import { runUnits, type StudyRun } from "../../src/study/study.ts";
import { OWN_SPLIT, withHeldOut } from "../../src/study/splits.ts";
import { asTraining, type Training } from "../../src/study/trainings.ts";
import { planUnits, unitFolder } from "../../src/study/unit.ts";
import { readUnit } from "../../src/study/unit_files.ts";
import { Interrupted } from "../../src/training/trainer.ts";
import { namesIn } from "../temporary_folder.ts";
import { withReproduction } from "../tiny_reproduction.ts";
import { tiny } from "../training/synthetic_data.ts";

const [near, far] = [-2, -4].map((knownMargin) =>
  tiny({
    ...bceNa,
    name: "energy",
    title: "Energy",
    loss: energyRegularised({ knownMargin, unknownMargin: -0.5 }),
  })
);
const ENERGY: Training = { name: "energy", title: "Energy", candidates: [near!, far!] };
const PLAIN = asTraining(tiny(ce));

function studyOf(
  { dataset, backend, out, cacheFolder, log }: Reproduction,
  trainings: readonly Training[],
): StudyRun {
  const own = { name: OWN_SPLIT, groups: dataset.groups };
  const study = { dataset, pictures: dataset.splits, splits: [own], heldOutSplits: [] };
  const units = planUnits([own], [3], trainings);
  return { units, study, scores: STUDY_SCORES, backend, out, cacheFolder, log };
}

function bytesOf({ out, units }: StudyRun, unit = units[0]!): Uint8Array {
  return Deno.readFileSync(join(unitFolder(out, unit), "pictures.csv.gz"));
}

Deno.test("units are trained, one candidate is chosen, and finished ones are kept", () =>
  withReproduction(async (reproduction, log) => {
    const run = studyOf(reproduction, [PLAIN, ENERGY]);
    assert.deepEqual(await runUnits(run), []);
    for (const unit of run.units) {
      const folder = unitFolder(run.out, unit);
      assert.deepEqual(namesIn(folder), ["config.json", "history.csv", "pictures.csv.gz"]);
      const { config, validation, test, history } = (await readUnit(folder))!;
      const { splits: { train, test: tested } } = reproduction.dataset;
      const { counts } = config.planned.dataset;
      const trained = counts.train.known + counts.train.unknown;
      assert.equal(validation.length + trained, train.length);
      assert.deepEqual(test.map(({ path }) => path), tested.map(({ path }) => path));
      assert.equal(history.length, 3);
      for (
        const name of ["nearest-neighbours", "relative-mahalanobis", "vim", "react", "openmax"]
      ) {
        assert.ok(
          [...validation, ...test].every(({ fittedScores }) => isFinite(fittedScores[name]!)),
        );
      }
    }
    const { config } = (await readUnit(unitFolder(run.out, run.units[1]!)))!;
    assert.equal(config.validationAreas.length, 2);
    assert.equal(
      config.validationAreas[config.chosen],
      Math.max(...config.validationAreas),
    );
    const before = run.units.map((unit) => bytesOf(run, unit));
    log.length = 0;
    assert.deepEqual(await runUnits(run), []);
    assert.deepEqual(run.units.map((unit) => bytesOf(run, unit)), before);
    assert.deepEqual(log, ["2 of 2 units finished earlier, kept"]);
  }));

Deno.test("an interrupted unit goes on where it was, and ends with the same bits", () =>
  withReproduction(async (reproduction) => {
    const whole = studyOf(reproduction, [ENERGY]);
    await runUnits(whole);
    const stopping = new AbortController();
    const cut: StudyRun = {
      ...whole,
      out: `${whole.out}-cut`,
      signal: stopping.signal,
      // The second candidate begins.
      log: (line) => line.includes("(2 of 2)") && stopping.abort(),
    };
    await assert.rejects(runUnits(cut), Interrupted);
    assert.ok(namesIn(unitFolder(cut.out, cut.units[0]!)).includes("checkpoint-1.bin"));
    const { signal: _, ...again } = cut;
    assert.deepEqual(await runUnits({ ...again, log: () => {} }), []);
    assert.deepEqual(bytesOf(again), bytesOf(whole));
  }));

Deno.test("a unit that fails is named and stops no other; one that is in work is left alone", () =>
  withReproduction(async (reproduction, log) => {
    const broken = asTraining({
      ...tiny(ce),
      name: "broken",
      loss: {
        ...ce.loss,
        value: () => {
          throw new Error("no such loss\nsecond line");
        },
      },
    });
    const run = studyOf(reproduction, [broken, PLAIN, ENERGY]);
    {
      using _lock = lockFolder(unitFolder(run.out, run.units[2]!));
      assert.deepEqual(await runUnits(run), ["own, seed 3, broken"]);
    }
    assert.ok(log.includes("own, seed 3, broken: no such loss"));
    assert.ok(log.some((line) => /own, seed 3, energy: .*is working in it/.test(line)));
    assert.ok((await readUnit(unitFolder(run.out, run.units[1]!))) !== undefined);
    assert.equal(await readUnit(unitFolder(run.out, run.units[2]!)), undefined);
  }));

Deno.test("a finished unit of another definition is an error, never an old result", () =>
  withReproduction(async (reproduction, log) => {
    await runUnits(studyOf(reproduction, [PLAIN]));
    const other = { ...PLAIN, candidates: [{ ...near!, name: "ce" }] as const };
    assert.deepEqual(await runUnits(studyOf(reproduction, [other])), ["own, seed 3, ce"]);
    assert.ok(log.some((line) => /config\.json: a finished unit with other/.test(line)));
  }));

Deno.test("a category that is held out is in no training and no test", () =>
  withReproduction(async (reproduction) => {
    const { dataset } = reproduction;
    const { known, unknown, unseen } = dataset.groups;
    const groups = { known: known.slice(0, 1), unknown: [...known.slice(1), ...unknown], unseen };
    const split = withHeldOut({ name: OWN_SPLIT, groups })!;
    const run = { ...studyOf(reproduction, []), units: planUnits([split], [3], [PLAIN, ENERGY]) };
    assert.equal(run.units.length, 1, "only trainings with unknown pictures");
    assert.deepEqual(await runUnits(run), []);
    const { config, validation, test } = (await readUnit(unitFolder(run.out, run.units[0]!)))!;
    assert.equal(config.planned.heldOut, split.heldOut);
    assert.ok(test.every(({ category }) => category !== split.heldOut));
    const stand = validation.filter(({ category }) => category === split.heldOut);
    assert.ok(stand.length > 0 && stand.every(({ group }) => group === "unseen"));
  }));
