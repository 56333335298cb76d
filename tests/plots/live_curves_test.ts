import assert from "node:assert/strict";
import { type LiveCurves, liveCurvesSvg, type LossPoint } from "../../src/plots/live_curves.ts";
import { svgToPng } from "../../src/plots/render.ts";

function curves(steps: number): LiveCurves {
  const training = Array.from(
    { length: steps },
    (_, step): LossPoint => [(step + 1) / 100, Math.exp(-step / 100)],
  );
  return { epochs: 5, training, validation: [[1, 0.5], [2, 0.4]] };
}

const sizeOf = (svg: string) => / width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1);

Deno.test("the curves keep their size while a training goes on, and stay small", () => {
  const [first, last] = [liveCurvesSvg(curves(1)), liveCurvesSvg(curves(10_000))];
  assert.deepEqual(sizeOf(first), sizeOf(last));
  assert.ok(last.length < 6000, `${last.length} letters`);
});

Deno.test("the line ends at the last step, and each epoch has a dot", () => {
  const svg = liveCurvesSvg({ epochs: 2, training: [[0.5, 1], [1, 0.5]], validation: [[1, 0.5]] });
  const [, points] = /points="([^"]*)"/.exec(svg)!;
  const [, x, y] = /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)!;
  assert.equal(points!.split(" ").at(-1), `${x},${y}`);
  assert.equal(svg.match(/<circle/g)!.length, 1);
});

Deno.test("the curves are a picture before the first step, too", async () => {
  for (
    const svg of [
      liveCurvesSvg({ epochs: 3, training: [], validation: [] }),
      liveCurvesSvg(curves(7)),
    ]
  ) {
    assert.doesNotMatch(svg, /NaN|Infinity/);
    assert.ok((await svgToPng(svg)).length > 500);
  }
});
