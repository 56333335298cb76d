import assert from "node:assert/strict";
import type { CategoryGroups } from "../../src/data/categories.ts";
import { checkTrainingImages } from "../../src/training/training_images.ts";
import { ARTICLE_EXPERIMENTS, bce, bceNa, bcena, ce } from "../../src/article/experiments.ts";
import type { Experiment } from "../../src/experiments.ts";

/** A data set with some training pictures of every category. */
function dataset(groups: CategoryGroups, picturesEach: number) {
  const train = (["known", "unknown"] as const).flatMap((group) =>
    groups[group].flatMap((category) =>
      Array.from(
        { length: picturesEach },
        (_, i) => ({ path: `train/${category}/${i}.jpg`, category, group }),
      )
    )
  );
  return { groups, splits: { train, test: [] } };
}

function inBatches(experiment: Experiment, batchSize: number): Experiment {
  return { ...experiment, profile: { ...experiment.profile, batchSize } };
}

const TWO = { known: ["cat", "dog"], unknown: ["car"], unseen: ["owl"] };

Deno.test("checkTrainingImages() wants pictures of the groups that are trained, however few", () => {
  checkTrainingImages(dataset(TWO, 1), inBatches(ce, 16));
  assert.throws(
    () => checkTrainingImages(dataset(TWO, 0), inBatches(bcena, 16)),
    /^Error: bcena has no training pictures; add some to its categories \(known, unknown\)/,
  );
});

Deno.test("checkTrainingImages() refuses one known category where nothing else is told apart", () => {
  const one = dataset({ known: ["dog"], unknown: ["car"], unseen: [] }, 8);
  for (const experiment of [ce, bce]) {
    assert.throws(
      () => checkTrainingImages(one, inBatches(experiment, 8)),
      /nothing to tell apart: all its training pictures are of "dog"; .*leave this experiment out/,
    );
  }
  for (const experiment of [bceNa, bcena]) {
    checkTrainingImages(one, inBatches(experiment, 8));
    const alone = dataset({ known: ["dog"], unknown: [], unseen: ["owl"] }, 8);
    assert.throws(
      () => checkTrainingImages(alone, inBatches(experiment, 8)),
      /nothing to tell apart: .* or another one unknown/,
    );
  }
});

Deno.test("checkTrainingImages() allows groups without unknown and unseen categories", () => {
  const known = dataset({ known: ["cat", "dog"], unknown: [], unseen: [] }, 8);
  for (const experiment of ARTICLE_EXPERIMENTS) {
    checkTrainingImages(known, inBatches(experiment, 16));
  }
});
