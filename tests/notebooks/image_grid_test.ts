import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import type { Picture } from "../../src/data/resize.ts";
import { DISPLAY } from "../../src/notebooks/show.ts";
import { imageGrid } from "../../src/notebooks/image_grid.ts";

function plainPicture(width: number, height: number, colour: readonly number[]): Picture {
  const pixels = new Uint8Array(width * height * 3).map((_, index) => colour[index % 3]!);
  return { pixels, width, height };
}

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];

Deno.test("a grid has all pictures, each in its own cell and whole", async () => {
  const bundle = await imageGrid("Two by one", [
    { label: "wide", picture: plainPicture(200, 100, RED) },
    { label: "tiny", picture: plainPicture(2, 4, BLUE) },
  ], 40)[DISPLAY]();
  const png = Buffer.from(String(bundle["image/png"]), "base64");
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const count = (colour: readonly number[]) => {
    let pixels = 0;
    for (let offset = 0; offset < data.length; offset += info.channels) {
      if (colour.every((value, channel) => data[offset + channel] === value)) pixels++;
    }
    return pixels;
  };
  assert.equal(count(RED), 40 * 20);
  assert.equal(count(BLUE), 20 * 40);
});

Deno.test("a grid's plain text names its title and every picture", async () => {
  const picture = plainPicture(4, 4, RED);
  const bundle = await imageGrid("Things", [
    ...["horn", "ball", "truck", "dog"].map((label) => ({ label, picture })),
  ])[DISPLAY]();
  assert.equal(bundle["text/plain"], "Pictures: Things\n  horn | ball | truck\n  dog");
});

Deno.test("labels that are markup or too long do not break a grid", async () => {
  const picture = plainPicture(4, 4, RED);
  const label = `<image href="file:///etc/passwd"/> & ${"long ".repeat(40)}`;
  const bundle = await imageGrid(label, [{ label, picture }], 30)[DISPLAY]();
  const png = Buffer.from(String(bundle["image/png"]), "base64");
  assert.equal((await sharp(png).metadata()).width, 12 + 30 + 12);
});

Deno.test("a grid without a picture is a sentence", async () => {
  const bundle = await imageGrid("Unseen", [])[DISPLAY]();
  assert.equal(bundle["text/plain"], "Unseen: there are no pictures.");
});
