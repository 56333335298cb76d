import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Dataset } from "../../src/data/dataset.ts";
import { readImageFolder } from "../../src/data/image_folder.ts";
import { DISPLAY } from "../../src/notebooks/show.ts";
import { categoryTable, groupPictures, networkInputs } from "../../src/notebooks/dataset_views.ts";
import { patternedPicture, writePicture } from "../data/pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const GROUPS = { known: ["a", "b"], unknown: ["c"], unseen: ["d"] };

function withDataset(test: (dataset: Dataset) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (root) => {
    for (const [category, count] of [["a", 6], ["b", 5], ["c", 2], ["d", 1]] as const) {
      for (let i = 0; i < count; i++) {
        for (const split of ["train", "val"]) {
          await writePicture(join(root, split, category, `${i}.png`), patternedPicture(12, 9, i));
        }
      }
    }
    await test({
      name: "tiny",
      root,
      groups: GROUPS,
      categoryNames: { a: "apple" },
      splits: await readImageFolder(root, GROUPS),
      leftOut: [],
    });
  });
}

Deno.test("a group's pictures are nine, with the categories in turns", () =>
  withDataset(async (dataset) => {
    const bundle = await (await groupPictures(dataset, "known"))[DISPLAY]();
    assert.deepEqual(bundle["text/plain"].split("\n"), [
      "Pictures: tiny: known categories",
      "  apple | b | apple",
      "  b | apple | b",
      "  apple | b | apple",
    ]);
  }));

Deno.test("a group of few pictures shows them all, and one of none says so", () =>
  withDataset(async (dataset) => {
    const unknown = await (await groupPictures(dataset, "unknown"))[DISPLAY]();
    assert.match(unknown["text/plain"], /: unknown categories\n {2}c \| c$/);
    const { train, test } = dataset.splits;
    const splits = { train, test: test.filter(({ group }) => group !== "unseen") };
    const unseen = await (await groupPictures({ ...dataset, splits }, "unseen"))[DISPLAY]();
    assert.equal(unseen["text/plain"], "tiny has no unseen pictures.");
  }));

Deno.test("the network's inputs are shown from the file to the augmented pictures", () =>
  withDataset(async (dataset) => {
    const bundle = await (await networkInputs(dataset, 8))[DISPLAY]();
    assert.deepEqual(bundle["text/plain"].split("\n"), [
      "Pictures: From the file to the network's input",
      ...["apple", "b", "c"].map((name) =>
        `  ${name} | padded | 8 x 8 pixels | augmented 1 | augmented 2 | augmented 3`
      ),
    ]);
    assert.ok(String(bundle["image/png"]).length > 1000);
  }));

Deno.test("a picture that cannot be read is an error that names it", () =>
  withDataset(async (dataset) => {
    await Deno.writeTextFile(join(dataset.root, "val/d/0.png"), "<html>");
    await assert.rejects(groupPictures(dataset, "unseen"), /val\/d\/0\.png/);
  }));

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
