/**
 * Compares the threshold metrics and the confusion matrix with `metrics.json`.
 *
 * @module
 */
import { z } from "zod";
import { confusionMatrix } from "../../evaluation/confusion_matrix.ts";
import {
  accuracy,
  accuracyWithNa,
  accuracyWithoutNa,
  decode,
} from "../../evaluation/threshold_metrics.ts";
import { absoluteError, type Comparison, type GoldenRunner, TOLERANCES } from "./golden.ts";

const NA_INDEX = 0;

const metricsCases = z.array(z.object({
  scores: z.object({ shape: z.tuple([z.number(), z.number()]), data: z.array(z.number()) }),
  labels: z.array(z.number()),
  thresholds: z.record(
    z.string(),
    z.object({
      decoded: z.array(z.number()),
      accuracyWithNa: z.number(),
      confusion: z.array(z.array(z.number())),
    }),
  ),
  accuracy: z.number(),
  accuracyWithoutNa: z.number().nullish(),
}));

/** What {@linkcode run} reads. */
export const file = "metrics.json";

/** Runs `metrics.json`. Label 0 is `na`; confusion matrices have actual labels as rows. */
export const run: GoldenRunner = (content) => {
  const comparisons: Comparison[] = [];
  for (const [index, reference] of metricsCases.parse(content).entries()) {
    const compare = (name: string, actual: number[], expected: number[]) =>
      comparisons.push({
        name: `case ${index}, ${name}`,
        error: absoluteError(actual, expected),
        tolerance: TOLERANCES.metrics,
      });
    const { labels } = reference;
    const [, labelCount] = reference.scores.shape;
    const scores = rowsOf(reference.scores.data, labelCount);
    compare("accuracy", present(accuracy(scores, labels)), [reference.accuracy]);
    compare(
      "accuracyWithoutNa",
      present(accuracyWithoutNa(scores, labels, NA_INDEX)),
      present(reference.accuracyWithoutNa),
    );
    for (const [key, expected] of Object.entries(reference.thresholds)) {
      const threshold = Number(key);
      const decoded = decode(scores, { kind: "threshold", threshold }, NA_INDEX);
      const withNa = accuracyWithNa(scores, labels, threshold, NA_INDEX);
      const confusion = confusionMatrix(labels, decoded, labelCount);
      compare(`threshold ${key}, decoded`, decoded, expected.decoded);
      compare(`threshold ${key}, accuracyWithNa`, present(withNa), [expected.accuracyWithNa]);
      compare(`threshold ${key}, confusion`, confusion.flat(), expected.confusion.flat());
    }
  }
  return comparisons;
};

/** A figure as a list: empty where the figure does not exist, which `absoluteError` tells apart. */
function present(figure: number | null | undefined): number[] {
  return figure === undefined || figure === null ? [] : [figure];
}

function rowsOf(data: readonly number[], width: number): number[][] {
  return Array.from(
    { length: data.length / width },
    (_, row) => data.slice(row * width, (row + 1) * width),
  );
}
