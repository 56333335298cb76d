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
import { compare, type GoldenRunner, type Pair } from "./golden.ts";

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

/** Runs `metrics.json`. Label 0 is `na`; confusion matrices have actual labels as rows. */
export const run: GoldenRunner = (content) =>
  metricsCases.parse(content).flatMap(({ labels, thresholds, ...reference }, index) => {
    const [, labelCount] = reference.scores.shape;
    const scores = rowsOf(reference.scores.data, labelCount);
    const results: Record<string, Pair> = {
      accuracy: [present(accuracy(scores, labels)), [reference.accuracy]],
      accuracyWithoutNa: [
        present(accuracyWithoutNa(scores, labels, NA_OUTPUT)),
        present(reference.accuracyWithoutNa),
      ],
    };
    for (const [key, expected] of Object.entries(thresholds)) {
      const decoded = decide(scores, threshold(Number(key)), NA_OUTPUT);
      const withNa = accuracyWithNa(scores, labels, Number(key), NA_OUTPUT);
      const confusion = confusionMatrix(labels, decoded, labelCount);
      results[`threshold ${key}, decoded`] = [decoded, expected.decoded];
      results[`threshold ${key}, accuracyWithNa`] = [present(withNa), [expected.accuracyWithNa]];
      results[`threshold ${key}, confusion`] = [confusion.flat(), expected.confusion.flat()];
    }
    return compare(`case ${index}`, results, "metrics");
  });

/** A metric as a list: empty where it does not exist, which `compare` tells apart. */
function present(metric: number | null | undefined): number[] {
  return metric === undefined || metric === null ? [] : [metric];
}

function rowsOf(data: readonly number[], width: number): number[][] {
  return Array.from(
    { length: data.length / width },
    (_, row) => data.slice(row * width, (row + 1) * width),
  );
}
