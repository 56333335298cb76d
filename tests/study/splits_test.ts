import assert from "node:assert/strict";
import { ARTICLE_GROUPS } from "../../src/article/groups.ts";
import {
  categoriesOf,
  type CategoryGroups,
  type LabelledImage,
} from "../../src/data/categories.ts";
import { GESTURE_GROUPS } from "../../src/data/gestures/recipe.ts";
import { holdOutPart } from "../../src/data/validation_split.ts";
import { splitPictures, studySplits, withHeldOut } from "../../src/study/splits.ts";

const SPLITS = studySplits(ARTICLE_GROUPS, categoriesOf(ARTICLE_GROUPS));

function picturesOf(groups: CategoryGroups, trained: readonly string[]) {
  const images = (part: string, categories: readonly string[]): LabelledImage[] =>
    categories.flatMap((category) =>
      Array.from({ length: 20 }, (_, index) => ({
        path: `${part}/${category}/${index}.png`,
        category,
        group: "known" as const,
      }))
    );
  return { train: images("train", trained), test: images("val", categoriesOf(groups)) };
}

Deno.test("the article's split is the first of five, and all differ", () => {
  assert.deepEqual(SPLITS[0], { name: "own", groups: ARTICLE_GROUPS });
  assert.equal(SPLITS.length, 5);
  assert.equal(new Set(SPLITS.map(({ groups }) => JSON.stringify(groups))).size, 5);
  for (const { groups: { known, unknown, unseen } } of SPLITS) {
    assert.deepEqual([known, unknown, unseen].map(({ length }) => length), [4, 3, 3]);
    const all = [...known, ...unknown, ...unseen].sort();
    assert.deepEqual(all, categoriesOf(ARTICLE_GROUPS).sort());
  }
});

Deno.test("the draw does not depend on the order in which categories are named", () => {
  const { known, unknown, unseen } = ARTICLE_GROUPS;
  const turned = {
    known: known.toReversed(),
    unknown: unknown.toReversed(),
    unseen: unseen.toReversed(),
  };
  const again = studySplits(turned, categoriesOf(turned));
  assert.deepEqual(again.slice(1), SPLITS.slice(1));
});

Deno.test("categories without training pictures are unseen in every split", () => {
  const trained = [...GESTURE_GROUPS.known, ...GESTURE_GROUPS.unknown];
  const splits = studySplits(GESTURE_GROUPS, trained);
  assert.equal(splits.length, 5);
  for (const { groups } of splits) {
    assert.deepEqual([...groups.unseen].sort(), [...GESTURE_GROUPS.unseen].sort());
  }
});

Deno.test("a few categories have no more splits than there are", () => {
  const groups = { known: ["a"], unknown: ["b"], unseen: [] };
  assert.deepEqual(studySplits(groups, ["a", "b"]).map(({ groups }) => groups.known), [["a"], [
    "b",
  ]]);
});

Deno.test("the pictures of a split are grouped by it, and unseen ones are tested with alone", () => {
  const pictures = picturesOf(ARTICLE_GROUPS, categoriesOf(ARTICLE_GROUPS));
  for (const split of SPLITS) {
    const { train, validation, test } = splitPictures(split, pictures);
    assert.deepEqual([train.length, validation.length, test.length], [126, 14, 200]);
    for (const { category, group } of [...train, ...validation, ...test]) {
      assert.ok(split.groups[group].includes(category));
    }
    assert.ok([...train, ...validation].every(({ group }) => group !== "unseen"));
    const held = holdOutPart(pictures.train).validation.map(({ path }) => path);
    assert.ok(validation.every(({ path }) => held.includes(path)), "whatever the split");
  }
});

Deno.test("a category held out is validated with, and neither trained nor tested", () => {
  const pictures = picturesOf(ARTICLE_GROUPS, categoriesOf(ARTICLE_GROUPS));
  const split = withHeldOut(SPLITS[0]!)!;
  assert.equal(split.name, "own-held-out");
  assert.equal(split.heldOut, [...ARTICLE_GROUPS.unknown].sort()[0]);
  const { train, validation, test } = splitPictures(split, pictures);
  assert.ok([...train, ...test].every(({ category }) => category !== split.heldOut));
  const stand = validation.filter(({ group }) => group === "unseen");
  assert.equal(stand.length, 20);
  assert.ok(stand.every(({ category }) => category === split.heldOut));
  assert.equal(train.length, 108);
});

Deno.test("with one unknown category, none can be held out", () => {
  const groups = { known: ["a", "b"], unknown: ["c"], unseen: ["d"] };
  assert.equal(withHeldOut({ name: "own", groups }), undefined);
});
