/**
 * Squaring and resizing pictures as the article's pipeline did: reflection padding to a square of
 * the long side, then Pillow's antialiased bilinear filter; or cropping to a square of the short
 * side, then the same filter. Pure typed-array code on 8-bit RGB pixels, [height, width, 3].
 *
 * Pictures can be resized in two halves: {@linkcode beginResize} once, when a picture enters the
 * cache, and {@linkcode finishResize} whenever a batch needs it with another offset. Squaring only
 * touches one axis, and a separable filter treats the axes independently, so the two halves give
 * the result of {@linkcode padAndResize}, up to rounding between the passes.
 *
 * @module
 */
import { reflect } from "./augment.ts";

const CHANNELS = 3;

/**
 * The largest picture that is decoded, in pixels: larger than those of most cameras, small enough
 * that a few decoded at once do not fill the memory.
 */
export const MAX_PIXELS = 64e6;

/** An 8-bit RGB picture. */
export interface Picture {
  /** [height, width, 3] */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture with one axis already resized; see {@linkcode beginResize}. */
export interface HalfResizedPicture {
  /** [height, size, 3] if the horizontal axis is resized, else [size, width, 3]. */
  readonly pixels: Uint8Array;
  /** Width before resizing, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly size: number;
  /**
   * Whether it is cropped to a square of its short side instead of padded to one of its long side.
   */
  readonly crop?: boolean | undefined;
}

/**
 * Pads a picture to a square by reflection and resizes the square.
 *
 * The edge pixel is not repeated (`dcb|abcd|cba`); padding wider than the picture reflects again.
 * The horizontal pass comes first and is rounded to 8 bits before the vertical one, as in Pillow.
 *
 * @param size side of the result in pixels
 * @param padFraction for x and y, in [0, 1]: the fraction of the missing pixels on the left and top
 * sides, rounded down to whole pixels
 * @returns [size, size, 3]
 * @throws {RangeError} if sides, size or fractions are out of range, or do not fit the pixels
 */
export function padAndResize(
  picture: Picture,
  size: number,
  padFraction: readonly [x: number, y: number],
): Uint8Array {
  requireFit(picture, size);
  const { width, height, pixels } = picture;
  const side = Math.max(width, height);
  const horizontal = triangleFilter(width, side, padFraction[0], size);
  const vertical = triangleFilter(height, side, padFraction[1], size);
  return resampleRows(resampleColumns(pixels, width, horizontal), size, vertical);
}

/**
 * Resizes the axis of a picture that squaring does not touch: the long one for padding, the short
 * one for cropping, the horizontal one of a square.
 *
 * A picture to be cropped that is more than twice as long as it is wide is first cut to its middle:
 * objects are usually there, and a long strip of pixels takes little room in a cache.
 *
 * @param crop whether the picture is cropped to a square instead of padded
 * @throws {RangeError} if sides or size are out of range or do not fit the pixels
 */
export function beginResize(picture: Picture, size: number, crop = false): HalfResizedPicture {
  requireFit(picture, size);
  const { width, height, pixels } = crop ? middleOf(picture) : picture;
  const side = crop ? Math.min(width, height) : Math.max(width, height);
  const filter = triangleFilter(side, side, 0, size);
  const resample = width === side ? resampleColumns : resampleRows;
  return { pixels: resample(pixels, width, filter), width, height, size, crop };
}

/**
 * Completes a resize that {@linkcode beginResize} began.
 *
 * @param fractionBefore in [0, 1]: the fraction of the padded, or cropped, pixels on the left or
 * top side; rounded down to whole pixels
 * @returns [size, size, 3]
 * @throws {RangeError} if the fraction is out of range or the sides do not fit the pixels
 */
export function finishResize(picture: HalfResizedPicture, fractionBefore: number): Uint8Array {
  const { width, height, size, crop = false, pixels } = picture;
  if (pixels.length !== halfResizedBytes(picture)) {
    throw new RangeError(
      `${pixels.length} bytes are not a picture of ${width}x${height} pixels with one axis ` +
        `resized to ${size}`,
    );
  }
  const side = crop ? Math.min(width, height) : Math.max(width, height);
  return width === side
    ? resampleRows(pixels, size, triangleFilter(height, side, fractionBefore, size))
    : resampleColumns(pixels, width, triangleFilter(width, side, fractionBefore, size));
}

/** The number of bytes of a half-resized picture. */
export function halfResizedBytes(
  { width, height, size, crop = false }: Omit<HalfResizedPicture, "pixels">,
): number {
  return (crop ? Math.max(width, height) : Math.min(width, height)) * size * CHANNELS;
}

/** The middle of a picture, at most twice as long as it is wide. */
function middleOf(picture: Picture): Picture {
  const { width, height, pixels } = picture;
  const [columns, rows] = [Math.min(width, 2 * height), Math.min(height, 2 * width)];
  if (columns === width && rows === height) return picture;
  const left = Math.floor((width - columns) / 2);
  const top = Math.floor((height - rows) / 2);
  const middle = new Uint8Array(columns * rows * CHANNELS);
  for (let row = 0; row < rows; row++) {
    const start = ((top + row) * width + left) * CHANNELS;
    middle.set(pixels.subarray(start, start + columns * CHANNELS), row * columns * CHANNELS);
  }
  return { pixels: middle, width: columns, height: rows };
}

/** The weights that sum pixels of the axis before padding to pixels of the resized axis. */
interface AxisFilter {
  /** Length of the axis afterwards. */
  readonly outputLength: number;
  /**
   * The index of each output pixel's first entry in `sources` and `weights`, and their length at
   * the end.
   */
  readonly starts: Int32Array;
  /** Positions on the axis before squaring. */
  readonly sources: Int32Array;
  /** Weights in units of 1 / 2^WEIGHT_BITS. */
  readonly weights: Int32Array;
}

/** Pillow's fixed-point precision for 8-bit pixels: 32 bits less 8 for the pixel and 2 to spare. */
const WEIGHT_BITS = 22;

/**
 * Pillow's BILINEAR: a triangle around the centre of each output pixel, as wide as two output
 * pixels when shrinking and two input pixels when enlarging.
 *
 * Source: `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's `Resample.c`.
 */
function triangleFilter(
  length: number,
  squaredLength: number,
  fractionBefore: number,
  outputLength: number,
): AxisFilter {
  if (!(fractionBefore >= 0 && fractionBefore <= 1)) {
    throw new RangeError(`fraction ${fractionBefore} is not between 0 and 1`);
  }
  // Negative where pixels are cropped.
  const before = Math.trunc(fractionBefore * (squaredLength - length));
  const scale = squaredLength / outputLength;
  const support = Math.max(scale, 1);
  const capacity = outputLength * (Math.ceil(support) * 2 + 1);
  const starts = new Int32Array(outputLength + 1);
  const sources = new Int32Array(capacity);
  const weights = new Int32Array(capacity);
  let used = 0;
  for (let i = 0; i < outputLength; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(squaredLength, Math.floor(centre + support + 0.5));
    let total = 0;
    for (let k = first; k < end; k++) total += triangle((k - centre + 0.5) / support);
    for (let k = first; k < end; k++) {
      const weight = triangle((k - centre + 0.5) / support) / total;
      sources[used] = reflect(k - before, length - 1);
      weights[used] = Math.floor(0.5 + weight * 2 ** WEIGHT_BITS);
      used++;
    }
    starts[i + 1] = used;
  }
  return { outputLength, starts, sources, weights };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Filters along x: [height, width, 3] to [height, filter.outputLength, 3]. */
function resampleColumns(pixels: Uint8Array, width: number, filter: AxisFilter): Uint8Array {
  const { outputLength, starts, sources, weights } = filter;
  const height = pixels.length / (width * CHANNELS);
  const out = new Uint8Array(height * outputLength * CHANNELS);
  let target = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width * CHANNELS;
    for (let x = 0; x < outputLength; x++) {
      const end = starts[x + 1]!;
      let red = ROUNDING, green = ROUNDING, blue = ROUNDING;
      for (let k = starts[x]!; k < end; k++) {
        const source = row + sources[k]! * CHANNELS;
        const weight = weights[k]!;
        red += weight * pixels[source]!;
        green += weight * pixels[source + 1]!;
        blue += weight * pixels[source + 2]!;
      }
      out[target] = red >> WEIGHT_BITS;
      out[target + 1] = green >> WEIGHT_BITS;
      out[target + 2] = blue >> WEIGHT_BITS;
      target += CHANNELS;
    }
  }
  return out;
}

/** Filters along y: [any height, width, 3] to [filter.outputLength, width, 3]. */
function resampleRows(pixels: Uint8Array, width: number, filter: AxisFilter): Uint8Array {
  const { outputLength, starts, sources, weights } = filter;
  const stride = width * CHANNELS;
  const out = new Uint8Array(outputLength * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outputLength; y++) {
    sums.fill(ROUNDING);
    const end = starts[y + 1]!;
    for (let k = starts[y]!; k < end; k++) {
      const source = sources[k]! * stride;
      const weight = weights[k]!;
      for (let i = 0; i < stride; i++) sums[i]! += weight * pixels[source + i]!;
    }
    const target = y * stride;
    for (let i = 0; i < stride; i++) out[target + i] = sums[i]! >> WEIGHT_BITS;
  }
  return out;
}

/** One half in the weights' units, so that the shift rounds to the nearest. */
const ROUNDING = 1 << (WEIGHT_BITS - 1);

function requireFit({ pixels, width, height }: Picture, size: number): void {
  const isSide = (length: number) => Number.isInteger(length) && length > 0;
  if (!isSide(width) || !isSide(height) || pixels.length !== width * height * CHANNELS) {
    throw new RangeError(
      `${pixels.length} bytes are not an RGB picture of ${width}x${height} pixels`,
    );
  }
  if (!isSide(size)) throw new RangeError(`size ${size} is not a positive whole number of pixels`);
}
