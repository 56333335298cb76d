import assert from "node:assert/strict";
import { encodeIndex, PixelFile, type PixelIndex } from "../../src/data/pixel_file.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const PIXELS = Uint8Array.from({ length: 2 * 4 * 3 + 4 * 1 * 3 }, (_, i) => i);
const INDEX: PixelIndex = {
  size: 4,
  pictures: [
    { path: "wide.png", bytes: 10, modified: 1, width: 9, height: 2, offset: 0 },
    { path: "tall.png", bytes: 20, modified: null, width: 1, height: 3, offset: 24 },
  ],
};

function withFile(bytes: readonly number[], test: (path: string) => void): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    await Deno.writeFile(`${folder}/pixels`, Uint8Array.from(bytes));
    test(`${folder}/pixels`);
  });
}

Deno.test("PixelFile reads pictures by their offsets", () =>
  withFile([...PIXELS, ...encodeIndex(INDEX)], (path) => {
    const file = new PixelFile(path);
    assert.equal(file.size, 4);
    assert.deepEqual(file.entries, INDEX.pictures);
    const tall = file.read(file.positionOf("tall.png"));
    assert.deepEqual(tall, { pixels: PIXELS.slice(24), width: 1, height: 3, size: 4 });
    const wide = file.read(file.positionOf("wide.png"));
    assert.deepEqual(wide, { pixels: PIXELS.slice(0, 24), width: 9, height: 2, size: 4 });
    file.close();
  }));

Deno.test("files of the same pictures have the same id, others another", () =>
  withFile([...PIXELS, ...encodeIndex(INDEX)], (path) => {
    const other = { ...INDEX, pictures: INDEX.pictures.slice(1) };
    const idOf = (index: PixelIndex) => {
      Deno.writeFileSync(path, encodeIndex(index));
      const file = new PixelFile(path);
      file.close();
      return file.id;
    };
    assert.equal(idOf(INDEX), idOf(structuredClone(INDEX)));
    assert.notEqual(idOf(INDEX), idOf(other));
  }));

Deno.test("PixelFile says what is wrong with a file that is not complete", () =>
  withFile([0, 0, 0], (path) => {
    const end = encodeIndex(INDEX);
    const swap = (at: number, value: number) => end.map((byte, i) => i === at ? value : byte);
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(3), /it is too short; delete it/],
      [end.subarray(0, end.length - 1), /does not end with PIXELS02/],
      [swap(end.length - 13, 1), /its index is longer than the file/],
      [swap(0, 0), /its index is not valid/],
      [encodeIndex({ ...INDEX, size: -1 }), /its index is not valid/],
    ];
    for (const [bytes, message] of cases) {
      Deno.writeFileSync(path, bytes);
      assert.throws(() => new PixelFile(path), message);
    }
    Deno.removeSync(path);
    assert.throws(() => new PixelFile(path), /cannot be opened/);
  }));

Deno.test("PixelFile says that pixels are missing", () =>
  withFile([], (path) => {
    const pictures = [{ ...INDEX.pictures[0]!, offset: 10_000 }];
    Deno.writeFileSync(path, encodeIndex({ ...INDEX, pictures }));
    const file = new PixelFile(path);
    assert.throws(() => file.read(0), /it ends before byte 10024/);
    file.close();
  }));
