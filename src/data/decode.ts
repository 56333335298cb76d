/**
 * Decoding picture files.
 *
 * @module
 */
import sharp from "sharp";
import { messageOf } from "../files/error_message.ts";
import { readPlainFile, UnsuitableFile } from "../files/plain_file.ts";
import { inksToRgb } from "./inks.ts";
import { MAX_PIXELS, type Picture } from "./resize.ts";
import { tilesAsStrips } from "./tiff_tiles.ts";

/** The largest file that is read: {@linkcode MAX_PIXELS} pixels of four channels of 16 bits. */
const MAX_BYTES = 8 * MAX_PIXELS;

const STRICT = { failOn: "error", ignoreIcc: true, limitInputPixels: MAX_PIXELS } as const;

/** A file that cannot be used as a picture. */
export class UnusableImage extends Error {
  override name = "UnusableImage";
  /** The fault, for example `the file is empty`. */
  readonly reason: string;

  /** Makes a message of the file's path and the reason. */
  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path}: ${reason}; replace the file or delete it`, { cause });
    this.reason = reason;
  }
}

/**
 * Decodes a JPEG, PNG, WebP, GIF or TIFF file at its full size to 8-bit RGB; from several pages or
 * frames, the first.
 *
 * Grayscale becomes three equal channels, inks (CMYK) the colours of {@linkcode inksToRgb},
 * transparent pixels are laid on white, the EXIF orientation is applied, and colour profiles are
 * ignored, as in Pillow's `convert("RGB")`.
 *
 * @throws {UnusableImage} if the file cannot be read or decoded or has more than
 * {@linkcode MAX_PIXELS}; names the file and what is wrong with it
 */
export async function decodeImage(path: string): Promise<Picture> {
  const bytes = await read(path);
  if (bytes.length === 0) throw new UnusableImage(path, "the file is empty");
  const format = formatOf(bytes);
  if (format === undefined) {
    const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
    const reason = `not a JPEG, PNG, WebP, GIF or TIFF picture (first bytes ${first.join(" ")})`;
    throw new UnusableImage(path, reason);
  }
  try {
    const { space, depth } = await sharp(bytes, STRICT).metadata();
    const picture = await (space === "cmyk" ? decodeInks(bytes, depth) : decodeLight(bytes));
    if (format === "TIFF") await requireAllTiles(bytes);
    return picture;
  } catch (error) {
    throw new UnusableImage(path, await describeProblem(bytes, format, error), error);
  }
}

async function decodeLight(bytes: Uint8Array): Promise<Picture> {
  const { data, info: { width, height } } = await sharp(bytes, STRICT)
    .autoOrient()
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height };
}

/** Decodes inks itself: sharp would convert them with the colour profile of some press. */
async function decodeInks(bytes: Uint8Array, depth: string | undefined): Promise<Picture> {
  const isDeep = depth === "ushort";
  const { data, info: { width, height, channels } } = await sharp(bytes, STRICT)
    .autoOrient()
    .pipelineColourspace("cmyk")
    .toColourspace("cmyk")
    .raw({ depth: isDeep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { buffer, byteOffset, byteLength } = data;
  const samples = isDeep
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
  return { pixels: inksToRgb(samples, channels), width, height };
}

/** @throws {Error} if the file is a tiled TIFF and not all of its tiles can be decoded */
async function requireAllTiles(bytes: Uint8Array): Promise<void> {
  const strips = tilesAsStrips(bytes);
  if (strips === undefined) return;
  // Tiles at the edge are larger than their visible part.
  await sharp(strips, { ...STRICT, limitInputPixels: 4 * MAX_PIXELS }).raw().toBuffer();
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPlainFile(path, MAX_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new UnusableImage(path, reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  return error instanceof UnsuitableFile ? error.message : `cannot be read (${messageOf(error)})`;
}

async function describeProblem(
  bytes: Uint8Array,
  format: string,
  error: unknown,
): Promise<string> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > MAX_PIXELS) {
      return `${width}x${height} pixels are more than ${MAX_PIXELS / 1e6} million`;
    }
  } catch {
    // Not even the first bytes can be decoded; the caught error says so.
  }
  return `a damaged ${format} file (${messageOf(error)})`;
}

/** The format according to the file's first bytes. */
function formatOf(bytes: Uint8Array): "JPEG" | "PNG" | "WebP" | "GIF" | "TIFF" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\xff\xd8\xff")) return "JPEG";
  if (start.startsWith("\x89PNG")) return "PNG";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "WebP";
  if (start.startsWith("GIF8")) return "GIF";
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return "TIFF";
  return undefined;
}
