/**
 * Checks that there are enough pictures to train on. Pure.
 *
 * @module
 */
import type { CategoryGroups, DatasetSplits } from "../data/categories.ts";
import { imagesOfGroups } from "../data/dataset.ts";
import { networkLabels, outputOf } from "../data/labels.ts";
import { describe, type Experiment, hasNaOutput } from "../experiments.ts";

/**
 * Makes sure that an experiment has pictures to learn from.
 *
 * @throws {Error} if it has no training pictures, or all have the same label
 */
export function checkTrainingImages(
  { groups, splits }: { readonly groups: CategoryGroups; readonly splits: DatasetSplits },
  experiment: Experiment,
): void {
  const { name, trainingGroups } = experiment;
  const images = imagesOfGroups(splits.train, trainingGroups);
  if (images.length === 0) {
    throw new Error(
      `${name} has no training pictures; add some to its categories (${trainingGroups.join(", ")})`,
    );
  }
  const naOutput = hasNaOutput(describe(experiment));
  const labels = networkLabels(groups, naOutput);
  if (new Set(images.map((image) => outputOf(image, labels))).size < 2) {
    throw new Error(
      `${name} has nothing to tell apart: all its training pictures are of "${groups.known[0]}"; ` +
        "make a second category known" +
        (naOutput ? " or another one unknown" : ", or leave this experiment out with --only"),
    );
  }
}
