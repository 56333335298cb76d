/**
 * The categories of a data set as a table.
 *
 * @module
 */
import { type Group, GROUPS, readableName } from "../data/categories.ts";
import type { Dataset } from "../data/dataset.ts";
import { NA } from "../data/labels.ts";
import { countByCategory } from "../data/splits.ts";
import { left, right, row, type Table } from "../text/table.ts";
import { count, NO_NUMBER } from "../text/wording.ts";

/** What should come out for the pictures of a group. */
const CORRECT_LABELS: Readonly<Record<Group, string>> = {
  known: "its name",
  unknown: NA,
  unseen: NA,
};

/** Every category with its group, the correct label, and its numbers of pictures. */
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
      left("correct label"),
      right("training pictures"),
      right("test pictures"),
    ],
    rows: [
      ...categories.map(({ group, category }) =>
        row(
          group,
          readableName(categoryNames, category),
          CORRECT_LABELS[group],
          trained.has(category) ? count(trained.get(category)!) : NO_NUMBER,
          count(tested.get(category) ?? 0),
        )
      ),
      row("", "all", "", count(splits.train.length), count(splits.test.length)),
    ],
  };
}
