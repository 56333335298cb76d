/**
 * The browser's pictures as 8-bit RGB pixels.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Picture } from "../../data/resize.ts";

/** A source of pictures: a file, or anything that a canvas can draw. */
export type PictureSource =
  | Blob
  | ImageData
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | HTMLImageElement
  | HTMLVideoElement;

/** The largest accepted picture, in pixels; the same as in `data/decode.ts`. */
const MAX_PIXELS = 64e6;

/**
 * Decodes a file in the orientation of its EXIF tag and without colour profiles, like the training
 * pictures.
 *
 * @throws {Error} if the browser cannot decode it
 */
export async function decoded(source: PictureSource): Promise<ImageBitmap> {
  return await createImageBitmap(source, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
  });
}

/**
 * The pixels of a decoded picture or of a video's frame, transparency on white.
 *
 * @throws {RangeError} if it has none, or too many
 */
export function pixelsOf(
  source: ImageBitmap | HTMLVideoElement,
  width: number,
  height: number,
): Picture {
  if (!(width * height > 0 && width * height <= MAX_PIXELS)) {
    throw new RangeError(
      `${width}x${height} pixels are none, or more than ${MAX_PIXELS / 1e6} million`,
    );
  }
  const context = contextOf(width, height);
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + 1]!;
    pixels[to + 2] = data[from + 2]!;
  }
  return { pixels, width, height };
}

let reused: CanvasRenderingContext2D | undefined;

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  // Keeps the canvas in main memory, because its pixels are read.
  reused ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const { canvas } = reused;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  return reused;
}
