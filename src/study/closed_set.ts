/**
 * Whether a network tells the known categories apart. Pure.
 *
 * @module
 */
import type { LabelledImage } from "../data/categories.ts";
import { highestOf, knownColumns } from "../scores/score.ts";

/**
 * Whether a picture is known and the highest of its known logits is at its own category, the first
 * one where several are equally high.
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
