import assert from "node:assert/strict";
import {
  openPixelCache,
  type PixelCache,
  type PixelCacheOptions,
} from "../../src/data/pixel_cache.ts";
import { beginResize, type HalfResizedPicture } from "../../src/data/resize.ts";
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

function read(cache: PixelCache, path: string): HalfResizedPicture {
  return cache.read(cache.positionOf(path));
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

Deno.test("a pixel cache holds every picture with one axis resized, padded or cropped", () =>
  withDataset(async (options) => {
    for (const crop of [false, true]) {
      const cache = await openPixelCache({ ...options, crop });
      for (const [path, picture] of Object.entries(PICTURES)) {
        assert.deepEqual(read(cache, path), beginResize(picture, 8, crop));
      }
      cache.close();
    }
    assert.equal(namesIn(options.cacheFolder!).length, 2);
  }));

Deno.test("a cache of cropped pictures does not pass for one of padded pictures", () =>
  withDataset(async (options) => {
    const cropped = await openPixelCache({ ...options, crop: true });
    cropped.close();
    Deno.renameSync(cropped.path, cropped.path.replace("-crop", ""));
    const lines: string[] = [];
    const padded = await openPixelCache({ ...options, log: (line) => lines.push(line) });
    padded.close();
    assert.equal(padded.crop, false);
    assert.match(lines.join(), /its pictures are cropped; the pictures are decoded again/);
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
    assert.deepEqual(read(cache, "val/b/1.png"), beginResize(changed, 8));
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
      assert.deepEqual(read(cache, "val/b/1.png"), beginResize(PICTURES["val/b/1.png"], 8));
      cache.close();
    }
  }));

/** Files of all sorts that are no pictures, by path. */
const BAD_FILES: Record<string, (path: string) => void> = {
  "train/a/empty.png": (path) => Deno.writeTextFileSync(path, ""),
  "train/a/folder.gif": (path) => Deno.mkdirSync(path),
  "train/a/link.tif": (path) => Deno.symlinkSync("/nowhere", path),
  "val/b/page.jpg": (path) => Deno.writeTextFileSync(path, "<html>"),
};
const BAD_IMAGES = Object.keys(BAD_FILES).map((path) => ({ path }));
const REASONS = {
  "train/a/empty.png": "the file is empty",
  "train/a/folder.gif": "not a plain file",
  "train/a/link.tif": "no such file",
  "val/b/page.jpg": "not a JPEG, PNG, WebP, GIF or TIFF picture (first bytes 3c 68 74 6d)",
};

function withBadFiles(
  test: (options: PixelCacheOptions, decoded: () => number) => Promise<void>,
): Promise<void> {
  return withDataset(async (options, decoded) => {
    for (const [path, plant] of Object.entries(BAD_FILES)) plant(`${options.root}/${path}`);
    await test({ ...options, images: [...IMAGES, ...BAD_IMAGES] }, decoded);
  });
}

Deno.test("pictures that cannot be used are one error that names them and the way out", () =>
  withBadFiles(async ({ root, ...options }) => {
    await assert.rejects(openPixelCache({ root, ...options }), ({ message }: Error) => {
      assert.match(message, /^4 pictures cannot be used: /);
      for (const [path, reason] of Object.entries(REASONS)) {
        assert.ok(message.includes(`${root}/${path}: ${reason};`), message);
      }
      assert.match(message, /; replace or delete them, or leave them out with --skip-bad$/);
      return true;
    });
    const images = [...IMAGES, { path: "val/b/page.jpg" }];
    await assert.rejects(openPixelCache({ ...options, root, images }), (error: Error) => {
      assert.equal(
        error.message,
        `${root}/val/b/page.jpg: ${REASONS["val/b/page.jpg"]}; replace the file or delete it, or ` +
          "leave it out with --skip-bad",
      );
      return true;
    });
  }));

Deno.test("of many pictures that cannot be used, the error names some and counts the others", () =>
  withDataset(async (options) => {
    const images = Array.from({ length: 12 }, (_, i) => ({ path: `val/b/none-${i}.png` }));
    await assert.rejects(
      openPixelCache({ ...options, images }),
      /^Error: 12 pictures cannot be used: .*none-0\.png: no such file; .*; and 7 more; replace/,
    );
  }));

Deno.test("pictures that cannot be used are left out if they are to be, each with its reason", () =>
  withBadFiles(async (options) => {
    const cache = await openPixelCache({ ...options, skipBad: true });
    const reasons = Object.fromEntries(cache.leftOut.map(({ path, reason }) => [path, reason]));
    assert.deepEqual(reasons, REASONS);
    for (const [path, picture] of Object.entries(PICTURES)) {
      assert.deepEqual(read(cache, path), beginResize(picture, 8));
    }
    assert.throws(() => read(cache, "val/b/page.jpg"), /val\/b\/page\.jpg is not in/);
    cache.close();
  }));

