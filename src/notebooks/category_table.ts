/**
 * The categories of a data set as a table.
 *
 * @module
 */
import { type Group, GROUPS, NA, readableName } from "../data/categories.ts";
import type { Dataset } from "../data/dataset.ts";
import { countByCategory } from "../data/splits.ts";
import { left, right, type Table } from "../report/tables.ts";
import { count, NO_FIGURE } from "../text/wording.ts";

/** What should come out for the pictures of a group. */
const RIGHT_ANSWERS: Readonly<Record<Group, string>> = {
  known: "its name",
  unknown: NA,
  unseen: NA,
};

/** Every category with its group, the right answer, and its numbers of pictures. */
export function categoryTable({ groups, categoryNames, splits }: Dataset): Table {
  const trained = countByCategory(splits.train);
  const tested = countByCategory(splits.test);
  const categories = GROUPS.flatMap((group) =>
    groups[group].map((category) => ({ group, category }))
  );
  return {
    caption: "The categories",
    columns: [
      left("group"),
      left("category"),
      left("right answer"),
      right("training pictures"),
      right("test pictures"),
    ],
    rows: [
      ...categories.map(({ group, category }) => ({
        published: false,
        cells: [
          group,
          readableName(categoryNames, category),
          RIGHT_ANSWERS[group],
          trained.has(category) ? count(trained.get(category)!) : NO_FIGURE,
          count(tested.get(category) ?? 0),
        ],
      })),
      {
        published: false,
        cells: ["", "all", "", count(splits.train.length), count(splits.test.length)],
      },
    ],
  };
}
