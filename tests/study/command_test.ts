import assert from "node:assert/strict";
import { ARTICLE_GROUPS } from "../../src/article/groups.ts";
import { categoriesOf } from "../../src/data/categories.ts";
import { chosenUnits, unitCommand } from "../../src/study/command.ts";
import type { StudyDataset } from "../../src/study/study.ts";
import { studySplits, withHeldOut } from "../../src/study/splits.ts";
import { TRAININGS } from "../../src/study/trainings.ts";
import { unitTitle } from "../../src/study/unit.ts";

const splits = studySplits(ARTICLE_GROUPS, categoriesOf(ARTICLE_GROUPS));
const STUDY: StudyDataset = {
  dataset: {
    name: "imagenette",
    root: "",
    groups: ARTICLE_GROUPS,
    categoryNames: {},
    splits: { train: [], test: [] },
    leftOut: [],
  },
  pictures: { train: [], test: [] },
  splits,
  heldOutSplits: splits.map((split) => withHeldOut(split)!),
};
const NONE = { experiments: [] };
const ALL = { seeds: [1, 2, 3], heldOut: false, profile: "quick" };

Deno.test("the study is every training with every seed on every split, seed by seed", () => {
  const units = chosenUnits(ALL, STUDY, NONE);
  assert.equal(units.length, splits.length * 3 * TRAININGS.length);
  assert.deepEqual(units.map(({ seed }) => seed), units.map(({ seed }) => seed).sort());
  assert.equal(new Set(units.map(unitTitle)).size, units.length);
  const strict = chosenUnits({ ...ALL, heldOut: true }, STUDY, NONE);
  assert.ok(strict.every(({ split }) => split.heldOut !== undefined));
});

Deno.test("a unit's command asks for that unit alone", () => {
  for (const heldOut of [false, true]) {
    for (const unit of chosenUnits({ ...ALL, heldOut }, STUDY, NONE)) {
      const words = unitCommand(unit, [["--out", "a b'c"], ["--data", undefined]]).split(" ");
      const value = (option: string) => words[words.indexOf(option) + 1]!;
      const again = chosenUnits(
        {
          splits: [value("--splits")],
          seeds: [Number(value("--seeds"))],
          trainings: [value("--trainings")],
          heldOut: false,
          profile: "quick",
        },
        STUDY,
        NONE,
      );
      assert.deepEqual(again.map(unitTitle), [unitTitle(unit)]);
      assert.ok(words.join(" ").includes(`--out 'a b'\\''c'`) && !words.includes("--data"));
    }
  }
});

Deno.test("own experiments join the study's trainings; unknown names list those there are", () => {
  const own = { ...TRAININGS[0]!.candidates[0], name: "mine", title: "Mine" };
  const units = chosenUnits({ ...ALL, trainings: ["mine"] }, STUDY, { experiments: [own] });
  assert.equal(units.length, 15);
  assert.throws(
    () => chosenUnits({ ...ALL, trainings: ["none"] }, STUDY, NONE),
    /unknown training "none"; there are ce, /,
  );
  assert.throws(() => chosenUnits({ ...ALL, splits: ["x"] }, STUDY, NONE), /unknown split "x"/);
});
