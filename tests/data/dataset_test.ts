import assert from "node:assert/strict";
import { countByGroup, type Dataset, inTurns, leaveOut } from "../../src/data/dataset.ts";
import type { CategoryGroups, Group, LabelledImage } from "../../src/data/categories.ts";

const GROUPS: CategoryGroups = { known: ["dog"], unknown: ["car"], unseen: ["owl"] };
function imagesOf(split: string, groups: readonly Group[]): LabelledImage[] {
  return groups.flatMap((group) =>
    ["1", "2"].map((name) => {
      const [category] = GROUPS[group];
      return { path: `${split}/${category}/${name}.jpg`, category: category!, group };
    })
  );
}

const DATASET: Dataset = {
  name: "pets",
  root: "/pets",
  groups: GROUPS,
  categoryNames: {},
  splits: {
    train: imagesOf("train", ["known", "unknown"]),
    test: imagesOf("val", ["known", "unknown", "unseen"]),
  },
  leftOut: [],
};

function bad(...paths: string[]) {
  return paths.map((path) => ({ path, reason: "the file is empty" }));
}

Deno.test("leaveOut() takes pictures out of both splits and lists them", () => {
  const files = bad("train/dog/1.jpg", "val/owl/2.jpg");
  const dataset = leaveOut(DATASET, files);
  assert.deepEqual(dataset.leftOut, files);
  assert.deepEqual(countByGroup(dataset.splits), {
    train: { known: 1, unknown: 2, unseen: 0 },
    test: { known: 2, unknown: 2, unseen: 1 },
  });
  assert.deepEqual(leaveOut(dataset, bad("val/dog/1.jpg")).leftOut.length, 3);
  assert.equal(DATASET.leftOut.length, 0);
});

Deno.test("leaveOut() of nothing changes nothing, and of other files only the list", () => {
  assert.equal(leaveOut(DATASET, []), DATASET);
  assert.deepEqual(leaveOut(DATASET, bad("val/elk/1.jpg")).splits, DATASET.splits);
});

Deno.test("leaveOut() refuses to take the last pictures of a category", () => {
  assert.throws(
    () => leaveOut(DATASET, bad("train/car/1.jpg", "train/car/2.jpg")),
    /^Error: \/pets: no usable picture is left of category "car" to train on \(train\/car\/1\.jpg/,
  );
  assert.throws(
    () => leaveOut(DATASET, bad("val/owl/1.jpg", "val/owl/2.jpg")),
    /of category "owl" to be tested with/,
  );
});

Deno.test("pictures in turns are one of each category, then the next of each, as many as there are", () => {
  const image = (category: string, number: number) => ({
    path: `${category}/${number}.png`,
    category,
    group: "known" as const,
  });
  const images = [image("a", 1), image("a", 2), image("a", 3), image("b", 1)];
  const paths = (wanted: number) => inTurns(images, wanted).map(({ path }) => path);
  assert.deepEqual(paths(3), ["a/1.png", "b/1.png", "a/2.png"]);
  assert.deepEqual(paths(9), ["a/1.png", "b/1.png", "a/2.png", "a/3.png"]);
  assert.deepEqual(paths(0), []);
});
