import { dirname } from "@std/path";
import assert from "node:assert/strict";
import { wrongPictures } from "../../../src/data/download/pictures_on_disk.ts";
import { IMAGENETTE } from "../../../src/data/imagenette.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";

/** Printed by `find train val -name '*.JPEG' | LC_ALL=C sort | xargs sha256sum | sha256sum`. */
const PRINTED = "c64d10497c462dafd219a5c78ed33db108f8665484994c629f3017fc1ae1e3b4";

const EXPECTED = {
  ...IMAGENETTE.archive,
  pictures: { train: 3, val: 1 },
  contentDigest: PRINTED,
};

/** Makes the folder that the command was run in; each file holds its own path. */
async function makePictures(folder: string): Promise<void> {
  for (
    const path of [
      "train/n1/B.JPEG",
      "train/n1/a.JPEG",
      "train/n1-deep/in/c.JPEG",
      "val/n1/a.JPEG",
      "val/n1/notes.txt",
      "d.JPEG",
    ]
  ) {
    await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, path);
  }
}

Deno.test("the digest is the one that find, sort and sha256sum print", () =>
  inTemporaryFolder(async (folder) => {
    await makePictures(folder);
    assert.equal(await wrongPictures(folder, EXPECTED, "number"), undefined);
    assert.equal(await wrongPictures(folder, EXPECTED, "content"), undefined);
  }));

Deno.test("a changed, renamed or missing picture has another digest, another file does not", () =>
  inTemporaryFolder(async (folder) => {
    await makePictures(folder);
    await Deno.writeTextFile(`${folder}/val/n1/notes.txt`, "changed");
    assert.equal(await wrongPictures(folder, EXPECTED, "content"), undefined);
    await Deno.rename(`${folder}/train/n1/a.JPEG`, `${folder}/train/n1/A.JPEG`);
    assert.equal(await wrongPictures(folder, EXPECTED, "number"), undefined);
    assert.match(
      await wrongPictures(folder, EXPECTED, "content") ?? "",
      /digest [0-9a-f]{64} instead of/,
    );
    await Deno.rename(`${folder}/train/n1/A.JPEG`, `${folder}/train/n1/a.JPEG`);
    await Deno.writeTextFile(`${folder}/train/n1/a.JPEG`, "changed");
    assert.match(
      await wrongPictures(folder, EXPECTED, "content") ?? "",
      /digest [0-9a-f]{64} instead of/,
    );
    await Deno.remove(`${folder}/train/n1/a.JPEG`);
    assert.equal(
      await wrongPictures(folder, EXPECTED, "number"),
      "train holds 2 pictures instead of 3",
    );
  }));

Deno.test("a folder without train and val holds no pictures", () =>
  inTemporaryFolder(async (folder) => {
    assert.equal(
      await wrongPictures(folder, EXPECTED, "number"),
      "train holds 0 pictures instead of 3",
    );
    await Deno.writeTextFile(`${folder}/train`, "");
    assert.equal(
      await wrongPictures(folder, EXPECTED, "number"),
      "train holds 0 pictures instead of 3",
    );
  }));
