/**
 * Pictures of printing inks (CMYK), which sharp cannot make of raw pixels.
 *
 * @module
 */
import sharp from "sharp";

/** Sides in pixels. */
export const INK_SIDE = 8;

/** A TIFF file of one colour. @param inks cyan, magenta, yellow, black; of 16 bits if so asked */
export function inkTiff(inks: readonly number[], bits: 8 | 16 = 8): Uint8Array<ArrayBuffer> {
  const samples = Array.from({ length: INK_SIDE ** 2 }, () => inks).flat();
  const pixels = bits === 8
    ? Uint8Array.from(samples)
    : new Uint8Array(Uint16Array.from(samples, (sample) => sample * 257).buffer);
  const [short, long] = [3, 4];
  const fields: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, INK_SIDE],
    [257, long, 1, INK_SIDE],
    [258, short, 4, 8], // bits per sample: at byte 8
    [259, short, 1, 1], // not compressed
    [262, short, 1, 5], // inks
    [273, long, 1, 16], // pixels: at byte 16
    [277, short, 1, 4],
    [278, long, 1, INK_SIDE],
    [279, long, 1, pixels.length],
  ];
  const directory = 16 + pixels.length;
  const file = new Uint8Array(directory + 2 + fields.length * 12 + 4);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("II*\0"));
  view.setUint32(4, directory, true);
  for (let i = 0; i < 4; i++) view.setUint16(8 + 2 * i, bits, true);
  file.set(pixels, 16);
  view.setUint16(directory, fields.length, true);
  fields.forEach(([tag, type, count, value], i) => {
    const at = directory + 2 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  });
  return file;
}

/** A JPEG file of one colour, inverted and with a marker that says so, as Adobe's programs do it. */
export async function inkJpeg(inks: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const jpeg = await sharp(inkTiff(inks)).pipelineColourspace("cmyk").toColourspace("cmyk")
    .jpeg({ quality: 100 }).toBuffer();
  return Uint8Array.from(jpeg);
}

/** The same without that marker. */
export async function unmarkedInkJpeg(inks: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const jpeg = await inkJpeg(inks);
  const marker = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xee);
  const length = 2 + (jpeg[marker + 2]! << 8) + jpeg[marker + 3]!;
  return Uint8Array.from([...jpeg.subarray(0, marker), ...jpeg.subarray(marker + length)]);
}
