/**
 * Compares the open-set measures with `open_set.json`.
 *
 * @module
 */
import { z } from "zod";
import { openSetMeasures, oscrCurve, rankScores } from "../../evaluation/open_set.ts";
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

/** Runs `open_set.json`: scores of known and unknown pictures, and which known ones are correct. */
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
    const ranked = rankScores(known, unknown, correct);
    const { oscrArea, ...measures } = openSetMeasures(ranked);
    const curve = oscrCurve(ranked);
    for (const name of ["auroc", "auprIn", "auprOut", "fprAt95Tpr"] as const) {
      compare(name, [measures[name]], [reference[name]]);
    }
    compare("oscr fpr", curve.fpr, oscr.fpr);
    compare("oscr ccr", curve.ccr, oscr.ccr);
    compare("oscr area", [oscrArea], [oscr.area]);
  }
  return comparisons;
};
