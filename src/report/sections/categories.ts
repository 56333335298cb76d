import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { by, count, percentInterval, shareOf } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type Section, tables } from "../section.ts";
import { categoryName, decisionsOf } from "../vocabulary.ts";

/** Results per category, in one table per decision. */
export const categories: Section = (results) => {
  const decisions = new Set(
    results.experiments.flatMap((experiment) => decisionsOf(results, experiment)),
  );
  return tables(...[...decisions].map((decision) => decisionTable(results, decision)));
};

/** The table of all experiments with this decision. */
function decisionTable(results: Results, decision: string): Table {
  const experiments = results.experiments
    .filter((experiment) => decisionsOf(results, experiment).includes(decision));
  return tableOf(
    `Correct pictures by category ${by(decision)}, known pictures with their category ` +
      "and others with na, with Wilson's 95% intervals",
    experiments[0]!.summary.categories.map((category, index) => ({ ...category, index })),
    [
      words("category", ({ category }) => categoryName(results, category)),
      words("group", ({ group }) => group),
      numbers("pictures", ({ images }) => count(images)),
      ...experiments.map(({ title, summary }) =>
        numbers<{ index: number }>(title, ({ index }) => {
          const { correct, intervals, images } = summary.categories[index]!;
          return `${shareOf(correct[decision]!, images)} ${percentInterval(intervals[decision]!)}`;
        })
      ),
    ],
  );
}
