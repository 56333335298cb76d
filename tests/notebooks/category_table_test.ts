import assert from "node:assert/strict";
import type { Dataset } from "../../src/data/dataset.ts";
import { categoryTable } from "../../src/notebooks/category_table.ts";

Deno.test("every category has a row with its group, its correct label and its counts", () => {
  const image = (group: "known" | "unknown" | "unseen", category: string, number: number) => ({
    path: `${category}/${number}.png`,
    category,
    group,
  });
  const dataset: Dataset = {
    name: "tiny",
    root: "",
    groups: { known: ["n01", "cat"], unknown: ["fish"], unseen: ["dog"] },
    categoryNames: { n01: "horse" },
    splits: {
      train: [image("known", "n01", 1), image("known", "n01", 2), image("unknown", "fish", 1)],
      test: [image("known", "n01", 3), image("known", "cat", 1), image("unseen", "dog", 1)],
    },
    leftOut: [],
  };
  assert.deepEqual(categoryTable(dataset).rows.map(({ cells }) => cells), [
    ["known", "horse", "its name", "2", "1"],
    ["known", "cat", "its name", "–", "1"],
    ["unknown", "fish", "na", "1", "0"],
    ["unseen", "dog", "na", "–", "1"],
    ["", "all", "", "3", "3"],
  ]);
});
