/**
 * Runs `metrics.json` and `open_set.json`: measures at thresholds and over all of them.
 *
 * @module
 */
import { z } from "zod";
import { NA_OUTPUT } from "../../data/labels.ts";
import { accuracy, accuracyWithNa, accuracyWithoutNa } from "../../evaluation/accuracy.ts";
import { confusionMatrix } from "../../evaluation/confusion_matrix.ts";
import { decide, threshold } from "../../evaluation/decisions.ts";
import { openSetMeasures, oscrCurve, rankScores } from "../../evaluation/open_set.ts";
import { compare, type GoldenRunner, type Pair } from "./golden.ts";

const numbers = z.array(z.number());
const atThreshold = z.object({
  decoded: numbers,
  accuracyWithNa: z.number(),
  confusion: z.array(numbers),
});
const metricsCases = z.array(z.object({
  scores: z.object({ shape: z.tuple([z.number(), z.number()]), data: numbers }),
  labels: numbers,
  thresholds: z.record(z.string(), atThreshold),
  accuracy: z.number(),
  accuracyWithoutNa: z.number().nullish(),
}));

/** Runs `metrics.json`. Label 0 is `na`; confusion matrices have actual labels as rows. */
export const runMetrics: GoldenRunner = (content) =>
  metricsCases.parse(content).flatMap(({ labels, thresholds, ...reference }, index) => {
    const [, labelCount] = reference.scores.shape;
    const scores = rowsOf(reference.scores.data, labelCount);
    const withoutNa = accuracyWithoutNa(scores, labels, NA_OUTPUT);
    const results: Record<string, Pair> = {
      accuracy: [present(accuracy(scores, labels)), [reference.accuracy]],
      accuracyWithoutNa: [present(withoutNa), present(reference.accuracyWithoutNa)],
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

/** A metric as a list: empty if it does not exist, so that `compare` notices the difference. */
function present(metric: number | null | undefined): number[] {
  return metric === undefined || metric === null ? [] : [metric];
}

function rowsOf(data: readonly number[], width: number): number[][] {
  const length = data.length / width;
  return Array.from({ length }, (_, row) => data.slice(row * width, (row + 1) * width));
}

const openSetCases = z.array(z.object({
  known: numbers,
  unknown: numbers,
  correct: z.array(z.boolean()),
  auroc: z.number(),
  auprIn: z.number(),
  auprOut: z.number(),
  fprAt95Tpr: z.number(),
  oscr: z.object({ fpr: numbers, ccr: numbers, area: z.number() }),
}));

/** Runs `open_set.json`: scores of known and unknown pictures, and which known ones are correct. */
export const runOpenSet: GoldenRunner = (content) =>
  openSetCases.parse(content).flatMap(({ known, unknown, correct, oscr, ...expected }, index) => {
    const ranked = rankScores(known, unknown, correct);
    const measures = openSetMeasures(ranked);
    const curve = oscrCurve(ranked);
    return compare(`case ${index}`, {
      auroc: [[measures.auroc], [expected.auroc]],
      auprIn: [[measures.auprIn], [expected.auprIn]],
      auprOut: [[measures.auprOut], [expected.auprOut]],
      fprAt95Tpr: [[measures.fprAt95Tpr], [expected.fprAt95Tpr]],
      "oscr fpr": [curve.fpr, oscr.fpr],
      "oscr ccr": [curve.ccr, oscr.ccr],
      "oscr area": [[measures.oscrArea], [oscr.area]],
    }, "openSet");
  });
