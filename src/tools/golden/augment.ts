/**
 * Compares the training augmentation with fastai2's.
 *
 * @module
 */
import { z } from "zod";
import { adjustLighting, type Augmentation, transformGeometry } from "../../data/augment.ts";
import { compare, type GoldenRunner } from "./golden.ts";

const pair = z.tuple([z.number(), z.number()]);
const pictures = z.object({
  shape: z.tuple([z.int(), z.int(), z.int(), z.literal(3)]),
  data: z.array(z.number()),
});
const vectors = z.object({
  x: pictures,
  draws: z.object({
    flip: z.array(z.boolean()),
    degrees: z.array(z.number()),
    zoom: z.array(z.number()),
    zoomCentre: z.array(pair),
    warp: z.array(pair),
    brightness: z.array(z.number()),
    contrast: z.array(z.number()),
  }),
  geometric: pictures,
  out: pictures,
});

/** Runs `augment.json`: after the geometry alone, and after brightness and contrast as well. */
export const run: GoldenRunner = (content) => {
  const { x, draws, geometric, out } = vectors.parse(content);
  const [count, size] = x.shape;
  const length = size * size * 3;
  return Array.from({ length: count }, (_, n) => {
    const of = (values: readonly number[]) => values.slice(n * length, (n + 1) * length);
    const augmentation: Augmentation = {
      flip: draws.flip[n]!,
      degrees: draws.degrees[n]!,
      zoom: draws.zoom[n]!,
      zoomCentre: draws.zoomCentre[n]!,
      warp: draws.warp[n]!,
      brightness: draws.brightness[n]!,
      contrast: draws.contrast[n]!,
    };
    const transformed = new Float32Array(length);
    transformGeometry(Float32Array.from(of(x.data)), size, augmentation, transformed, 1);
    const lit = transformed.slice();
    adjustLighting(lit, augmentation);
    const results = {
      geometric: [transformed, of(geometric.data)],
      out: [lit, of(out.data)],
    } as const;
    return compare(`picture ${n}`, results, "augment");
  }).flat();
};
