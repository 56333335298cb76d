/**
 * Runs `resize.json` and `augment.json`: reflection padding and resizing as in Pillow, and
 * augmentation as in fastai2.
 *
 * @module
 */
import { z } from "zod";
import { adjustLighting, type Augmentation, transformGeometry } from "../../data/augment.ts";
import { padAndResize } from "../../data/resize.ts";
import { compare, type GoldenRunner } from "./golden.ts";

const pair = z.tuple([z.number(), z.number()]);
const resizeCases = z.array(z.object({
  width: z.int(),
  height: z.int(),
  pixels: z.array(z.int()),
  size: z.int(),
  padFraction: pair,
  out: z.array(z.int()),
}));

/** Runs `resize.json`; errors are in steps of 255. */
export const runResize: GoldenRunner = (content) =>
  resizeCases.parse(content).flatMap(({ width, height, pixels, size, padFraction, out }, n) => {
    const picture = { pixels: Uint8Array.from(pixels), width, height };
    const pair = [padAndResize(picture, size, padFraction), out] as const;
    const place = `case ${n}, ${width}x${height} to ${size}x${size}`;
    return [
      ...compare(place, { mean: pair }, "resizeMean"),
      ...compare(place, { largest: pair }, "resizeLargest"),
    ];
  });

const numbers = z.array(z.number());
const pictures = z.object({
  shape: z.tuple([z.int(), z.int(), z.int(), z.literal(3)]),
  data: numbers,
});
const augmentVectors = z.object({
  x: pictures,
  draws: z.object({
    flip: z.array(z.boolean()),
    degrees: numbers,
    zoom: numbers,
    zoomCentre: z.array(pair),
    warp: z.array(pair),
    brightness: numbers,
    contrast: numbers,
  }),
  geometric: pictures,
  out: pictures,
});

/** Runs `augment.json`: after the geometry alone, and after brightness and contrast as well. */
export const runAugment: GoldenRunner = (content) => {
  const { x, draws, geometric, out } = augmentVectors.parse(content);
  const [count, size] = x.shape;
  const length = size * size * 3;
  return Array.from({ length: count }, (_, n) => {
    const of = (values: readonly number[]) => values.slice(n * length, (n + 1) * length);
    const drawn = Object.entries(draws).map(([name, values]) => [name, values[n]!]);
    const augmentation: Augmentation = Object.fromEntries(drawn);
    const transformed = new Float32Array(length);
    transformGeometry(Float32Array.from(of(x.data)), size, augmentation, transformed, 1);
    const lit = transformed.slice();
    adjustLighting(lit, augmentation);
    return compare(`picture ${n}`, {
      geometric: [transformed, of(geometric.data)],
      out: [lit, of(out.data)],
    }, "augment");
  }).flat();
};
