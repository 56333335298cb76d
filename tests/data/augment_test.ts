import assert from "node:assert/strict";
import {
  adjustLighting,
  type Augmentation,
  augmented,
  transformGeometry,
} from "../../src/data/augment.ts";
import { runAugment } from "../../src/tools/golden/pictures.ts";
import vectors from "../golden/augment.json" with { type: "json" };
import { patternedPicture } from "./pictures.ts";

const NONE: Augmentation = {
  flip: false,
  degrees: 0,
  zoom: 1,
  zoomCentre: [0.5, 0.5],
  warp: [0, 0],
  brightness: 0.5,
  contrast: 1,
};

function transformed(pixels: Uint8Array, size: number, change: Partial<Augmentation>): number[] {
  const out = new Float32Array(pixels.length);
  transformGeometry(pixels, size, { ...NONE, ...change }, out);
  return Array.from(out, (value) => Math.round(value * 255 * 1000) / 1000);
}

/** A gray square picture with one value per pixel. */
function gray(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value, value, value]));
}

Deno.test("the augmentation gives the pixels fastai2 gives", () => {
  const comparisons = runAugment(vectors);
  assert.equal(comparisons.length, vectors.x.shape[0]! * 2);
  // The reference computed in float32.
  for (const { name, error } of comparisons) assert.ok(error < 5e-6, `${name}: ${error}`);
});

Deno.test("transformGeometry() without draws changes nothing", () => {
  const { pixels } = patternedPicture(9, 9);
  assert.deepEqual(transformed(pixels, 9, {}), [...pixels]);
});

Deno.test("transformGeometry() flips left and right", () => {
  const pixels = gray([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(transformed(pixels, 3, { flip: true }), [...gray([3, 2, 1, 6, 5, 4, 9, 8, 7])]);
});

Deno.test("transformGeometry() rotates clockwise for positive degrees", () => {
  const pixels = gray([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(transformed(pixels, 3, { degrees: 90 }), [...gray([7, 4, 1, 8, 5, 2, 9, 6, 3])]);
});

Deno.test("transformGeometry() zooms around its centre, which stays in place", () => {
  const pixels = gray([0, 20, 40, 0, 20, 40, 0, 20, 40]);
  const zoomed = transformed(pixels, 3, { zoom: 2, zoomCentre: [1, 0] });
  assert.deepEqual(zoomed, Array(3).fill([20, 30, 40]).flat().flatMap((v) => [v, v, v]));
});

Deno.test("transformGeometry() reflects what lies outside", () => {
  const pixels = gray([0, 10, 20, 0, 10, 20, 0, 10, 20]);
  const shrunk = transformed(pixels, 3, { zoom: 0.5 });
  assert.deepEqual(shrunk, [...gray([10, 10, 10, 10, 10, 10, 10, 10, 10])]);
});

Deno.test("transformGeometry() copes with a picture of one pixel", () => {
  assert.deepEqual(transformed(gray([50]), 1, { degrees: 10, warp: [0.2, -0.2] }), [50, 50, 50]);
});

Deno.test("transformGeometry() refuses pixels of another size", () => {
  const out = new Float32Array(27);
  assert.throws(() => transformGeometry(new Uint8Array(12), 3, NONE, out), /12 values.*3x3.*27/);
});

Deno.test("adjustLighting() shifts and scales the logits of the pixels", () => {
  const pixels = Float32Array.of(0.2, 0.5, 0.9);
  adjustLighting(pixels, { brightness: 0.6, contrast: 1.25 });
  const logit = (p: number) => Math.log(p / (1 - p));
  const expected = [0.2, 0.5, 0.9].map((p) => 1 / (1 + Math.exp(-1.25 * (logit(p) + logit(0.6)))));
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(pixels[i]! - value) < 1e-6);
});

Deno.test("adjustLighting() keeps black and white finite and in range", () => {
  for (const contrast of [0.8, 1, 1.25]) {
    const pixels = Float32Array.of(0, 1);
    adjustLighting(pixels, { brightness: 0.4, contrast });
    assert.ok(pixels[0]! >= 0 && pixels[0]! < 1e-5, `black: ${pixels[0]}`);
    assert.ok(pixels[1]! <= 1 && pixels[1]! > 1 - 1e-5, `white: ${pixels[1]}`);
  }
});

Deno.test("a picture without augmentation stays as it is, and one with stays within 8 bits", () => {
  const size = 6;
  const pixels = Uint8Array.from({ length: size * size * 3 }, (_, i) => (37 * i) % 256);
  assert.deepEqual(augmented(pixels, size, NONE), pixels);
  const changed = augmented(pixels, size, { ...NONE, flip: true, brightness: 0.6 });
  assert.equal(changed.length, pixels.length);
  assert.notDeepEqual(changed, pixels);
});
