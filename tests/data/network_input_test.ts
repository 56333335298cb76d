import assert from "node:assert/strict";
import {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  writeNetworkInput,
} from "../../src/data/network_input.ts";
import { patternedPicture } from "./pictures.ts";

Deno.test("writeNetworkInput() normalises every channel with its own mean and deviation", () => {
  const out = new Float32Array(12);
  const pixels = Uint8Array.of(255, 255, 255, 0, 51, 102, 153, 204, 255, 51, 51, 51);
  writeNetworkInput({ pixels, width: 2, height: 2, size: 2 }, out);
  const expected = [1, 1, 1, 0, 0.2, 0.4, 0.6, 0.8, 1, 0.2, 0.2, 0.2].map((pixel, i) =>
    (pixel - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!
  );
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(out[i]! - value) < 1e-6);
});

Deno.test("writeNetworkInput() gives with draws that change nothing what it gives without draws", () => {
  const picture = { ...patternedPicture(8, 8), size: 8 };
  const plain = new Float32Array(8 * 8 * 3);
  const augmented = new Float32Array(8 * 8 * 3);
  writeNetworkInput(picture, plain);
  writeNetworkInput(picture, augmented, {
    fractionBefore: 0.5,
    flip: false,
    degrees: 0,
    zoom: 1,
    zoomCentre: [0.5, 0.5],
    warp: [0, 0],
    brightness: 0.5,
    contrast: 1,
  });
  for (const [i, value] of plain.entries()) assert.ok(Math.abs(augmented[i]! - value) < 1e-5);
});
