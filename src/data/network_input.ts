/**
 * From 8-bit pictures to network inputs: RGB in [0, 1], normalised per channel with ImageNet's mean
 * and deviation.
 *
 * @module
 */
import { adjustLighting, type TrainingDraws, transformGeometry } from "./augment.ts";
import { finishResize, type HalfResizedPicture } from "./resize.ts";

/** Mean of ImageNet's red, green and blue, pixels in [0, 1]. */
export const IMAGENET_MEAN: readonly [number, number, number] = [0.485, 0.456, 0.406];

/** Standard deviation of ImageNet's red, green and blue, pixels in [0, 1]. */
export const IMAGENET_DEVIATION: readonly [number, number, number] = [0.229, 0.224, 0.225];

/**
 * Completes a picture with one axis resized: pads or crops, resizes the other axis, augments and
 * normalises.
 *
 * @param out receives [size, size, 3] float32
 * @param draws without them, the picture is centred and not augmented
 */
export function writeNetworkInput(
  picture: HalfResizedPicture,
  out: Float32Array,
  draws?: TrainingDraws,
): void {
  const pixels = finishResize(picture, draws?.fractionBefore ?? 0.5);
  if (draws === undefined) {
    for (let i = 0; i < pixels.length; i++) out[i] = pixels[i]! / 255;
  } else {
    transformGeometry(pixels, picture.size, draws, out);
    adjustLighting(out, draws);
  }
  for (let channel = 0; channel < 3; channel++) {
    const mean = IMAGENET_MEAN[channel]!;
    const scale = 1 / IMAGENET_DEVIATION[channel]!;
    for (let i = channel; i < out.length; i += 3) out[i] = (out[i]! - mean) * scale;
  }
}
