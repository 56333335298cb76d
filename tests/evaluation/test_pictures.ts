/** Predictions for tests. */
import { type Group, NA } from "../../src/data/categories.ts";
import { labelOf, type Prediction } from "../../src/evaluation/predictions.ts";

/** A prediction of a picture whose path is made of its category and a number. */
export function picture(
  group: Group,
  category: string,
  scores: readonly number[],
  number = 0,
): Prediction {
  const image = { path: `val/${category}/${number}.JPEG`, category, group };
  return { ...image, label: labelOf(image), predicted: NA, scores };
}
