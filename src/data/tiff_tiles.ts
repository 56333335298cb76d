/**
 * Tiled TIFF files. libvips silently shows a missing or damaged tile as black, but reports a bad
 * strip; tiles and strips are stored alike. Pure.
 *
 * @module
 */

/** The fields of tiles, and the corresponding fields of strips. */
const TILE_OFFSETS = 324;
const TILE_HEIGHT = 323;
const OF_STRIPS = new Map([
  [322, 256], // the tiles' width becomes the picture's
  [TILE_HEIGHT, 278],
  [TILE_OFFSETS, 273],
  [325, 279], // their lengths in bytes
]);

const HEIGHT = 257;

/** Types of numbers. */
const SHORT = 3;
const LONG = 4;

/**
 * The place of the first page's address in the file, and the lengths of counts and pointers, in
 * bytes.
 */
const CLASSIC = { page: 4, counter: 2, pointer: 4 };
const BIG = { page: 8, counter: 8, pointer: 8 };

/**
 * A copy of a tiled TIFF file that presents the tiles of its first page as strips of a picture as
 * wide as one tile: it can be decoded only if every tile can. `undefined` if that page has no
 * tiles.
 *
 * @throws {RangeError} if the file ends before its first page does
 */
export function tilesAsStrips(tiff: Uint8Array): Uint8Array | undefined {
  const file = Uint8Array.from(tiff);
  const view = new DataView(file.buffer);
  const little = file[0] === "I".charCodeAt(0);
  const read = (at: number, bytes: number) => {
    if (bytes === 8) return Number(view.getBigUint64(at, little));
    return bytes === 4 ? view.getUint32(at, little) : view.getUint16(at, little);
  };
  const { page, counter, pointer } = read(2, 2) === 43 ? BIG : CLASSIC;
  const start = read(page, pointer);
  const first = start + counter;
  // A field is its tag, its type, the count of its values, and the values or their address.
  const [typeAt, countAt, valueAt, length] = [2, 4, 4 + pointer, 4 + 2 * pointer];
  const places = new Map<number, number>();
  for (let at = first; at < first + read(start, counter) * length; at += length) {
    places.set(read(at, 2), at);
  }
  const [offsets, rows, height] = [TILE_OFFSETS, TILE_HEIGHT, HEIGHT].map((tag) => places.get(tag));
  if (offsets === undefined || rows === undefined || height === undefined) return undefined;
  const tileHeight = read(rows + valueAt, read(rows + typeAt, 2) === SHORT ? 2 : 4);
  view.setUint16(height + typeAt, LONG, little);
  view.setUint32(height + valueAt, read(offsets + countAt, pointer) * tileHeight, little);
  const replaced = [...OF_STRIPS.values()];
  const fields = [...places].filter(([tag]) => !replaced.includes(tag))
    .map(([tag, at]) => ({ tag: OF_STRIPS.get(tag) ?? tag, bytes: file.slice(at, at + length) }))
    .sort((a, b) => a.tag - b.tag);
  fields.forEach(({ tag, bytes }, i) => {
    file.set(bytes, first + i * length);
    view.setUint16(first + i * length, tag, little);
  });
  if (counter === 8) view.setBigUint64(start, BigInt(fields.length), little);
  else view.setUint16(start, fields.length, little);
  const end = first + fields.length * length;
  return file.fill(0, end, end + pointer); // where the next page would be
}
