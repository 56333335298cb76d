import assert from "node:assert/strict";
import { dirname } from "@std/path";
import type { CategoryGroups, DatasetSplits } from "../../src/data/categories.ts";
import { categoryFolders, readImageFolder } from "../../src/data/image_folder.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const GROUPS: CategoryGroups = { known: ["dog"], unknown: ["car"], unseen: ["owl"] };
const DIVIDED = [
  "train/dog/1.jpg",
  "train/car/1.jpg",
  "val/dog/1.jpg",
  "val/car/1.jpg",
  "val/owl/1.jpg",
];
const UNDIVIDED = ["dog", "car", "owl"].flatMap((category) =>
  Array.from({ length: 10 }, (_, i) => `${category}/${i}.jpg`)
);

function withFiles(
  paths: readonly string[],
  test: (root: string) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (root) => {
    for (const path of paths) {
      Deno.mkdirSync(dirname(`${root}/${path}`), { recursive: true });
      Deno.writeTextFileSync(`${root}/${path}`, "");
    }
    await test(root);
  });
}

function pathsOf(images: DatasetSplits["train"]): string[] {
  return images.map(({ path }) => path);
}

Deno.test("readImageFolder() finds pictures by their extension, in order, and passes over others", () =>
  withFiles(
    [
      ...DIVIDED,
      "train/dog/3.PNG",
      "train/dog/2.webp",
      "train/dog/4.Gif",
      "train/dog/5.tif",
      "train/dog/6.TIFF",
      "train/dog/0.JPEG",
      "train/dog/a.jpg",
      "train/dog/B.jpg",
      "train/dog/.9.jpg",
      "train/dog/notes.txt",
      "train/dog/7.svg",
      "train/.cache/1.jpg",
      "train/readme.md",
      "train/owl/1.jpg",
      "dataset.json",
    ],
    async (root) => {
      const { train, test } = await readImageFolder(root, GROUPS);
      assert.deepEqual(pathsOf(train), [
        "train/car/1.jpg",
        "train/dog/0.JPEG",
        "train/dog/1.jpg",
        "train/dog/2.webp",
        "train/dog/3.PNG",
        "train/dog/4.Gif",
        "train/dog/5.tif",
        "train/dog/6.TIFF",
        "train/dog/B.jpg",
        "train/dog/a.jpg",
      ]);
      assert.deepEqual(test.map(({ group }) => group), ["unknown", "known", "unseen"]);
    },
  ));

for (const name of ["valid", "test"]) {
  Deno.test(`readImageFolder() takes the pictures to test with from ${name} as well`, () =>
    withFiles(DIVIDED.map((path) => path.replace(/^val/, name)), async (root) => {
      const { train, test } = await readImageFolder(root, GROUPS);
      assert.deepEqual(pathsOf(train), ["train/car/1.jpg", "train/dog/1.jpg"]);
      assert.deepEqual(
        pathsOf(test),
        ["car", "dog", "owl"].map((name_) => `${name}/${name_}/1.jpg`),
      );
    }));
}

Deno.test("readImageFolder() keeps a part of each trained category for testing if the folder does not", () =>
  withFiles(UNDIVIDED, async (root) => {
    const { train, test } = await readImageFolder(root, GROUPS);
    const count = (images: DatasetSplits["train"], category: string) =>
      images.filter((image) => image.category === category).length;
    assert.deepEqual(["dog", "car", "owl"].map((name) => count(train, name)), [8, 8, 0]);
    assert.deepEqual(["dog", "car", "owl"].map((name) => count(test, name)), [2, 2, 10]);
    assert.deepEqual([...pathsOf(train), ...pathsOf(test)].sort(), UNDIVIDED.toSorted());
    const half = await readImageFolder(root, GROUPS, 0.5);
    assert.equal(count(half.test, "dog"), 5);
  }));

Deno.test("which pictures of a category are tested with does not depend on other categories", () =>
  withFiles([...UNDIVIDED, "elk/1.jpg", "elk/2.jpg"], async (root) => {
    const dogs = ({ test }: DatasetSplits) =>
      pathsOf(test).filter((path) => path.startsWith("dog"));
    const all = dogs(await readImageFolder(root, { ...GROUPS, unseen: ["owl", "elk"] }));
    for (const name of ["elk", "owl"]) await Deno.remove(`${root}/${name}`, { recursive: true });
    const fewer = { known: ["car"], unknown: ["dog"], unseen: [] };
    assert.deepEqual(dogs(await readImageFolder(root, fewer)), all);
  }));

