import assert from "node:assert/strict";
import { oscrPlot } from "../../src/plots/oscr_plot.ts";
import { renderSvg } from "../../src/plots/render.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

function curve(points: number, power: number) {
  const fpr = Array.from({ length: points }, (_, index) => index / (points - 1));
  return { fpr, ccr: fpr.map((share) => 0.9 * share ** power) };
}

Deno.test("OSCR curves against two groups are drawn as in their snapshot", () =>
  assertDrawnAs(
    "oscr",
    oscrPlot({
      title: "Open-set classification rate",
      panels: ["unknown", "unseen"].map((group) => ({
        group,
        experiments: [
          { title: "BCE with na class", runs: [curve(40, 0.5)] },
          { title: "BCENa", runs: [curve(40, 0.3)] },
        ],
      })),
    }),
  ));

Deno.test("a curve of thousands of points makes a small drawing that ends where the curve ends", async () => {
  const spec = oscrPlot({
    title: "",
    panels: [{ group: "unseen", experiments: [{ title: "a", runs: [curve(5000, 1)] }] }],
  });
  const svg = await renderSvg(spec);
  assert.ok(svg.length < 30_000, `${svg.length} letters`);
  assert.match(JSON.stringify(spec), /"fpr":1,"ccr":0.9\}/);
  assert.ok(textsOf(svg).includes("unseen pictures accepted"));
});

Deno.test("a curve of its two ends alone is drawn", async () => {
  const runs = [{ fpr: [0, 1], ccr: [0, 0] }];
  const panels = [{ group: "unseen", experiments: [{ title: "a", runs }] }];
  assert.doesNotMatch(await renderSvg(oscrPlot({ title: "", panels })), /NaN/);
});

Deno.test("a curve has no more points than are asked for", () => {
  const panels = [{ group: "unseen", experiments: [{ title: "a", runs: [curve(5000, 1)] }] }];
  const drawn = (points: number) =>
    JSON.stringify(oscrPlot({ title: "", panels, points })).match(/"fpr":/g)!.length;
  assert.ok(drawn(30) < drawn(60) && drawn(60) < 80);
});
