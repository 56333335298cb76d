/**
 * Whether there are pictures enough to train on. Pure.
 *
 * @module
 */
import type { Experiment } from "../experiments.ts";
import { type CategoryGroups, type DatasetSplits, networkLabels } from "./categories.ts";
import { imagesOfGroups, labelOf } from "./splits.ts";

/**
 * Makes sure that an experiment has something to learn from.
 *
 * @param batchSize pictures per training step
 * @throws {Error} if its training pictures do not fill a batch, or all have the same label
 */
export function checkTrainingImages(
  { groups, splits }: { readonly groups: CategoryGroups; readonly splits: DatasetSplits },
  { name, naClass, trainingGroups }: Experiment,
  batchSize: number,
): void {
  const images = imagesOfGroups(splits.train, trainingGroups);
  if (images.length < batchSize) {
    throw new Error(
      `${name} trains on ${images.length} pictures, but one batch takes ${batchSize}; add at ` +
        `least ${batchSize - images.length} to its categories (${trainingGroups.join(", ")})`,
    );
  }
  const labels = networkLabels(groups, naClass);
  if (new Set(images.map((image) => labelOf(image, labels))).size < 2) {
    throw new Error(
      `${name} has nothing to tell apart: all its training pictures are of "${groups.known[0]}"; ` +
        "make a second category known" +
        (naClass ? " or another one unknown" : ", or leave this experiment out with --only"),
    );
  }
}
