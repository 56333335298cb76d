import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { readCatalogued } from "../../src/data/open_dataset.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { TINY_PICTURES, tinyArchive, tinyDataset } from "./download/tiny_archive.ts";

const TINY = tinyDataset((await tinyArchive()).at("http://127.0.0.1"));

async function writePictures(root: string): Promise<void> {
  for (const [path, bytes] of Object.entries(TINY_PICTURES)) {
    await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
    await Deno.writeFile(`${root}/${path}`, bytes);
  }
}

Deno.test("readCatalogued() gives what the catalogue says, with the pictures of the folder", () =>
  inTemporaryFolder(async (root) => {
    await writePictures(root);
    assert.deepEqual(await readCatalogued(TINY, root), {
      name: "tiny",
      root,
      groups: TINY.groups,
      categoryNames: {},
      splits: {
        train: [
          { path: "train/a/1.JPEG", category: "a", group: "known" },
          { path: "train/a/2.JPEG", category: "a", group: "known" },
        ],
        test: [
          { path: "val/a/3.JPEG", category: "a", group: "known" },
          { path: "val/b/2.JPEG", category: "b", group: "unseen" },
        ],
      },
      leftOut: [],
    });
  }));

Deno.test("readCatalogued() refuses a data set from an archive with a picture too many", () =>
  inTemporaryFolder(async (root) => {
    await writePictures(root);
    await Deno.writeTextFile(`${root}/train/a/mine.JPEG`, "");
    await assert.rejects(
      readCatalogued(TINY, root),
      /^Error: Tiny has 2 known pictures for train, but 3 were found; unpack tiny\.tgz again or, .* `deno task fetch tiny --repair`$/,
    );
  }));

Deno.test("readCatalogued() names the group that is incomplete", () =>
  inTemporaryFolder(async (root) => {
    await writePictures(root);
    await Deno.remove(`${root}/train/a/2.JPEG`);
    await assert.rejects(
      readCatalogued(TINY, root),
      /^Error: Tiny has 2 known pictures for train, but 1 were found/,
    );
  }));
