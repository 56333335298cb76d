/**
 * From 8-bit pictures to what the network sees: RGB in [0, 1], normalised per channel with the mean
 * and deviation of ImageNet.
 *
 * @module
 */
import { adjustLighting, type Augmentation, transformGeometry } from "./augment.ts";

/** Mean of ImageNet's red, green and blue, pixels in [0, 1]. */
export const IMAGENET_MEAN: readonly [number, number, number] = [0.485, 0.456, 0.406];

/** Standard deviation of ImageNet's red, green and blue, pixels in [0, 1]. */
export const IMAGENET_DEVIATION: readonly [number, number, number] = [0.229, 0.224, 0.225];

/**
 * Normalises a picture as it is.
 *
 * @param pixels [size, size, 3], 8-bit
 * @param out receives [size, size, 3] float32
 */
export function writeNetworkInput(pixels: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) out[i] = pixels[i]! / 255;
  normalise(out);
}

/**
 * Augments a picture, then normalises it.
 *
 * @param pixels [size, size, 3], 8-bit
 * @param out receives [size, size, 3] float32
 */
export function writeAugmentedNetworkInput(
  pixels: Uint8Array,
  size: number,
  augmentation: Augmentation,
  out: Float32Array,
): void {
  transformGeometry(pixels, size, augmentation, out);
  adjustLighting(out, augmentation);
  normalise(out);
}

function normalise(pixels: Float32Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const mean = IMAGENET_MEAN[channel]!;
    const scale = 1 / IMAGENET_DEVIATION[channel]!;
    for (let i = channel; i < pixels.length; i += 3) pixels[i] = (pixels[i]! - mean) * scale;
  }
}
