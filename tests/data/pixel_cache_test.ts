import assert from "node:assert/strict";
import { openPixelCache, type PixelCacheOptions } from "../../src/data/pixel_cache.ts";
import { resizeLongAxis } from "../../src/data/resize.ts";
import { patternedPicture, writePicture } from "./pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const PICTURES = {
  "train/a/1.png": patternedPicture(30, 20),
  "train/a/2.png": patternedPicture(20, 30, 2),
  "val/b/1.png": patternedPicture(16, 16, 3),
};
const IMAGES = Object.keys(PICTURES).map((path) => ({ path }));

function withDataset(
  test: (options: PixelCacheOptions, decoded: () => number) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const root = `${folder}/dataset`;
    for (const [path, picture] of Object.entries(PICTURES)) {
      await writePicture(`${root}/${path}`, picture);
    }
    let decoded = 0;
    const progress = {
      update: (done: number) => {
        if (done > 0) decoded++;
      },
      stop: () => {},
    };
    const options = { root, images: IMAGES, size: 8, cacheFolder: `${folder}/cache`, progress };
    await test(options, () => decoded);
  });
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

Deno.test("a pixel cache holds every picture with its long axis resized", () =>
  withDataset(async (options) => {
    const cache = await openPixelCache(options);
    for (const [path, picture] of Object.entries(PICTURES)) {
      assert.deepEqual(cache.read(path), resizeLongAxis(picture, 8));
    }
    cache.close();
    assert.equal(namesIn(options.cacheFolder!).length, 1);
  }));

Deno.test("a pixel cache is made once, and used for fewer pictures as well", () =>
  withDataset(async (options, decoded) => {
    (await openPixelCache(options)).close();
    assert.equal(decoded(), 3);
    (await openPixelCache(options)).close();
    (await openPixelCache({ ...options, images: IMAGES.slice(1) })).close();
    assert.equal(decoded(), 3);
  }));

Deno.test("a pixel cache is made again for a changed picture or a new one", () =>
  withDataset(async (options, decoded) => {
    (await openPixelCache({ ...options, images: IMAGES.slice(1) })).close();
    (await openPixelCache(options)).close();
    assert.equal(decoded(), 2 + 3);
    const changed = patternedPicture(12, 8, 5);
    await writePicture(`${options.root}/val/b/1.png`, changed);
    const cache = await openPixelCache(options);
    assert.equal(decoded(), 2 + 3 + 3);
    assert.deepEqual(cache.read("val/b/1.png"), resizeLongAxis(changed, 8));
    cache.close();
  }));

Deno.test("a pixel cache is made again for a picture touched since", () =>
  withDataset(async (options, decoded) => {
    (await openPixelCache(options)).close();
    await Deno.utime(`${options.root}/val/b/1.png`, 1, 1);
    (await openPixelCache(options)).close();
    assert.equal(decoded(), 6);
  }));

Deno.test("each size and each data set has its own pixel cache", () =>
  withDataset(async (options) => {
    const other = `${options.root}/../elsewhere/dataset`;
    await writePicture(`${other}/val/b/1.png`, patternedPicture(9, 9));
    const caches = [
      await openPixelCache(options),
      await openPixelCache({ ...options, size: 16 }),
      await openPixelCache({ ...options, root: other, images: IMAGES.slice(2) }),
    ];
    assert.deepEqual(caches.map(({ size }) => size), [8, 16, 8]);
    assert.equal(namesIn(options.cacheFolder!).length, 3);
    for (const cache of caches) cache.close();
  }));

Deno.test("a damaged pixel cache is made again", () =>
  withDataset(async (options) => {
    const first = await openPixelCache(options);
    first.close();
    const bytes = Deno.readFileSync(first.path);
    const wrongIndex = bytes.slice();
    wrongIndex[bytes.length - 20] = 0;
    for (const damaged of [bytes.slice(0, 100), new Uint8Array(0), wrongIndex]) {
      Deno.writeFileSync(first.path, damaged);
      const cache = await openPixelCache(options);
      assert.equal(cache.id, first.id);
      assert.deepEqual(cache.read("val/b/1.png"), resizeLongAxis(PICTURES["val/b/1.png"], 8));
      cache.close();
    }
  }));

Deno.test("a picture that cannot be decoded leaves no half-written cache", () =>
  withDataset(async (options) => {
    Deno.writeTextFileSync(`${options.root}/train/a/2.png`, "<html>");
    await assert.rejects(openPixelCache(options), /train\/a\/2\.png: not a JPEG, PNG or WebP/);
    assert.deepEqual(namesIn(options.cacheFolder!), []);
  }));

Deno.test("openPixelCache() names a picture that is missing", () =>
  withDataset(async (options) => {
    const images = [...IMAGES, { path: "val/b/9.png" }];
    await assert.rejects(openPixelCache({ ...options, images }), /val\/b\/9\.png: cannot be read/);
  }));

Deno.test("two runs may make the same pixel cache at once", () =>
  withDataset(async (options) => {
    const caches = await Promise.all([openPixelCache(options), openPixelCache(options)]);
    for (const cache of caches) {
      assert.deepEqual(cache.read("train/a/1.png"), resizeLongAxis(PICTURES["train/a/1.png"], 8));
      cache.close();
    }
    assert.equal(caches[0]!.id, caches[1]!.id);
    assert.equal(namesIn(options.cacheFolder!).length, 1);
  }));

Deno.test("a pixel cache names a picture it does not hold", () =>
  withDataset(async (options) => {
    const cache = await openPixelCache(options);
    assert.throws(() => cache.read("val/b/9.png"), /val\/b\/9\.png is not in/);
    cache.close();
  }));
