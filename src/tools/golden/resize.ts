/**
 * Compares reflection padding and resizing with Pillow's.
 *
 * @module
 */
import { z } from "zod";
import { padAndResize } from "../../data/resize.ts";
import { compare, type GoldenRunner } from "./golden.ts";

const cases = z.array(z.object({
  width: z.int(),
  height: z.int(),
  pixels: z.array(z.int()),
  size: z.int(),
  padFraction: z.tuple([z.number(), z.number()]),
  out: z.array(z.int()),
}));

/** Runs `resize.json`; errors are in steps of 255. */
export const run: GoldenRunner = (content) =>
  cases.parse(content).flatMap(({ width, height, pixels, size, padFraction, out }, n) => {
    const picture = { pixels: Uint8Array.from(pixels), width, height };
    const pair = [padAndResize(picture, size, padFraction), out] as const;
    const place = `case ${n}, ${width}x${height} to ${size}x${size}`;
    return [
      ...compare(place, { mean: pair }, "resizeMean"),
      ...compare(place, { largest: pair }, "resizeLargest"),
    ];
  });
