/** Predictions for tests. */
import type { Group } from "../../src/data/categories.ts";
import { correctLabel, NA } from "../../src/data/labels.ts";
import type { Prediction, PredictionTable } from "../../src/evaluation/predictions.ts";

/** A prediction of a picture whose path is made of its category and a number. */
export function picture(
  group: Group,
  category: string,
  scores: readonly number[],
  number = 0,
): Prediction {
  const image = { path: `val/${category}/${number}.JPEG`, category, group };
  // Of a sigmoid.
  const logits = scores.map((score) => Math.log(score) - Math.log1p(-score));
  return { ...image, label: correctLabel(image), predicted: NA, logits, scores };
}

/** Predictions of a sigmoid network whose own decision is not looked at. */
export function tableOf(
  labels: readonly string[],
  predictions: readonly Prediction[],
  naTarget: PredictionTable["naTarget"] = labels.includes(NA) ? "output" : "untrained",
): PredictionTable {
  return {
    labels,
    activation: "sigmoid",
    naTarget,
    decision: "its own",
    predictions,
  };
}
