import assert from "node:assert/strict";
import { beginResize, finishResize, padAndResize, type Picture } from "../../src/data/resize.ts";
import { runResize } from "../../src/tools/golden/pictures.ts";
import vectors from "../golden/resize.json" with { type: "json" };
import { patternedPicture } from "./pictures.ts";

/** A gray picture of one column per value and `height` equal rows. */
function columns(values: readonly number[], height: number): Picture {
  const row = values.flatMap((value) => [value, value, value]);
  const pixels = Uint8Array.from(Array.from({ length: height }, () => row).flat());
  return { pixels, width: values.length, height };
}

function cut(
  picture: Picture,
  left: number,
  top: number,
  width: number,
  height: number,
): Picture {
  const rows = Array.from({ length: height }, (_, row) => {
    const start = ((top + row) * picture.width + left) * 3;
    return [...picture.pixels.subarray(start, start + width * 3)];
  });
  return { pixels: Uint8Array.from(rows.flat()), width, height };
}

function difference(pixels: Uint8Array, others: Uint8Array): number {
  return pixels.reduce((most, value, i) => Math.max(most, Math.abs(value - others[i]!)), 0);
}

function firstRow(pixels: Uint8Array, size: number): number[] {
  return Array.from({ length: size }, (_, x) => pixels[x * 3]!);
}

Deno.test("padAndResize() gives the pixels Pillow gives", () => {
  const comparisons = runResize(vectors);
  assert.equal(comparisons.length, vectors.length * 2);
  for (const { name, error } of comparisons) assert.equal(error, 0, name);
});

Deno.test("the golden runner counts missing pixels as a failure", () => {
  const [first] = vectors;
  const comparisons = runResize([{ ...first, out: first!.out.slice(1) }]);
  assert.ok(comparisons.every(({ error }) => Number.isNaN(error)));
});

Deno.test("padAndResize() reflects without repeating the edge pixel", () => {
  const padded = padAndResize(columns([10, 20, 30], 5), 5, [0.5, 0.5]);
  assert.deepEqual(firstRow(padded, 5), [20, 10, 20, 30, 20]);
});

Deno.test("padAndResize() reflects again where the padding is wider than the picture", () => {
  const padded = padAndResize(columns([10, 20], 8), 8, [0.5, 0.5]);
  assert.deepEqual(firstRow(padded, 8), [20, 10, 20, 10, 20, 10, 20, 10]);
});

Deno.test("padAndResize() spreads a picture that is one pixel wide", () => {
  const padded = padAndResize(columns([77], 4), 4, [0.5, 0.5]);
  assert.deepEqual([...padded], Array(4 * 4 * 3).fill(77));
});

Deno.test("padAndResize() puts all padding right for fraction 0 and left for fraction 1", () => {
  const picture = columns([10, 20, 30], 5);
  assert.deepEqual(firstRow(padAndResize(picture, 5, [0, 0]), 5), [10, 20, 30, 20, 10]);
  assert.deepEqual(firstRow(padAndResize(picture, 5, [1, 0]), 5), [30, 20, 10, 20, 30]);
});

Deno.test("padAndResize() keeps white white at any scale", () => {
  for (const size of [1, 3, 64, 200]) {
    const white = padAndResize(columns(Array(50).fill(255), 31), size, [0.3, 0.7]);
    assert.ok(white.every((value) => value === 255), `size ${size}`);
  }
});

Deno.test("resizing the axes apart gives what resizing them together gives", () => {
  for (const [width, height] of [[60, 41], [41, 60], [33, 33], [7, 5], [1, 9]] as const) {
    const picture = patternedPicture(width, height);
    for (const fraction of [0, 0.37, 1]) {
      const together = padAndResize(picture, 24, [fraction, fraction]);
      const apart = finishResize(beginResize(picture, 24), fraction);
      const largest = difference(together, apart);
      // Tall pictures are filtered in the other order, so rounding may differ by one step.
      assert.ok(largest <= (width >= height ? 0 : 1), `${width}x${height}: ${largest}`);
    }
  }
});

Deno.test("a cropped picture is its square of the short side, resized", () => {
  for (const [width, height] of [[60, 41], [41, 60], [33, 33], [7, 5]] as const) {
    const picture = patternedPicture(width, height);
    const side = Math.min(width, height);
    for (const fraction of [0, 0.37, 0.5, 1]) {
      const left = Math.floor(fraction * (width - side));
      const top = Math.floor(fraction * (height - side));
      const square = cut(picture, left, top, side, side);
      const cropped = finishResize(beginResize(picture, 24, true), fraction);
      const largest = difference(cropped, padAndResize(square, 24, [0, 0]));
      // Wide pictures are filtered in the other order, so rounding may differ by one step.
      assert.ok(largest <= (width > height ? 1 : 0), `${width}x${height}: ${largest}`);
    }
  }
});

Deno.test("of a strip to be cropped, the middle is taken, so that it stays small", () => {
  for (const [width, height] of [[4000, 2], [2, 4000]] as const) {
    const picture = patternedPicture(width, height);
    const half = beginResize(picture, 24, true);
    assert.deepEqual([half.width, half.height], width > height ? [4, 2] : [2, 4]);
    assert.equal(half.pixels.length, 4 * 24 * 3);
    const middle = width > height ? cut(picture, 1998, 0, 4, 2) : cut(picture, 0, 1998, 2, 4);
    assert.deepEqual(half, beginResize(middle, 24, true));
  }
});

Deno.test("resizing refuses sides, sizes and fractions that make no sense", () => {
  const picture = patternedPicture(4, 3);
  assert.throws(() => padAndResize({ ...picture, width: 5 }, 8, [0.5, 0.5]), /36 bytes.*5x3/);
  assert.throws(() => padAndResize({ ...picture, height: NaN }, 8, [0.5, 0.5]), RangeError);
  assert.throws(() => padAndResize(picture, 0, [0.5, 0.5]), /size 0/);
  assert.throws(() => padAndResize(picture, 8, [0.5, 1.5]), /fraction 1.5/);
  assert.throws(() => padAndResize(picture, 8, [NaN, 0]), /fraction NaN/);
  const half = beginResize(picture, 8);
  assert.throws(() => finishResize({ ...half, size: 9 }, 0.5), RangeError);
});
