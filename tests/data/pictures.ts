/**
 * Small picture files for tests.
 *
 * @module
 */
import sharp from "sharp";
import { dirname } from "@std/path";
import type { Picture } from "../../src/data/resize.ts";

/** A picture whose pixels all differ from their neighbours, the same for the same arguments. */
export function patternedPicture(width: number, height: number, seed = 1): Picture {
  const pixels = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * 37 + ((i * i) % 101) * seed) % 256,
  );
  return { pixels, width, height };
}

/** Writes a picture in the format its name ends with; PNG keeps the pixels as they are. */
export async function writePicture(path: string, picture: Picture): Promise<void> {
  const { pixels, width, height } = picture;
  Deno.mkdirSync(dirname(path), { recursive: true });
  await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(path);
}
