import assert from "node:assert/strict";
import sharp from "sharp";
import { renderSvg, svgToPng } from "../../src/plots/render.ts";

const SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">' +
  '<rect width="30" height="20" fill="#336699"/></svg>';

Deno.test("a PNG has twice the pixels of its SVG, in its colours", async () => {
  const image = sharp(await svgToPng(SQUARE));
  const { width, height, format } = await image.metadata();
  assert.deepEqual([width, height, format], [60, 40, "png"]);
  const { dominant } = await image.stats();
  assert.ok(Math.abs(dominant.b - 0x99) <= 8);
});

Deno.test("one specification is drawn the same every time", async () => {
  const spec = {
    data: { values: [{ a: "x", b: 1 }] },
    mark: "bar" as const,
    encoding: { x: { field: "a" }, y: { field: "b", type: "quantitative" as const } },
  };
  assert.equal(await renderSvg(spec), await renderSvg(spec));
});

Deno.test("what is not SVG is an error", async () => {
  await assert.rejects(svgToPng("no drawing"), /unsupported image format/);
});
