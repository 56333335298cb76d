/**
 * Compares the threshold metrics and the confusion matrix with `metrics.json`.
 *
 * @module
 */
import { z } from "zod";
import { NA_OUTPUT } from "../../data/labels.ts";
import { accuracy, accuracyWithNa, accuracyWithoutNa } from "../../evaluation/accuracy.ts";
import { confusionMatrix } from "../../evaluation/confusion_matrix.ts";
import { decide, threshold } from "../../evaluation/decisions.ts";
import { absoluteError, type Comparison, type GoldenRunner, TOLERANCES } from "./golden.ts";

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
      present(accuracyWithoutNa(scores, labels, NA_OUTPUT)),
      present(reference.accuracyWithoutNa),
    );
    for (const [key, expected] of Object.entries(reference.thresholds)) {
      const decoded = decide(scores, threshold(Number(key)), NA_OUTPUT);
      const withNa = accuracyWithNa(scores, labels, Number(key), NA_OUTPUT);
      const confusion = confusionMatrix(labels, decoded, labelCount);
      compare(`threshold ${key}, decoded`, decoded, expected.decoded);
      compare(`threshold ${key}, accuracyWithNa`, present(withNa), [expected.accuracyWithNa]);
      compare(`threshold ${key}, confusion`, confusion.flat(), expected.confusion.flat());
    }
  }
  return comparisons;
};

/** A metric as a list: empty where it does not exist, which `absoluteError` tells apart. */
function present(metric: number | null | undefined): number[] {
  return metric === undefined || metric === null ? [] : [metric];
}

function rowsOf(data: readonly number[], width: number): number[][] {
  return Array.from(
    { length: data.length / width },
    (_, row) => data.slice(row * width, (row + 1) * width),
  );
}
