/**
 * Compares the open-set figures with `open_set.json`.
 *
 * @module
 */
import { z } from "zod";
import { auprIn, auprOut, auroc, fprAt95Tpr, oscrCurve } from "../../evaluation/open_set.ts";
import { absoluteError, type Comparison, type GoldenRunner, TOLERANCES } from "./golden.ts";

const openSetCases = z.array(z.object({
  known: z.array(z.number()),
  unknown: z.array(z.number()),
  correct: z.array(z.boolean()),
  auroc: z.number(),
  auprIn: z.number(),
  auprOut: z.number(),
  fprAt95Tpr: z.number(),
  oscr: z.object({ fpr: z.array(z.number()), ccr: z.array(z.number()), area: z.number() }),
}));

/** What {@linkcode run} reads. */
export const file = "open_set.json";

/** Runs `open_set.json`: scores of known and unknown pictures, and which known ones are right. */
export const run: GoldenRunner = (content) => {
  const comparisons: Comparison[] = [];
  for (const [index, reference] of openSetCases.parse(content).entries()) {
    const compare = (name: string, actual: number[], expected: number[]) =>
      comparisons.push({
        name: `case ${index}, ${name}`,
        error: absoluteError(actual, expected),
        tolerance: TOLERANCES.openSet,
      });
    const { known, unknown, correct, oscr } = reference;
    const curve = oscrCurve(known, correct, unknown);
    compare("auroc", [auroc(known, unknown)], [reference.auroc]);
    compare("auprIn", [auprIn(known, unknown)], [reference.auprIn]);
    compare("auprOut", [auprOut(known, unknown)], [reference.auprOut]);
    compare("fprAt95Tpr", [fprAt95Tpr(known, unknown)], [reference.fprAt95Tpr]);
    compare("oscr fpr", curve.fpr, oscr.fpr);
    compare("oscr ccr", curve.ccr, oscr.ccr);
    compare("oscr area", [curve.area], [oscr.area]);
  }
  return comparisons;
};
