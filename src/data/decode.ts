/**
 * Decoding picture files.
 *
 * @module
 */
import sharp from "sharp";
import { messageOf } from "../files/error_message.ts";
import type { Picture } from "./resize.ts";

/**
 * Decodes a JPEG, PNG or WebP file at its full size to 8-bit RGB.
 *
 * Grayscale becomes three equal channels, transparency is laid on white, the orientation an EXIF
 * tag asks for is applied, and colour profiles are ignored, as Pillow's `convert("RGB")` does.
 *
 * @throws {Error} if the file cannot be read or decoded; names the file and what is wrong with it
 */
export async function decodeImage(path: string): Promise<Picture> {
  const bytes = await read(path);
  try {
    const { data, info } = await sharp(bytes, { failOn: "error", ignoreIcc: true })
      .autoOrient()
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      width: info.width,
      height: info.height,
    };
  } catch (error) {
    throw new Error(`${path}: ${describeProblem(bytes, error)}; replace the file or delete it`, {
      cause: error,
    });
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new Error(`${path}: no such file; check the path`, { cause: error });
    }
    throw new Error(`${path}: cannot be read (${messageOf(error)})`, { cause: error });
  }
}

function describeProblem(bytes: Uint8Array, error: unknown): string {
  if (bytes.length === 0) return "the file is empty";
  const format = formatOf(bytes);
  if (format !== undefined) return `a damaged ${format} file (${messageOf(error)})`;
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  return `not a JPEG, PNG or WebP picture (first bytes ${first.join(" ")})`;
}

function formatOf(bytes: Uint8Array): "JPEG" | "PNG" | "WebP" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\xff\xd8\xff")) return "JPEG";
  if (start.startsWith("\x89PNG")) return "PNG";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "WebP";
  return undefined;
}
