import assert from "node:assert/strict";
import { loadImages } from "../../src/data/load_images.ts";
import { writeNetworkInput } from "../../src/data/network_input.ts";
import { beginResize } from "../../src/data/resize.ts";
import { patternedPicture, writePicture } from "./pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

for (const crop of [false, true]) {
  const squares = crop ? "crops the middle" : "pads evenly";
  Deno.test(`loadImages() ${squares}, resizes and normalises, in the order of the paths`, () =>
    inTemporaryFolder(async (folder) => {
      const pictures = [patternedPicture(20, 11), patternedPicture(9, 16, 2)];
      const paths = pictures.map((_, n) => `${folder}/${n}.png`);
      for (const [n, picture] of pictures.entries()) await writePicture(paths[n]!, picture);
      const { images, labels, count, size } = await loadImages(paths, 8, crop);
      assert.deepEqual([count, size, images.length, [...labels]], [2, 8, 2 * 8 * 8 * 3, [-1, -1]]);
      for (const [n, picture] of pictures.entries()) {
        const expected = new Float32Array(8 * 8 * 3);
        writeNetworkInput(beginResize(picture, 8, crop), expected);
        assert.deepEqual(images.slice(n * expected.length, (n + 1) * expected.length), expected);
      }
    }));
}

Deno.test("loadImages() of nothing is an empty batch", async () => {
  assert.equal((await loadImages([], 8)).count, 0);
});

Deno.test("loadImages() names the picture it cannot load", async () => {
  await assert.rejects(loadImages(["/nowhere/1.jpg"], 8), /\/nowhere\/1\.jpg/);
});
