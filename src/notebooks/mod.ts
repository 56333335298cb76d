/**
 * All that the notebooks in `notebooks/` use.
 *
 * @module
 */
import { ARTICLE_CONTEXT } from "../article/report.ts";
import type { Sentence } from "../report/context.ts";
import type { Results } from "../report/results.ts";
import * as section from "../report/sections/findings.ts";

export * as experiments from "../article/experiments.ts";
export { bce } from "../losses/bce.ts";
export { bcena } from "../losses/bcena.ts";
export { crossEntropy } from "../losses/cross_entropy.ts";
export { entropicOpenSet } from "../losses/entropic_open_set.ts";
export { objectosphere } from "../losses/objectosphere.ts";
export { shareTable } from "../report/sections/comparison.ts";
export { openSetTable } from "../report/sections/open_set.ts";
export * from "./dataset_views.ts";
export * from "./experiment_figures.ts";
export * from "./experiment_runs.ts";
export * from "./setting.ts";
export * from "./show.ts";
export * from "./worked_examples.ts";

/** The sentences that the report opens with. */
export function answer(results: Results): readonly Sentence[] {
  return ARTICLE_CONTEXT.answer(results);
}

/** What the measures say, in sentences. */
export function findings(results: Results): string[] {
  return section.findings(results, ARTICLE_CONTEXT);
}
