import assert from "node:assert/strict";
import { recallRejectionPlot } from "../../src/plots/oscr_plot.ts";
import { renderSvg } from "../../src/plots/render.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

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
