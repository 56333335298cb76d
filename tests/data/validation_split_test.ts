import assert from "node:assert/strict";
import type { LabelledImage } from "../../src/data/categories.ts";
import { holdOutCategory, holdOutPart } from "../../src/data/validation_split.ts";

function pictures(counts: Readonly<Record<string, number>>): LabelledImage[] {
  return Object.entries(counts).flatMap(([category, count]) =>
    Array.from({ length: count }, (_, index) => ({
      path: `train/${category}/${index}.png`,
      category,
      group: category === "fish" ? "unknown" as const : "known" as const,
    }))
  );
}

const TRAIN = pictures({ cat: 100, dog: 57, fish: 30 });
const ofCategory = (images: readonly LabelledImage[], name: string) =>
  images.filter(({ category }) => category === name).length;

Deno.test("a tenth of each category is held out, and nothing is lost or in two places", () => {
  const { train, validation } = holdOutPart(TRAIN);
  assert.deepEqual(["cat", "dog", "fish"].map((name) => ofCategory(validation, name)), [10, 6, 3]);
  const order = new Map(TRAIN.map(({ path }, place) => [path, place]));
  const places = [...train, ...validation].map(({ path }) => order.get(path)!);
  assert.deepEqual([...places].sort((a, b) => a - b), TRAIN.map((_, place) => place));
  for (const side of [train, validation]) {
    const own = side.map(({ path }) => order.get(path)!);
    assert.deepEqual(own, [...own].sort((a, b) => a - b), "the order is kept");
  }
});

Deno.test("which pictures are held out depends on themselves alone, not on group or company", () => {
  const held = (images: readonly LabelledImage[]) =>
    holdOutPart(images).validation.map(({ path }) => path).filter((path) => path.includes("cat"));
  const regrouped = TRAIN.toReversed().map((image) => ({ ...image, group: "unknown" as const }));
  assert.deepEqual(held(TRAIN), held(pictures({ cat: 100 })));
  assert.deepEqual(held(TRAIN), held(regrouped).toReversed());
});

Deno.test("a category that is held out is not trained, and stands for unseen ones", () => {
  const { train, validation } = holdOutCategory(TRAIN, "fish");
  assert.equal(ofCategory(train, "fish"), 0);
  const fish = validation.filter(({ category }) => category === "fish");
  assert.equal(fish.length, 30);
  assert.ok(fish.every(({ group }) => group === "unseen"));
  const others = holdOutPart(TRAIN.filter(({ category }) => category !== "fish"));
  assert.deepEqual(train, others.train);
  assert.deepEqual(validation.filter(({ group }) => group === "known"), others.validation);
});

Deno.test("shares, categories and single pictures that cannot be are errors that name them", () => {
  for (const share of [0, 1, NaN]) assert.throws(() => holdOutPart(TRAIN, share), /a share of/);
  assert.throws(
    () => holdOutPart(pictures({ cat: 1 })),
    /"cat" has one training picture \(train\/cat\/0\.png\)/,
  );
  assert.throws(() => holdOutCategory(TRAIN, "cow"), /no training picture is of category "cow"/);
});
