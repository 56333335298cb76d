import assert from "node:assert/strict";
import type { LabelledImage } from "../../src/data/categories.ts";
import { randomStream } from "../../src/random.ts";
import { chosenThreshold, measureUnit, valueFunction } from "../../src/study/measures.ts";
import { STUDY_SCORES } from "../../src/study/scores.ts";
import { readUnits } from "../../src/study/write_study_report.ts";
import type { UnitPicture, UnitResult } from "../../src/study/unit_files.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { writeSyntheticStudy } from "./synthetic_units.ts";

/** The same test pictures, each with the group and category of another one. */
function withPermutedTestLabels(unit: UnitResult): UnitResult {
  const uniform = randomStream("permuted test labels");
  const labels = unit.test.map(({ category, group }) => ({ category, group, draw: uniform() }))
    .sort((a, b) => a.draw - b.draw);
  const test: UnitPicture[] = unit.test.map((picture, index) => {
    const { category, group }: Pick<LabelledImage, "category" | "group"> = labels[index]!;
    return { ...picture, category, group };
  });
  return { ...unit, test };
}

Deno.test("permuted test labels change no threshold, no chosen score and no hyper-parameter", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticStudy(folder, { seeds: [1] });
    let changed = 0;
    for (const unit of await readUnits(folder)) {
      const permuted = withPermutedTestLabels(unit);
      const [own, other] = [measureUnit(unit, STUDY_SCORES), measureUnit(permuted, STUDY_SCORES)];
      for (const [name, measures] of Object.entries(own.scores)) {
        assert.equal(other.scores[name]!.threshold, measures.threshold, name);
        assert.equal(other.scores[name]!.validationAuroc, measures.validationAuroc, name);
        if (other.scores[name]!.unseen!.auroc !== measures.unseen!.auroc) changed++;
      }
      assert.deepEqual(permuted.experiment, unit.experiment);
    }
    assert.ok(changed > 0, "the test measures did change");
  }));

Deno.test("without test pictures, thresholds are the same", () =>
  inTemporaryFolder(async (folder) => {
    await writeSyntheticStudy(folder, { seeds: [1] });
    for (const unit of await readUnits(folder)) {
      const { scores } = measureUnit(unit, STUDY_SCORES);
      const { test: _, ...blind } = unit;
      for (const score of STUDY_SCORES) {
        const valueOf = valueFunction(blind, score);
        assert.equal(
          valueOf === undefined ? undefined : chosenThreshold(blind, valueOf),
          scores[score.name]?.threshold,
        );
      }
    }
  }));
