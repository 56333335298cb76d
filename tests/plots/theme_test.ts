import assert from "node:assert/strict";
import { seriesEncoding } from "../../src/plots/theme.ts";

function looks(count: number): string[][] {
  const names = Array.from({ length: count }, (_, index) => `line ${index}`);
  const { color, shape, strokeDash } = seriesEncoding("line", names);
  return [
    color.scale.range,
    shape.scale.range,
    strokeDash.condition.map(({ value }) => String(value)),
  ];
}

Deno.test("eight lines differ in colour, in shape and in dashes", () => {
  for (const look of looks(8)) assert.equal(new Set(look).size, 8);
});

Deno.test("of many lines no two look the same", () => {
  const [colors, shapes, dashes] = looks(60) as [string[], string[], string[]];
  const whole = colors.map((color, index) => `${color} ${shapes[index]} ${dashes[index]}`);
  assert.equal(new Set(whole).size, 60);
});
