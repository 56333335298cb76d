import assert from "node:assert/strict";
import {
  checksumOf,
  encodeIndex,
  type PixelEntry,
  PixelFile,
  type PixelIndex,
} from "../../src/data/pixel_file.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const PIXELS = Uint8Array.from({ length: 2 * 4 * 3 + 4 * 1 * 3 }, (_, i) => i);
const INDEX: PixelIndex = {
  size: 4,
  pictures: [
    {
      path: "wide.png",
      bytes: 10,
      modified: 1,
      width: 9,
      height: 2,
      checksum: checksumOf(PIXELS.subarray(0, 24)),
    },
    {
      path: "tall.png",
      bytes: 20,
      modified: null,
      width: 1,
      height: 3,
      checksum: checksumOf(PIXELS.subarray(24)),
    },
  ],
};

function withFile(bytes: readonly number[], test: (path: string) => void): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    await Deno.writeFile(`${folder}/pixels`, Uint8Array.from(bytes));
    test(`${folder}/pixels`);
  });
}

Deno.test("PixelFile reads pictures by their positions", () =>
  withFile([...PIXELS, ...encodeIndex(INDEX)], (path) => {
    const file = new PixelFile(path);
    assert.equal(file.size, 4);
    assert.deepEqual(file.entries, INDEX.pictures);
    const tall = file.read(file.positionOf("tall.png"));
    assert.deepEqual(tall, { pixels: PIXELS.slice(24), width: 1, height: 3, size: 4, crop: false });
    const wide = file.read(file.positionOf("wide.png"));
    assert.deepEqual(wide, {
      pixels: PIXELS.slice(0, 24),
      width: 9,
      height: 2,
      size: 4,
      crop: false,
    });
    file.close();
  }));

Deno.test("files of the same pictures have the same id, others another", () =>
  withFile([], (path) => {
    const other = { ...INDEX, pictures: INDEX.pictures.slice(1) };
    const idOf = (index: PixelIndex, pixels: Uint8Array) => {
      Deno.writeFileSync(path, Uint8Array.from([...pixels, ...encodeIndex(index)]));
      const file = new PixelFile(path);
      file.close();
      return file.id;
    };
    assert.equal(idOf(INDEX, PIXELS), idOf(structuredClone(INDEX), PIXELS));
    assert.notEqual(idOf(INDEX, PIXELS), idOf(other, PIXELS.subarray(24)));
  }));

Deno.test("PixelFile says what is wrong with a file that is not complete", () =>
  withFile([0, 0, 0], (path) => {
    const [first, second] = INDEX.pictures as [PixelEntry, PixelEntry];
    const end = encodeIndex(INDEX);
    const whole = Uint8Array.from([...PIXELS, ...end]);
    const swap = (at: number, value: number) => end.map((byte, i) => i === at ? value : byte);
    const withFirst = (changes: Partial<PixelEntry>) =>
      encodeIndex({ ...INDEX, pictures: [{ ...first, ...changes }, second] });
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(3), /it is too short; delete it/],
      [end.subarray(0, end.length - 1), /does not end with PIXELS04/],
      [swap(end.length - 13, 1), /its index is longer than the file/],
      [swap(0, 0), /its index is damaged/],
      [encodeIndex({ ...INDEX, size: -1 }), /its index is not valid/],
      [withFirst({ width: 1e9 }), /its index is not valid: .*/],
      [withFirst({ height: -1 }), /its index is not valid/],
      [end, /it holds 0 bytes of pixels instead of the 36 of its index/],
      [whole.subarray(1), /it holds 35 bytes of pixels instead of the 36 of its index/],
    ];
    for (const [bytes, message] of cases) {
      Deno.writeFileSync(path, bytes);
      assert.throws(() => new PixelFile(path), message);
    }
    Deno.removeSync(path);
    assert.throws(() => new PixelFile(path), /cannot be opened/);
    Deno.symlinkSync("/dev/zero", path);
    assert.throws(() => new PixelFile(path), /not a plain file/);
  }));

Deno.test("no pixel of a pixel file can change without a word", () =>
  withFile([], (path) => {
    const whole = Uint8Array.from([...PIXELS, ...encodeIndex(INDEX)]);
    for (let at = 0; at < whole.length; at++) {
      Deno.writeFileSync(path, whole.map((byte, i) => i === at ? byte ^ 1 : byte));
      assert.throws(() => {
        const file = new PixelFile(path);
        try {
          INDEX.pictures.forEach((_, position) => file.read(position));
        } finally {
          file.close();
        }
      }, { name: "DamagedPixels" });
    }
  }));
