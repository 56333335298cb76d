import assert from "node:assert/strict";
import {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  writeAugmentedNetworkInput,
  writeNetworkInput,
} from "../../src/data/network_input.ts";
import { patternedPicture } from "./pictures.ts";

Deno.test("writeNetworkInput() normalises every channel with its own mean and deviation", () => {
  const out = new Float32Array(6);
  writeNetworkInput(Uint8Array.of(255, 255, 255, 0, 51, 102), out);
  const expected = [1, 1, 1, 0, 0.2, 0.4].map((pixel, i) =>
    (pixel - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!
  );
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(out[i]! - value) < 1e-6);
});

Deno.test("writeAugmentedNetworkInput() without changes is writeNetworkInput()", () => {
  const { pixels } = patternedPicture(8, 8);
  const plain = new Float32Array(pixels.length);
  const augmented = new Float32Array(pixels.length);
  writeNetworkInput(pixels, plain);
  writeAugmentedNetworkInput(pixels, 8, {
    flip: false,
    degrees: 0,
    zoom: 1,
    zoomCentre: [0.5, 0.5],
    warp: [0, 0],
    brightness: 0.5,
    contrast: 1,
  }, augmented);
  for (const [i, value] of plain.entries()) assert.ok(Math.abs(augmented[i]! - value) < 1e-5);
});
