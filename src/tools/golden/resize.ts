/**
 * Compares reflection padding and resizing with Pillow's.
 *
 * @module
 */
import { z } from "zod";
import { padAndResize } from "../../data/resize.ts";
import { absoluteError, type GoldenRunner, TOLERANCES } from "./golden.ts";

const cases = z.array(z.object({
  width: z.int(),
  height: z.int(),
  pixels: z.array(z.int()),
  size: z.int(),
  padFraction: z.tuple([z.number(), z.number()]),
  out: z.array(z.int()),
}));

/** What {@linkcode run} reads. */
export const file = "resize.json";

/** Runs `resize.json`; errors are in steps of 255. */
export const run: GoldenRunner = (content) =>
  cases.parse(content).flatMap(({ width, height, pixels, size, padFraction, out }, n) => {
    const picture = { pixels: Uint8Array.from(pixels), width, height };
    const resized = padAndResize(picture, size, padFraction);
    const name = `case ${n}, ${width}x${height} to ${size}x${size}`;
    return [
      { name: `${name}, mean`, error: meanError(resized, out), tolerance: TOLERANCES.resizeMean },
      {
        name: `${name}, largest`,
        error: absoluteError(resized, out),
        tolerance: TOLERANCES.resizeLargest,
      },
    ];
  });

function meanError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return NaN;
  const total = expected.reduce((sum, value, i) => sum + Math.abs(actual[i]! - value), 0);
  return total / expected.length;
}
