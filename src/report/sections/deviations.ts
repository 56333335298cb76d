/**
 * In what the runs differ from those that they are compared with.
 *
 * @module
 */
import type { SectionMaker } from "../section.ts";

/** The section on deviations; none if the context has none to tell. */
export const deviations: SectionMaker = (results, _runs, context) => {
  const entries = context.deviations(results);
  if (entries.length === 0) return undefined;
  return { title: "Deviations from what others report", blocks: [{ kind: "list", entries }] };
};
