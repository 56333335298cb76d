import assert from "node:assert/strict";
import { inksToRgb } from "../../src/data/inks.ts";

Deno.test("inksToRgb() gives the colours of Pillow, of 8 bits and of 16", () => {
  const inks = [0, 255, 255, 0, 10, 200, 30, 60, 0, 0, 0, 255];
  const colours = [255, 0, 0, 187, 42, 172, 0, 0, 0];
  assert.deepEqual([...inksToRgb(Uint8Array.from(inks), 4)], colours);
  const deep = Uint16Array.from(inks, (ink) => ink * 256 + 255);
  assert.deepEqual([...inksToRgb(deep, 4)], colours);
});

Deno.test("inksToRgb() lays what is transparent on white", () => {
  const inks = Uint8Array.of(0, 255, 255, 0, 0, 0, 255, 255, 0, 255, 0, 255, 255, 0, 51);
  assert.deepEqual([...inksToRgb(inks, 5)], [255, 255, 255, 255, 0, 0, 255, 204, 204]);
});
