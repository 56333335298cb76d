/**
 * The article's training augmentation, fastai2's `aug_transforms` of August 2020: the random draws
 * for a picture, and pure typed-array code that applies them to square RGB pictures, [size, size,
 * 3].
 *
 * Coordinates follow PyTorch's `affine_grid` with `align_corners`: x to the right, y down, -1 and 1
 * at the centres of the outermost pixels.
 *
 * @module
 */
import { randomStream } from "../random.ts";

const CHANNELS = 3;

/** The augmentation of one picture. */
export interface Augmentation {
  /** Whether left and right are swapped. */
  readonly flip: boolean;
  /** Rotation; 0 is none. */
  readonly degrees: number;
  /** Magnification; 1 is none. */
  readonly zoom: number;
  /** The point that stays in place when zooming, from [0, 0] (top left) to [1, 1]. */
  readonly zoomCentre: readonly [x: number, y: number];
  /** Perspective tilt in x and y; 0 is none. */
  readonly warp: readonly [x: number, y: number];
  /** Brightness in (0, 1); its logit is added to the logits of the pixels; 0.5 is none. */
  readonly brightness: number;
  /** Contrast, a factor on the logits of the pixels; 1 is none. */
  readonly contrast: number;
}

/** The random draws for one picture of a training batch. */
export interface TrainingDraws extends Augmentation {
  /** The fraction of the padded, or cropped, pixels on the left or top side, in [0, 1). */
  readonly fractionBefore: number;
}

/**
 * The draws for one place of an epoch, from the article's distributions. They depend on the
 * parameters alone, so any batch can be made again without the earlier ones.
 *
 * @param epoch counted from 0
 * @param position of the picture in the epoch's order, counted from 0
 */
export function trainingDraws(seed: number, epoch: number, position: number): TrainingDraws {
  const random = randomStream("augmentation", seed, epoch, position);
  const between = (low: number, high: number) => low + (high - low) * random();
  // Always draws both numbers, so that no draw depends on the outcome of another.
  const sometimes = (probability: number, value: number, otherwise: number) =>
    random() < probability ? value : otherwise;
  const maxLogContrast = Math.log(1.25);
  return {
    fractionBefore: between(0, 1),
    flip: random() < 0.5,
    degrees: sometimes(0.75, between(-10, 10), 0),
    zoom: sometimes(0.75, between(1, 1.1), 1),
    zoomCentre: [between(0, 1), between(0, 1)],
    warp: [sometimes(0.75, between(-0.2, 0.2), 0), sometimes(0.75, between(-0.2, 0.2), 0)],
    brightness: sometimes(0.75, between(0.4, 0.6), 0.5),
    contrast: sometimes(0.75, Math.exp(between(-maxLogContrast, maxLogContrast)), 1),
  };
}

/**
 * Flips, rotates, zooms and warps a picture in one bilinear resample; pixels outside the picture
 * are reflected at the centres of the outermost pixels.
 *
 * Each output pixel is looked up at `perspective(flip * rotation * zoom * position)`.
 *
 * @param pixels [size, size, 3], 8-bit
 * @param out receives [size, size, 3] float32 in [0, 1]
 * @param scale factor on every pixel; 1 for pixels already in [0, 1]
 */
export function transformGeometry(
  pixels: Uint8Array | Float32Array,
  size: number,
  augmentation: Augmentation,
  out: Float32Array,
  scale = 1 / 255,
): void {
  const length = size * size * CHANNELS;
  if (pixels.length !== length || out.length !== length) {
    throw new RangeError(
      `${pixels.length} values cannot be resampled into ${out.length}: ` +
        `pictures of ${size}x${size} pixels have ${length}`,
    );
  }
  const [a, b, c, d, e, f, g, h, i] = sourceCoordinates(augmentation);
  const last = size - 1;
  // A picture of one pixel has only the centre.
  const step = last === 0 ? 0 : 2 / last;
  const start = last === 0 ? 0 : -1;
  let target = 0;
  for (let row = 0; row < size; row++) {
    const v = start + row * step;
    for (let column = 0; column < size; column++) {
      const u = start + column * step;
      const depth = g * u + h * v + i;
      const x = reflect(((a * u + b * v + c) / depth + 1) * 0.5 * last, last);
      const y = reflect(((d * u + e * v + f) / depth + 1) * 0.5 * last, last);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = left < last ? CHANNELS : 0;
      const below = top < last ? size * CHANNELS : 0;
      const fractionX = x - left;
      const fractionY = y - top;
      const bottomRight = fractionX * fractionY * scale;
      const bottomLeft = fractionY * scale - bottomRight;
      const topRight = fractionX * scale - bottomRight;
      const topLeft = scale - bottomLeft - fractionX * scale;
      const source = (top * size + left) * CHANNELS;
      for (let channel = source; channel < source + CHANNELS; channel++) {
        out[target++] = topLeft * pixels[channel]! + topRight * pixels[channel + right]! +
          bottomLeft * pixels[channel + below]! + bottomRight * pixels[channel + below + right]!;
      }
    }
  }
}

