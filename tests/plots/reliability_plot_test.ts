import assert from "node:assert/strict";
import { reliabilityPlot } from "../../src/plots/reliability_plot.ts";
import { renderSvg } from "../../src/plots/render.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

const BINS = [
  { images: 0, correct: 0, meanScore: null },
  { images: 20, correct: 8, meanScore: 0.5 },
  { images: 600, correct: 590, meanScore: 0.97 },
];

Deno.test("reliability diagrams are drawn as in their snapshot", () =>
  assertDrawnAs(
    "reliability",
    reliabilityPlot({
      title: "Reliability on known pictures",
      experiments: [
        { title: "BCE", runs: [BINS, [{ images: 50, correct: 40, meanScore: 0.6 }]] },
        { title: "BCENa", runs: [BINS] },
      ],
    }),
  ));

Deno.test("bins without pictures are not drawn", async () => {
  const experiments = [{ title: "BCE", runs: [BINS] }];
  const svg = await renderSvg(reliabilityPlot({ title: "", experiments }));
  assert.doesNotMatch(svg, /NaN/);
  assert.ok(textsOf(svg).includes("BCE"));
});
