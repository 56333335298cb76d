import { GROUPS } from "../../data/categories.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { withOwnDirection } from "../../text/escaped_text.ts";
import type { Results } from "../results.ts";
import { paragraph, type Section, tables } from "../section.ts";
import { categoryName } from "../vocabulary.ts";

/** The worst errors of each experiment, in one table per experiment with errors. */
export const worstErrors: Section = (results) => [
  paragraph(
    "The pictures of each group whose wrong label scores highest; scores are means over the " +
      "seeds. For unknown and unseen pictures every known label is wrong.",
  ),
  ...tables(...worstErrorTables(results)),
];

function worstErrorTables(results: Results): Table[] {
  return results.experiments.map(({ title, worstErrors }) => {
    const errors = GROUPS.flatMap((group) =>
      worstErrors[group].map((error) => ({ group, ...error }))
    );
    return tableOf(title, errors, [
      words("group", ({ group }) => group),
      words("picture", ({ path }) => withOwnDirection(path)),
      words("category", ({ category }) => categoryName(results, category)),
      words("wrong label", ({ predicted }) => categoryName(results, predicted)),
      numbers("its score", ({ score }) => score.toFixed(3)),
    ]);
  });
}
