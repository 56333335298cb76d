import assert from "node:assert/strict";
import sharp from "sharp";
import { decodeImage } from "../../src/data/decode.ts";
import { tilesAsStrips } from "../../src/data/tiff_tiles.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";
import { patternedPicture } from "./pictures.ts";

const { pixels, width, height } = patternedPicture(70, 50);
const picture = () => sharp(pixels, { raw: { width, height, channels: 3 } });

const TILE_LENGTHS = 325;

for (const compression of ["none", "lzw", "deflate"] as const) {
  for (const bigtiff of [false, true]) {
    const name = `${bigtiff ? "BigTIFF" : "TIFF"}, compression ${compression}`;
    Deno.test(`a tiled ${name}, is decoded if all tiles are there, and refused if one is not`, () =>
      inTemporaryFolder(async (folder) => {
        const tiles = { tile: true, tileWidth: 16, tileHeight: 32 };
        const file = await picture().tiff({ ...tiles, compression, bigtiff }).toBuffer();
        const path = `${folder}/tiles.tif`;
        await Deno.writeFile(path, file);
        assert.deepEqual((await decodeImage(path)).pixels, pixels);
        for (const tile of [0, 4, 9]) {
          await Deno.writeFile(path, withoutTile(file, tile));
          await assert.rejects(decodeImage(path), /tiles\.tif: a damaged TIFF file \(/, `${tile}`);
        }
      }));
  }
}

Deno.test("a TIFF without tiles is left as it is", async () => {
  assert.equal(tilesAsStrips(await picture().tiff().toBuffer()), undefined);
});

/** A file that says of one tile that it has no bytes. */
function withoutTile(tiff: Uint8Array, tile: number): Uint8Array {
  const file = Uint8Array.from(tiff);
  const view = new DataView(file.buffer);
  const isBig = view.getUint16(2, true) === 43;
  const [pointer, counter] = isBig ? [8, 8] : [4, 2];
  const read = (at: number) =>
    isBig ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  let field = read(isBig ? 8 : 4) + counter;
  while (view.getUint16(field, true) !== TILE_LENGTHS) field += 4 + 2 * pointer;
  const bytesEach = { 3: 2, 4: 4, 16: 8 }[view.getUint16(field + 2, true)]!;
  const at = read(field + 4 + pointer) + tile * bytesEach;
  return file.fill(0, at, at + bytesEach);
}