Deno.test("good pictures are decoded once, whatever becomes of the bad ones", () =>
  withBadFiles(async (options, decoded) => {
    await assert.rejects(openPixelCache(options));
    assert.equal(decoded(), 3 + 4);
    (await openPixelCache({ ...options, skipBad: true })).close();
    (await openPixelCache({ ...options, images: IMAGES })).close();
    await assert.rejects(openPixelCache(options), /4 pictures/);
    assert.equal(decoded(), 3 + 4);
  }));

Deno.test("a picture that was left out is used once it is mended", () =>
  withBadFiles(async (options) => {
    (await openPixelCache({ ...options, skipBad: true })).close();
    const path = `${options.root}/val/b/page.jpg`;
    await writePicture(path, PICTURES["val/b/1.png"]);
    const cache = await openPixelCache({ ...options, skipBad: true });
    assert.equal(cache.leftOut.length, 3);
    assert.equal(read(cache, "val/b/page.jpg").width, 16);
    cache.close();
  }));

Deno.test("a pixel cache that cannot be written is an error", () =>
  withDataset(async (options) => {
    const cacheFolder = `${options.root}/train/a/1.png/cache`;
    await assert.rejects(openPixelCache({ ...options, cacheFolder }), /cannot be written/);
  }));

Deno.test("decoding that is stopped leaves nothing behind", () =>
  withDataset(async (options) => {
    const stopping = new AbortController();
    const reason = new DOMException("enough", "AbortError");
    const images = Array.from({ length: 500 }, (_, i) => ({ path: `train/a/copy-${i}.png` }));
    for (const { path } of images) {
      Deno.copyFileSync(`${options.root}/train/a/1.png`, `${options.root}/${path}`);
    }
    let done = 0;
    const progress = {
      update: (count: number) => {
        done = count;
        if (count > 0) stopping.abort(reason);
      },
      stop: () => {},
    };
    const { signal } = stopping;
    await assert.rejects(openPixelCache({ ...options, images, progress, signal }), reason);
    assert.ok(done < images.length, `${done} decoded`);
    assert.deepEqual(namesIn(options.cacheFolder!), []);
    await assert.rejects(openPixelCache({ ...options, signal }), reason);
  }));

Deno.test("two runs may make the same pixel cache at once", () =>
  withDataset(async (options) => {
    const caches = await Promise.all([openPixelCache(options), openPixelCache(options)]);
    for (const cache of caches) {
      assert.deepEqual(read(cache, "train/a/1.png"), beginResize(PICTURES["train/a/1.png"], 8));
      cache.close();
    }
    assert.equal(caches[0]!.id, caches[1]!.id);
    assert.equal(namesIn(options.cacheFolder!).length, 1);
  }));

Deno.test("a pixel cache names a picture it does not hold", () =>
  withDataset(async (options) => {
    const cache = await openPixelCache(options);
    assert.throws(() => read(cache, "val/b/9.png"), /val\/b\/9\.png is not in/);
    cache.close();
  }));

Deno.test("a damaged pixel cache is never used: it is made again, and that is said", () =>
  withDataset(async (options) => {
    (await openPixelCache(options)).close();
    const path = `${options.cacheFolder}/${namesIn(options.cacheFolder!)[0]}`;
    const whole = await Deno.readFile(path);
    const target = `${options.root}/../elsewhere`;
    const damages: [RegExp, () => void][] = [
      [/the pixels of train\/a\/1\.png are damaged/, () => flip(path, 0)],
      [/the pixels of val\/b\/1\.png are damaged/, () => flip(path, 8 * (20 + 20 + 16) * 3 - 1)],
      [/its index is damaged/, () => flip(path, whole.length - 100)],
      [/it does not end with/, () => Deno.truncateSync(path, whole.length - 9)],
      [/not a plain file/, () => {
        Deno.renameSync(path, target);
        Deno.symlinkSync(target, path);
      }],
    ];
    for (const [reason, damage] of damages) {
      damage();
      const lines: string[] = [];
      const cache = await openPixelCache({ ...options, log: (line) => lines.push(line) });
      for (const [path, picture] of Object.entries(PICTURES)) {
        assert.deepEqual(read(cache, path), beginResize(picture, 8));
      }
      cache.close();
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, reason);
      assert.match(lines[0]!, /; the pictures are decoded again$/);
      assert.deepEqual(await Deno.readFile(path), whole);
    }
    assert.deepEqual(await Deno.readFile(target), whole, "the link's target is left alone");
  }));

function flip(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  bytes[at]! ^= 1;
  Deno.writeFileSync(path, bytes);
}
