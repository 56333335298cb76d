/**
 * All that the notebooks in `notebooks/` use.
 *
 * @module
 */
export { openSetTable, shareTable } from "../report/tables.ts";
export { answer } from "../article/answer.ts";
export { bce } from "../losses/bce.ts";
export { bcena } from "../losses/bcena.ts";
export { crossEntropy } from "../losses/cross_entropy.ts";
export { entropicOpenSet } from "../losses/entropic_open_set.ts";
export type { Loss, LossInput } from "../losses/loss.ts";
export { objectosphere } from "../losses/objectosphere.ts";
export { findings } from "../report/findings.ts";
export * from "./category_table.ts";
export * from "./experiment_figures.ts";
export * from "./experiment_runs.ts";
export * from "./picture_grids.ts";
export * from "./prose.ts";
export * from "./setting.ts";
export * from "./show.ts";
export * from "./table.ts";
export * from "./worked_examples.ts";
