import assert from "node:assert/strict";
import type { LabelledImage } from "../../../src/data/categories.ts";
import type { Dataset } from "../../../src/data/dataset.ts";
import { drawFew, trainingPicturesAlone } from "../../../src/tools/few_pictures/draw.ts";

const GROUPS = { known: ["cat", "dog"], unknown: ["car", "tree"], unseen: ["owl"] };

/** A data set with 20 training and 10 test pictures of each category, the unseen one tested alone. */
function dataset(): Dataset {
  const pictures = (split: string, count: number): LabelledImage[] =>
    (["known", "unknown", "unseen"] as const).flatMap((group) =>
      split === "train" && group === "unseen"
        ? []
        : GROUPS[group].flatMap((category) =>
          Array.from({ length: count }, (_, i) => ({
            path: `${split}/${category}/${i}.jpg`,
            category,
            group,
          }))
        )
    );
  return {
    name: "pets",
    root: "pets",
    groups: GROUPS,
    categoryNames: {},
    splits: { train: pictures("train", 20), test: pictures("test", 10) },
    leftOut: [],
  };
}

const pathsOf = (images: readonly LabelledImage[]) => images.map(({ path }) => path);

function countsOf(images: readonly LabelledImage[]) {
  return Object.fromEntries(
    [...Map.groupBy(images, ({ category }) => category)].map(([name, all]) => [name, all.length]),
  );
}

Deno.test("a draw has so many pictures of each category, the same every time and others in another draw", () => {
  const few = { train: 5, test: 3 };
  const { splits } = drawFew(dataset(), 1, few);
  assert.deepEqual(countsOf(splits.train), { cat: 5, dog: 5, car: 5, tree: 5 });
  assert.deepEqual(countsOf(splits.test), { cat: 3, dog: 3, car: 3, tree: 3, owl: 3 });
  assert.equal(new Set(pathsOf(splits.train)).size, 20);
  assert.deepEqual(drawFew(dataset(), 1, few).splits, splits);
  assert.notDeepEqual(drawFew(dataset(), 2, few).splits, splits);
});

Deno.test("a category with too few pictures is named", () => {
  assert.throws(() => drawFew(dataset(), 1, { train: 21, test: 3 }), {
    message: '"cat" has 20 pictures to train, not 21',
  });
});

Deno.test("settings are chosen on training pictures alone, none of which is trained and tested", () => {
  const { groups, splits } = trainingPicturesAlone(dataset());
  assert.deepEqual(groups, { known: ["cat", "dog"], unknown: ["car"], unseen: ["tree"] });
  assert.deepEqual(countsOf(splits.train), { cat: 10, dog: 10, car: 10 });
  assert.deepEqual(countsOf(splits.test), { cat: 10, dog: 10, car: 10, tree: 10 });
  const all = [...pathsOf(splits.train), ...pathsOf(splits.test)];
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.every((path) => path.startsWith("train/")));
  assert.ok(splits.test.every(({ category, group }) => group !== "unseen" || category === "tree"));
});
