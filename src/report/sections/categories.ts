/**
 * How each category fares.
 *
 * @module
 */
import { left, right, row, type Table } from "../../text/table.ts";
import { by, count, percentInterval, shareOf } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type SectionMaker, tables } from "../section.ts";
import { categoryName, decisionsOf } from "../vocabulary.ts";

/** The section on categories, with a table for each decision. */
export const categories: SectionMaker = (results) => {
  const decisions = new Set(
    results.experiments.flatMap((experiment) => decisionsOf(results, experiment)),
  );
  return {
    title: "Categories",
    blocks: tables(...[...decisions].map((decision) => categoryTable(results, decision))),
  };
};

/** Of the experiments that have this decision. */
function categoryTable(results: Results, decision: string): Table {
  const experiments = results.experiments
    .filter((experiment) => decisionsOf(results, experiment).includes(decision));
  return {
    caption: `Correct pictures by category ${by(decision)}, known pictures with their category ` +
      "and others with na, with Wilson's 95% intervals",
    columns: [
      left("category"),
      left("group"),
      right("pictures"),
      ...experiments.map(({ title }) => right(title)),
    ],
    rows: experiments[0]!.summary.categories.map(({ category, group, images }, index) =>
      row(
        categoryName(results, category),
        group,
        count(images),
        ...experiments.map(({ summary }) => {
          const { correct, intervals } = summary.categories[index]!;
          return `${shareOf(correct[decision]!, images)} ${percentInterval(intervals[decision]!)}`;
        }),
      )
    ),
  };
}
