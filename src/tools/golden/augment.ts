/**
 * Compares the training augmentation with fastai2's.
 *
 * @module
 */
import { z } from "zod";
import { adjustLighting, type Augmentation, transformGeometry } from "../../data/augment.ts";
import { absoluteError, type Comparison, type GoldenRunner, TOLERANCES } from "./golden.ts";

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

/** What {@linkcode run} reads. */
export const file = "augment.json";

/** Runs `augment.json`: after the geometry alone, and after brightness and contrast as well. */
export const run: GoldenRunner = (content) => {
  const { x, draws, geometric, out } = vectors.parse(content);
  const [count, size] = x.shape;
  const length = size * size * 3;
  const comparisons: Comparison[] = [];
  for (let n = 0; n < count; n++) {
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
    const picture = new Float32Array(length);
    transformGeometry(Float32Array.from(of(x.data)), size, augmentation, picture, 1);
    comparisons.push({
      name: `picture ${n}, geometric`,
      error: absoluteError(picture, of(geometric.data)),
      tolerance: TOLERANCES.augment,
    });
    adjustLighting(picture, augmentation);
    comparisons.push({
      name: `picture ${n}, out`,
      error: absoluteError(picture, of(out.data)),
      tolerance: TOLERANCES.augment,
    });
  }
  return comparisons;
};
