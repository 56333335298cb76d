import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { randomBackground } from "../../../src/data/gestures/background.ts";
import { svgDocument } from "../../../src/data/gestures/svg.ts";
import { randomStream } from "../../../src/random.ts";

const SIDE = 48;
/** Enough that each of the six kinds comes up. */
const COUNT = 60;

function background(n: number): string {
  return randomBackground(randomStream("background", n), SIDE);
}

/** Red, green, blue and opacity of every pixel, in [0, 255]. */
async function render(svg: string): Promise<number[][]> {
  const bytes = await sharp(Buffer.from(svgDocument(SIDE, svg))).ensureAlpha().raw().toBuffer();
  return Array.from({ length: SIDE * SIDE }, (_, n) => [...bytes.subarray(4 * n, 4 * n + 4)]);
}

Deno.test("equal streams give equal backgrounds, others give others", () => {
  assert.equal(background(1), background(1));
  const all = new Set(Array.from({ length: COUNT }, (_, n) => background(n)));
  assert.equal(all.size, COUNT);
});

Deno.test("backgrounds cover the whole picture and vary within it", async () => {
  for (let n = 0; n < COUNT; n++) {
    const pixels = await render(background(n));
    assert.ok(pixels.every(([, , , alpha]) => alpha === 255), `background ${n} has holes`);
    assert.ok(new Set(pixels.map(String)).size > 1, `background ${n} is of one colour`);
  }
});

Deno.test("backgrounds have no colour between red and yellow, as hands have", async () => {
  for (let n = 0; n < COUNT; n++) {
    const warm = (await render(background(n))).filter(([red, green, blue]) =>
      red! > green! + 16 && green! > blue! + 16
    );
    assert.equal(warm.length, 0, `background ${n}`);
  }
});
