import assert from "node:assert/strict";
import type { CategoryGroups, LabelledImage } from "../../src/data/categories.ts";
import { countByCategory, imagesOfGroups } from "../../src/data/dataset.ts";
import { checkGroups, testNames } from "../../src/data/image_folder.ts";

const GROUPS: CategoryGroups = { known: ["dog", "cat"], unknown: ["car"], unseen: ["owl"] };

function image(group: LabelledImage["group"], category: string): LabelledImage {
  return { path: `val/${category}/1.jpg`, category, group };
}

Deno.test("checkGroups() refuses a category in two groups, and twice in one", () => {
  assert.throws(() => checkGroups({ ...GROUPS, unseen: ["dog"] }), /"dog".*known and as unseen/);
  assert.throws(() => checkGroups({ ...GROUPS, known: ["dog", "dog"] }), /"dog" is listed twice/);
});

Deno.test("checkGroups() refuses groups without a known category", () => {
  assert.throws(() => checkGroups({ ...GROUPS, known: [] }), /no category is known/);
});

Deno.test("checkGroups() keeps the name of the label na free", () => {
  assert.throws(() => checkGroups({ ...GROUPS, unknown: ["na"] }), /"na".*rename/);
});

for (const name of ["", ".", "..", ".hidden", "a/b", "/a", "a\0b"]) {
  Deno.test(`checkGroups() refuses ${JSON.stringify(name)}, which is not the name of a folder`, () => {
    assert.throws(() => checkGroups({ ...GROUPS, unseen: [name] }), /is not the name of a folder/);
  });
}

Deno.test("checkGroups() allows empty groups of unknown and unseen categories", () => {
  checkGroups({ known: ["dog"], unknown: [], unseen: [] });
});

const NAMES = Array.from({ length: 100 }, (_, i) => `${i}.jpg`);

Deno.test("testNames() draws the share asked for, and the same whatever the order", () => {
  const tested = testNames("dog", NAMES);
  assert.equal(tested.size, 20);
  assert.deepEqual(testNames("dog", NAMES.toReversed()), tested);
  assert.equal(testNames("dog", NAMES, 0.35).size, 35);
  assert.notDeepEqual(testNames("cat", NAMES), tested);
});

Deno.test("testNames() stays what it was: results depend on it", () => {
  assert.deepEqual([...testNames("dog", NAMES.slice(0, 10))], ["5.jpg", "9.jpg"]);
});

Deno.test("testNames() leaves at least one picture on either side", () => {
  assert.equal(testNames("dog", NAMES.slice(0, 2), 0.01).size, 1);
  assert.equal(testNames("dog", NAMES.slice(0, 2), 0.99).size, 1);
  assert.equal(testNames("dog", NAMES.slice(0, 1)).size, 0);
});

Deno.test("a picture added to a category moves at most one other to the other side", () => {
  for (let count = 2; count < NAMES.length; count++) {
    const before = testNames("dog", NAMES.slice(0, count));
    const after = testNames("dog", NAMES.slice(0, count + 1));
    const moved = NAMES.slice(0, count).filter((name) => before.has(name) !== after.has(name));
    assert.ok(moved.length <= 1, `${count} pictures: ${moved}`);
  }
});

Deno.test("imagesOfGroups() keeps the order", () => {
  const images = [image("unseen", "owl"), image("known", "dog"), image("unknown", "car")];
  assert.deepEqual(imagesOfGroups(images, ["unknown", "unseen"]), [images[0], images[2]]);
});

Deno.test("countByCategory() counts", () => {
  const images = [image("known", "dog"), image("unseen", "owl"), image("known", "dog")];
  assert.deepEqual([...countByCategory(images)], [["dog", 2], ["owl", 1]]);
  assert.equal(countByCategory([]).size, 0);
});