/**
 * Changes brightness and contrast in place: `sigmoid(contrast * (logit(pixel) + logit(brightness)))`,
 * the pixel clamped to [1e-7, 1 - 1e-7].
 *
 * @param pixels any shape, in [0, 1]
 */
export function adjustLighting(
  pixels: Float32Array,
  { brightness, contrast }: Pick<Augmentation, "brightness" | "contrast">,
): void {
  if (brightness === 0.5 && contrast === 1) return;
  // sigmoid(c * (logit(p) + logit(q))) = 1 / (1 + ((1 - p) / p)^c * ((1 - q) / q)^c)
  const factor = Math.pow((1 - brightness) / brightness, contrast);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.min(Math.max(pixels[i]!, 1e-7), 1 - 1e-7);
    const odds = (1 - pixel) / pixel;
    pixels[i] = 1 / (1 + factor * (contrast === 1 ? odds : Math.pow(odds, contrast)));
  }
}

/**
 * A picture after all draws but the padding, before normalisation.
 *
 * @param pixels [size, size, 3], 8-bit
 * @returns a picture of the same form
 */
export function augmented(
  pixels: Uint8Array,
  size: number,
  augmentation: Augmentation,
): Uint8Array {
  const values = new Float32Array(pixels.length);
  transformGeometry(pixels, size, augmentation, values);
  adjustLighting(values, augmentation);
  return Uint8Array.from(values, (value) => Math.round(255 * value));
}

/** A 3x3 matrix by rows, acting on homogeneous coordinates [x, y, 1]. */
type Matrix = readonly [
  ...[number, number, number],
  ...[number, number, number],
  ...[number, number, number],
];

/** The matrix from a pixel's coordinates in the result to its coordinates in the source. */
function sourceCoordinates(
  { flip, degrees, zoom, zoomCentre: [x, y], warp }: Augmentation,
): Matrix {
  const flipped: Matrix = [flip ? -1 : 1, 0, 0, 0, 1, 0, 0, 0, 1];
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const rotated: Matrix = [cos, sin, 0, -sin, cos, 0, 0, 0, 1];
  const scale = 1 / zoom;
  const moveX = (1 - scale) * (2 * x - 1);
  const moveY = (1 - scale) * (2 * y - 1);
  const zoomed: Matrix = [scale, 0, moveX, 0, scale, moveY, 0, 0, 1];
  return multiply(perspective(warp), multiply(multiply(flipped, rotated), zoomed));
}

/**
 * The homography that takes the corners (-1 - y, -1 - x), (-1 + y, 1 + x), (1 + y, -1 + x) and
 * (1 - y, 1 - x) to (-1, -1), (-1, 1), (1, -1) and (1, 1). fastai solves eight linear equations for
 * it; their solution in closed form, up to a factor, is this matrix.
 */
function perspective([x, y]: readonly [x: number, y: number]): Matrix {
  const diagonal = 1 - x * x - y * y;
  const shear = 2 * x * y;
  const tiltX = -x * (1 - x * x + y * y);
  const tiltY = -y * (1 + x * x - y * y);
  return [diagonal, shear, tiltX, shear, diagonal, tiltY, tiltX, tiltY, diagonal];
}

function multiply(p: Matrix, q: Matrix): Matrix {
  return [
    p[0] * q[0] + p[1] * q[3] + p[2] * q[6],
    p[0] * q[1] + p[1] * q[4] + p[2] * q[7],
    p[0] * q[2] + p[1] * q[5] + p[2] * q[8],
    p[3] * q[0] + p[4] * q[3] + p[5] * q[6],
    p[3] * q[1] + p[4] * q[4] + p[5] * q[7],
    p[3] * q[2] + p[4] * q[5] + p[5] * q[8],
    p[6] * q[0] + p[7] * q[3] + p[8] * q[6],
    p[6] * q[1] + p[7] * q[4] + p[8] * q[7],
    p[6] * q[2] + p[7] * q[5] + p[8] * q[8],
  ];
}

/** Mirrors a coordinate at 0 and `last` until it lies between them. */
export function reflect(x: number, last: number): number {
  if (x >= 0 && x <= last) return x;
  if (last === 0) return 0;
  const phase = Math.abs(x) % (2 * last);
  return phase <= last ? phase : 2 * last - phase;
}
