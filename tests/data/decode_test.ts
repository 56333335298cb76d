import assert from "node:assert/strict";
import sharp, { type Color, type Sharp } from "sharp";
import { decodeImage } from "../../src/data/decode.ts";
import { INK_SIDE, inkJpeg, inkTiff, unmarkedInkJpeg } from "./ink_pictures.ts";
import { patternedPicture } from "./pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const RED = { r: 255, g: 0, b: 0 };

function solid(width: number, height: number, background: Color, channels: 3 | 4 = 3) {
  return sharp({ create: { width, height, channels, background } });
}

function decodes(
  name: string,
  picture: () => Sharp,
  expected: { width: number; height: number; pixel: [number, number, number]; tolerance?: number },
): void {
  Deno.test(`decodeImage() decodes ${name}`, () =>
    inTemporaryFolder(async (folder) => {
      const path = `${folder}/picture`;
      Deno.writeFileSync(path, await picture().toBuffer());
      const { pixels, width, height } = await decodeImage(path);
      assert.deepEqual([width, height], [expected.width, expected.height]);
      assert.equal(pixels.length, width * height * 3);
      for (const [i, value] of expected.pixel.entries()) {
        assert.ok(Math.abs(pixels[i]! - value) <= (expected.tolerance ?? 0), `${pixels[i]}`);
      }
    }));
}

decodes("a colour JPEG at full size", () => solid(301, 200, RED).jpeg(), {
  width: 301,
  height: 200,
  pixel: [254, 0, 0],
  tolerance: 2,
});
decodes(
  "a grayscale JPEG to three equal channels",
  () => solid(8, 6, { r: 90, g: 90, b: 90 }).toColourspace("b-w").jpeg(),
  { width: 8, height: 6, pixel: [90, 90, 90], tolerance: 1 },
);
decodes("transparency as white", () => solid(5, 4, { ...RED, alpha: 0 }, 4).png(), {
  width: 5,
  height: 4,
  pixel: [255, 255, 255],
});
decodes(
  "grayscale with transparency",
  () => solid(5, 4, { r: 0, g: 0, b: 0, alpha: 0 }, 4).toColourspace("b-w").png(),
  { width: 5, height: 4, pixel: [255, 255, 255] },
);
decodes("a PNG of 16 bits per channel", () => solid(5, 4, RED).toColourspace("rgb16").png(), {
  width: 5,
  height: 4,
  pixel: [255, 0, 0],
});
decodes("a PNG with a palette", () => solid(5, 4, RED).png({ palette: true }), {
  width: 5,
  height: 4,
  pixel: [255, 0, 0],
});
decodes("a WebP", () => solid(5, 4, RED).webp({ lossless: true }), {
  width: 5,
  height: 4,
  pixel: [255, 0, 0],
});
decodes("a TIFF", () => solid(5, 4, RED).tiff({ compression: "lzw" }), {
  width: 5,
  height: 4,
  pixel: [255, 0, 0],
});
decodes(
  "a TIFF of 16 bits per channel",
  () => solid(5, 4, RED).toColourspace("rgb16").tiff({ compression: "lzw" }),
  {
    width: 5,
    height: 4,
    pixel: [255, 0, 0],
  },
);
decodes("a TIFF of one bit per pixel", () => solid(8, 8, "white").tiff({ bitdepth: 1 }), {
  width: 8,
  height: 8,
  pixel: [255, 255, 255],
});
decodes("a grayscale PNG of 16 bits", () => solid(5, 4, "white").toColourspace("grey16").png(), {
  width: 5,
  height: 4,
  pixel: [255, 255, 255],
});
decodes(
  "half transparency of 16 bits per channel as half white",
  () => solid(5, 4, { ...RED, alpha: 0.5 }, 4).toColourspace("rgb16").png(),
  { width: 5, height: 4, pixel: [255, 127, 127], tolerance: 2 },
);
decodes("a GIF with transparency", () => solid(5, 4, { ...RED, alpha: 0 }, 4).gif(), {
  width: 5,
  height: 4,
  pixel: [255, 255, 255],
});
decodes(
  "the first frame of a moving GIF",
  () => {
    const frames = new Uint8Array(2 * 5 * 4 * 3).fill(255, 0, 5 * 4 * 3);
    return sharp(frames, { raw: { width: 5, height: 8, channels: 3, pageHeight: 4 } }).gif();
  },
  { width: 5, height: 4, pixel: [255, 255, 255] },
);
for (const format of ["jpeg", "png", "webp", "tiff"] as const) {
  decodes(
    `a ${format} upright that its EXIF tag says to turn`,
    () => solid(9, 4, RED).withMetadata({ orientation: 6 }).toFormat(format),
    { width: 4, height: 9, pixel: [254, 0, 0], tolerance: 2 },
  );
}

