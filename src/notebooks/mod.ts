/**
 * All that the notebooks in `notebooks/` use.
 *
 * @module
 */
export { openSetTable, shareTable } from "../report/tables.ts";
export { answer } from "../article/answer.ts";
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
