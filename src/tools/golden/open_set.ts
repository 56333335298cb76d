/**
 * Compares the open-set measures with `open_set.json`.
 *
 * @module
 */
import { z } from "zod";
import { openSetMeasures, oscrCurve, rankScores } from "../../evaluation/open_set.ts";
import { compare, type GoldenRunner } from "./golden.ts";

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

/** Runs `open_set.json`: scores of known and unknown pictures, and which known ones are correct. */
export const run: GoldenRunner = (content) =>
  openSetCases.parse(content).flatMap(({ known, unknown, correct, oscr, ...expected }, index) => {
    const ranked = rankScores(known, unknown, correct);
    const measures = openSetMeasures(ranked);
    const curve = oscrCurve(ranked);
    const results = {
      auroc: [[measures.auroc], [expected.auroc]],
      auprIn: [[measures.auprIn], [expected.auprIn]],
      auprOut: [[measures.auprOut], [expected.auprOut]],
      fprAt95Tpr: [[measures.fprAt95Tpr], [expected.fprAt95Tpr]],
      "oscr fpr": [curve.fpr, oscr.fpr],
      "oscr ccr": [curve.ccr, oscr.ccr],
      "oscr area": [[measures.oscrArea], [oscr.area]],
    } as const;
    return compare(`case ${index}`, results, "openSet");
  });