Deno.test("decodeImage() turns the picture itself, not only its sides", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/turned.png`;
    const pixels = new Uint8Array([255, 0, 0, 0, 0, 255]);
    await sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 8 }).toFile(path);
    const { pixels: upright } = await decodeImage(path);
    assert.deepEqual([...upright], [0, 0, 255, 255, 0, 0], "turned left: blue on top");
  }));

Deno.test("decodeImage() leaves the pixels of a PNG as they are", () =>
  inTemporaryFolder(async (folder) => {
    const { pixels, width, height } = patternedPicture(13, 7);
    await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(`${folder}/a.png`);
    assert.deepEqual((await decodeImage(`${folder}/a.png`)).pixels, pixels);
  }));

Deno.test("decodeImage() names the file and its first bytes if it is no picture", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/page.jpg`;
    Deno.writeTextFileSync(path, "<html>not found</html>");
    await assert.rejects(decodeImage(path), (error: Error) => {
      assert.ok(error.message.startsWith(`${path}: not a JPEG, PNG, WebP, GIF or TIFF picture`));
      assert.match(error.message, /first bytes 3c 68 74 6d\); replace the file or delete it/);
      return true;
    });
  }));

Deno.test("decodeImage() says that a picture is cut short", () =>
  inTemporaryFolder(async (folder) => {
    const { pixels, width, height } = patternedPicture(64, 64);
    const raw = { raw: { width, height, channels: 3 as const } };
    for (const format of ["jpeg", "png", "webp", "gif", "tiff"] as const) {
      const bytes = await sharp(pixels, raw).toFormat(format).toBuffer();
      const path = `${folder}/cut.${format}`;
      Deno.writeFileSync(path, bytes.subarray(0, bytes.length / 2));
      await assert.rejects(
        decodeImage(path),
        /cut\.\w+: a damaged (JPEG|PNG|WebP|GIF|TIFF) file/,
        format,
      );
    }
  }));

Deno.test("decodeImage() says that a file is empty, missing or a folder", () =>
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/empty.jpg`, "");
    await assert.rejects(decodeImage(`${folder}/empty.jpg`), /empty\.jpg: the file is empty/);
    await assert.rejects(decodeImage(`${folder}/none.jpg`), /none\.jpg: no such file/);
    await assert.rejects(decodeImage(folder), /: not a plain file;/);
  }));

for (const format of ["png", "tiff"] as const) {
  Deno.test(`decodeImage() refuses a ${format} of 100 megapixels before it is decoded`, () =>
    inTemporaryFolder(async (folder) => {
      const path = `${folder}/huge`;
      Deno.writeFileSync(path, await solid(10_000, 10_000, RED).toFormat(format).toBuffer());
      await assert.rejects(decodeImage(path), (error: Error) => {
        assert.equal(
          error.message,
          `${path}: 10000x10000 pixels are more than 64 million; replace the file or delete it`,
        );
        return true;
      });
    }));
}

Deno.test("decodeImage() goes by a file's bytes, not by its name", () =>
  inTemporaryFolder(async (folder) => {
    const [gif, svg] = [`${folder}/gif.jpg`, `${folder}/svg.png`];
    Deno.writeFileSync(gif, await solid(5, 4, RED).gif().toBuffer());
    assert.equal((await decodeImage(gif)).width, 5);
    Deno.writeTextFileSync(svg, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await assert.rejects(decodeImage(svg), /svg\.png: not a JPEG, .*first bytes 3c 73 76 67/);
  }));

/** Cyan, magenta, yellow and black, and what Pillow makes of them. */
const INKS: [inks: number[], rgb: number[]][] = [
  [[0, 255, 255, 0], [255, 0, 0]],
  [[255, 0, 0, 0], [0, 255, 255]],
  [[0, 0, 0, 255], [0, 0, 0]],
  [[10, 200, 30, 60], [187, 42, 172]],
  [[128, 128, 128, 128], [63, 63, 63]],
  [[0, 0, 0, 0], [255, 255, 255]],
];

const INK_FILES = {
  "a JPEG": inkJpeg,
  "a JPEG without Adobe's marker": unmarkedInkJpeg,
  "a TIFF": inkTiff,
  "a TIFF of 16 bits": (inks: readonly number[]) => inkTiff(inks, 16),
};

for (const [name, file] of Object.entries(INK_FILES)) {
  Deno.test(`decodeImage() decodes the inks of ${name} as Pillow does`, () =>
    inTemporaryFolder(async (folder) => {
      for (const [inks, rgb] of INKS) {
        const path = `${folder}/inks`;
        await Deno.writeFile(path, await file(inks));
        const { pixels } = await decodeImage(path);
        assert.equal(pixels.length, INK_SIDE ** 2 * 3);
        pixels.forEach((value, i) => {
          assert.ok(Math.abs(value - rgb[i % 3]!) <= 1, `${inks} as ${pixels.subarray(0, 3)}`);
        });
      }
    }));
}
