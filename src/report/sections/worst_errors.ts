/**
 * The pictures that the experiments err on most.
 *
 * @module
 */
import { GROUPS } from "../../data/categories.ts";
import { left, right, row, type Table } from "../../text/table.ts";
import { withOwnDirection } from "../../text/text_direction.ts";
import type { Results } from "../results.ts";
import { paragraph, type SectionMaker, tables } from "../section.ts";
import { categoryName } from "../vocabulary.ts";

/** The section on single pictures, with a table for each experiment that errs. */
export const worstErrors: SectionMaker = (results) => ({
  title: "Pictures it errs on most",
  blocks: [
    paragraph(
      "The pictures of each group whose wrong label scores highest; scores are means over the " +
        "seeds. For unknown and unseen pictures every known label is wrong.",
    ),
    ...tables(...worstErrorTables(results).filter(({ rows }) => rows.length > 0)),
  ],
});

function worstErrorTables(results: Results): Table[] {
  return results.experiments.map(({ title, worstErrors }) => ({
    caption: title,
    columns: [
      left("group"),
      left("picture"),
      left("category"),
      left("wrong label"),
      right("its score"),
    ],
    rows: GROUPS.flatMap((group) =>
      worstErrors[group].map(({ path, category, predicted, score }) =>
        row(
          group,
          withOwnDirection(path),
          categoryName(results, category),
          categoryName(results, predicted),
          score.toFixed(3),
        )
      )
    ),
  }));
}