Deno.test("categories may be called as the folders of a division are", () =>
  withFiles(["train/1.jpg", "train/2.jpg", "test/1.jpg"], async (root) => {
    const groups = { known: ["train"], unknown: [], unseen: ["test"] };
    const { train, test } = await readImageFolder(root, groups);
    assert.equal(train.length, 1);
    assert.equal(test.length, 2);
  }));

Deno.test("readImageFolder() takes names with spaces, commas, quotes, markup, accents and emoji as they are", () => {
  const known = [
    " a b ",
    "a,b",
    `"'`,
    "<script>alert(1)<",
    "é",
    "👍🏽",
    "שלום",
    "constructor",
    "%2e",
  ];
  const paths = known.flatMap((name) => [`train/${name}/1.jpg`, `val/${name}/1.jpg`]);
  return withFiles(paths, async (root) => {
    const { train } = await readImageFolder(root, { known, unknown: [], unseen: [] });
    assert.deepEqual(train.map(({ category }) => category), known.toSorted());
    assert.deepEqual(await categoryFolders(root), known.toSorted());
  });
});

Deno.test("a category's folder may be a link to one", () =>
  withFiles(UNDIVIDED, async (root) => {
    await Deno.rename(`${root}/dog`, `${root}/.hidden`);
    await Deno.symlink(`${root}/.hidden`, `${root}/dog`);
    const { train } = await readImageFolder(root, GROUPS);
    assert.equal(train.filter(({ category }) => category === "dog").length, 8);
  }));

function refuses(
  what: string,
  paths: readonly string[],
  message: RegExp,
  groups: CategoryGroups = GROUPS,
  testShare?: number,
): void {
  Deno.test(`readImageFolder() refuses ${what}`, () =>
    withFiles(paths, async (root) => {
      await assert.rejects(readImageFolder(root, groups, testShare), message);
    }));
}

refuses("an empty folder", [], /has no folder "dog", "car", "owl"; there are none/);
refuses(
  "a category without a folder, and names those there are",
  [...DIVIDED.slice(0, 4), "val/bird,white/1.jpg"],
  /\/val has no folder "owl"; there are "bird,white", "car", "dog"; .*a comma.*dataset\.json/,
);
refuses(
  "a category without pictures",
  ["train/dog/notes.txt", ...DIVIDED.slice(1)],
  /train\/dog: 0 JPEG, PNG, WebP, GIF or TIFF pictures, at least 1 needed; add some/,
);
refuses(
  "a category with one picture to train on and to test with",
  [...UNDIVIDED.filter((path) => !path.startsWith("dog")), "dog/1.jpg"],
  /\/dog: 1 JPEG.* pictures, at least 2 needed/,
);
refuses(
  "folders in no group, all of them",
  [...DIVIDED, "val/elk/1.jpg", "val/emu/1.jpg"],
  /val: in no group: "elk", "emu"; make each a known, unknown or unseen category, or move/,
);
refuses(
  "a folder in a category",
  [...DIVIDED, "train/dog/poodle/1.jpg"],
  /train\/dog\/poodle is a folder in a category; put its pictures into .*train\/dog or/,
);
refuses(
  "a folder of pictures to train on alone",
  DIVIDED.filter((path) => path.startsWith("train")),
  /has none of the folders val, valid, test beside train/,
);
refuses(
  "more than one folder of pictures to test with",
  [...DIVIDED, "test/dog/1.jpg"],
  /has more than one of the folders val, valid, test/,
);
refuses(
  "a folder of pictures to test with alone",
  DIVIDED.filter((path) => path.startsWith("val")),
  /has a folder val, but no folder train/,
);
refuses(
  "a share to test with where the folder has its own pictures for that",
  DIVIDED,
  /testShare is 0.3, but val already holds the test pictures/,
  GROUPS,
  0.3,
);
refuses("a category in two groups", DIVIDED, /"dog" is listed twice/, {
  ...GROUPS,
  unseen: ["dog"],
});

Deno.test("readImageFolder() names a root that is not there, or is a file", () =>
  withFiles(["file"], async (root) => {
    await assert.rejects(readImageFolder("/nowhere", GROUPS), /^Error: \/nowhere is not a folder/);
    await assert.rejects(readImageFolder(`${root}/file`, GROUPS), /\/file is not a folder/);
  }));
