/**
 * Closed-set accuracy: whether a network separates the known categories. Pure.
 *
 * @module
 */
import type { LabelledImage } from "../data/categories.ts";
import { highestOf, knownColumns } from "../scores/score.ts";

/**
 * Whether a picture is known and its own category has the highest known logit; of equal logits, the
 * first counts as the highest.
 */
export function isClosedSetCorrect(
  labels: readonly string[],
  { group, category }: Pick<LabelledImage, "group" | "category">,
  logits: ArrayLike<number>,
): boolean {
  const columns = knownColumns(labels);
  const highest = highestOf(logits, columns);
  const given = columns.find((column) => logits[column] === highest);
  return group === "known" && given !== undefined && labels[given] === category;
}
