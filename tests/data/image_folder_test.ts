import assert from "node:assert/strict";
import { dirname } from "@std/path";
import type { CategoryGroups } from "../../src/data/categories.ts";
import { readImageFolder } from "../../src/data/image_folder.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const GROUPS: CategoryGroups = { known: ["dog"], unknown: ["car"], unseen: ["owl"] };
const COMPLETE = [
  "train/dog/1.jpg",
  "train/car/1.jpg",
  "val/dog/1.jpg",
  "val/car/1.jpg",
  "val/owl/1.jpg",
];

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

Deno.test("readImageFolder() finds JPEG, PNG and WebP files in order and passes over others", () =>
  withFiles(
    [
      ...COMPLETE,
      "train/dog/3.PNG",
      "train/dog/2.webp",
      "train/dog/0.JPEG",
      "train/dog/.9.jpg",
      "train/dog/notes.txt",
      "train/.cache/1.jpg",
      "train/readme.md",
      "train/owl/1.jpg",
    ],
    async (root) => {
      const { train, test } = await readImageFolder(root, GROUPS);
      assert.deepEqual(train.map(({ path }) => path), [
        "train/car/1.jpg",
        "train/dog/0.JPEG",
        "train/dog/1.jpg",
        "train/dog/2.webp",
        "train/dog/3.PNG",
      ]);
      assert.deepEqual(test.map(({ group }) => group), ["unknown", "known", "unseen"]);
    },
  ));

Deno.test("readImageFolder() names a root that is not there", async () => {
  await assert.rejects(readImageFolder("/nowhere", GROUPS), /\/nowhere\/train is not a folder/);
});

Deno.test("readImageFolder() names a category's missing folder", () =>
  withFiles(COMPLETE.filter((path) => path !== "val/owl/1.jpg"), async (root) => {
    await assert.rejects(readImageFolder(root, GROUPS), /val\/owl is not a folder/);
  }));

Deno.test("readImageFolder() names a category without pictures", () =>
  withFiles(["train/dog/notes.txt", ...COMPLETE.slice(1)], async (root) => {
    await assert.rejects(readImageFolder(root, GROUPS), /train\/dog holds no JPEG/);
  }));

Deno.test("readImageFolder() names a folder that is in no group", () =>
  withFiles([...COMPLETE, "val/elk/1.jpg"], async (root) => {
    await assert.rejects(readImageFolder(root, GROUPS), /val\/elk.*in no group/);
  }));

Deno.test("readImageFolder() refuses a category in two groups", () =>
  withFiles(COMPLETE, async (root) => {
    await assert.rejects(readImageFolder(root, { ...GROUPS, unseen: ["dog"] }), /"dog"/);
  }));
