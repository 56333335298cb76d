import assert from "node:assert/strict";
import { oscrPlot, recallRejectionPlot } from "../../src/plots/oscr_plot.ts";
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

function points(power: number, deviation: number | null) {
  return Array.from({ length: 21 }, (_, index) => {
    const rejected = index / 20;
    return { rejected, recall: 0.9 * (1 - rejected) ** power, deviation };
  });
}

Deno.test("recall against rejection of two groups is drawn as in its snapshot", () =>
  assertDrawnAs(
    "recall_rejection",
    recallRejectionPlot({
      title: "Known pictures correct against others rejected",
      panels: ["unknown", "unseen"].map((group) => ({
        group,
        experiments: [
          { title: "BCE with na class", points: points(0.3, 0.05) },
          { title: "BCENa", points: points(0.5, 0.02) },
        ],
      })),
    }),
  ));

Deno.test("runs without a spread are drawn as a line, and no band leaves the plot", async () => {
  const spec = recallRejectionPlot({
    title: "",
    panels: [{
      group: "unseen",
      experiments: [
        { title: "a", points: points(1, null) },
        { title: "b", points: points(1, 0.5) },
      ],
    }],
  });
  const svg = await renderSvg(spec);
  assert.doesNotMatch(svg, /NaN/);
  assert.ok(textsOf(svg).includes("unseen pictures rejected"));
  const bands = [...JSON.stringify(spec).matchAll(/"(?:low|high)":([-\d.]+)/g)]
    .map((match) => Number(match[1]));
  assert.equal(bands.length, 2 * 2 * 21);
  assert.ok(bands.every((value) => value >= 0 && value <= 1));
});
