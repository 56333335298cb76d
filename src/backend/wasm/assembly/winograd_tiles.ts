import { FLOAT, pieces } from "./layout";
import { dyLines, PAIR, patchLines, resultLines } from "./winograd_lines";

/** Side of a tile of results (or of dy), of the patch of pixels it needs, and products per tile. */
export const RESULTS: i32 = 4;
export const PATCH: i32 = 6;
export const PRODUCTS: i32 = 36;
/** Bytes between the planes of one product, which keep their lines in different cache sets. */
export const PLANE_GAP: usize = 64;

/** Tiles of one picture. */
// @ts-ignore: decorator
@inline
export function tilesOf(height: i32, width: i32): i32 {
  return pieces(height, RESULTS) * pieces(width, RESULTS);
}

/** Bytes of working memory of the transforms, where tiles stick out of their picture. */
// @ts-ignore: decorator
@inline
export function copyBytes(channels: i32): usize {
  return <usize>(PRODUCTS * channels) * FLOAT;
}

/**
 * Bt d B: the patch of pixels around a tile, into one row of each of the 36 planes.
 *
 * @param source [images, height, width, channels]
 * @param index of the tile, over all images
 * @param target the row in the first plane
 * @param copy working memory of `copyBytes`
 */
export function transformPatch(
  source: usize,
  height: i32,
  width: i32,
  channels: i32,
  index: i32,
  target: usize,
  planeBytes: usize,
  copy: usize,
): void {
  const pixelBytes = <usize>channels * FLOAT;
  const patch = squareAt(source, height, width, pixelBytes, index, PATCH, copy);
  const rowBytes = <usize>(patch == copy ? PATCH : width) * pixelBytes;
  const count = <i32>(pixelBytes / PAIR);
  for (let column: usize = 0; column < 6; column++) {
    patchLines(
      count, patch + column * pixelBytes, rowBytes, target + column * planeBytes, 6 * planeBytes);
  }
  for (let row: usize = 0; row < 6; row++) {
    const line = target + 6 * row * planeBytes;
    patchLines(count, line, planeBytes, line, planeBytes);
  }
}

/**
 * The same for a tile of dy, for the channels from byte `first` to byte `last` of its pixels;
 * without its factors, see {@linkcode dyLines}.
 */
export function transformDy(
  dy: usize,
  height: i32,
  width: i32,
  channels: i32,
  index: i32,
  first: usize,
  last: usize,
  target: usize,
  planeBytes: usize,
  copy: usize,
): void {
  const pixelBytes = <usize>channels * FLOAT;
  const tile = squareAt(dy, height, width, pixelBytes, index, RESULTS, copy);
  const rowBytes = <usize>(tile == copy ? RESULTS : width) * pixelBytes;
  const count = <i32>((last - first) / PAIR);
  for (let column: usize = 0; column < 4; column++) {
    dyLines(
      count, tile + first + column * pixelBytes, rowBytes, target + column * planeBytes,
      6 * planeBytes);
  }
  for (let row: usize = 0; row < 6; row++) {
    const line = target + 6 * row * planeBytes;
    dyLines(count, line, planeBytes, line, planeBytes);
  }
}

/**
 * At m A: the results of a tile, from one row of each of the 36 planes, which it overwrites.
 *
 * @param target [images, height, width, channels]
 * @param first byte of the channel that the planes begin with
 * @param last byte of the channel that they end before
 * @param copy working memory of `copyBytes`
 */
export function transformProducts(
  target: usize,
  height: i32,
  width: i32,
  channels: i32,
  index: i32,
  first: usize,
  last: usize,
  source: usize,
  planeBytes: usize,
  copy: usize,
): void {
  const tilesAcross = pieces(width, RESULTS);
  const tilesPerImage = pieces(height, RESULTS) * tilesAcross;
  const image = index / tilesPerImage;
  const top = index % tilesPerImage / tilesAcross * RESULTS;
  const left = index % tilesAcross * RESULTS;
  const rows = min(RESULTS, height - top);
  const columns = min(RESULTS, width - left);
  const pixelBytes = <usize>channels * FLOAT;
  const count = <i32>((last - first) / PAIR);
  for (let column: usize = 0; column < 6; column++) {
    const line = source + column * planeBytes;
    resultLines(count, line, 6 * planeBytes, line, 6 * planeBytes);
  }
  let to = target + <usize>((image * height + top) * width + left) * pixelBytes + first;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const line = source + 6 * row * planeBytes;
    const isWhole = columns == RESULTS;
    resultLines(count, line, planeBytes, isWhole ? to : copy, pixelBytes);
    for (let column: usize = 0; !isWhole && column < <usize>columns; column++) {
      memory.copy(to + column * pixelBytes, copy + column * pixelBytes, last - first);
    }
    to += <usize>width * pixelBytes;
  }
}

/**
 * The address of the square of pixels around a tile: a patch begins one pixel above and left of it.
 * A square that sticks out of its picture is copied, with zeros outside.
 */
function squareAt(
  source: usize,
  height: i32,
  width: i32,
  pixelBytes: usize,
  index: i32,
  side: i32,
  copy: usize,
): usize {
  const tilesAcross = pieces(width, RESULTS);
  const tilesPerImage = pieces(height, RESULTS) * tilesAcross;
  const margin = (side - RESULTS) / 2;
  const image = index / tilesPerImage;
  const top = index % tilesPerImage / tilesAcross * RESULTS - margin;
  const left = index % tilesAcross * RESULTS - margin;
  if (top >= 0 && left >= 0 && top + side <= height && left + side <= width) {
    return source + <usize>((image * height + top) * width + left) * pixelBytes;
  }
  memory.fill(copy, 0, <usize>(side * side) * pixelBytes);
  const firstColumn = max(0, -left);
  const columns = min(side, width - left) - firstColumn;
  for (let row = max(0, -top); row < min(side, height - top); row++) {
    memory.copy(
      copy + <usize>(row * side + firstColumn) * pixelBytes,
      source + <usize>((image * height + top + row) * width + left + firstColumn) * pixelBytes,
      <usize>columns * pixelBytes,
    );
  }
  return copy;
}
