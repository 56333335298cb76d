import assert from "node:assert/strict";
import { renderSvg } from "../../src/plots/render.ts";
import { type SweepShares, thresholdSweepPlot } from "../../src/plots/threshold_sweep_plot.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

function sweep(steepness: number): SweepShares[] {
  return Array.from({ length: 11 }, (_, step) => ({
    threshold: step / 10,
    knownCorrect: 0.95 - 0.9 * (step / 10) ** (2 * steepness),
    unknownRejected: (step / 10) ** (1 / steepness),
    unseenRejected: step / 10,
  }));
}

Deno.test("threshold sweeps are drawn as in their snapshot", () =>
  assertDrawnAs(
    "threshold_sweep",
    thresholdSweepPlot({
      title: "Accuracy and rejections at every threshold",
      experiments: [
        { title: "BCE with na class", runs: [sweep(1), sweep(1.2)] },
        { title: "BCENa", runs: [sweep(3)] },
      ],
    }),
  ));

Deno.test("experiments keep their order, and lines of absent groups are left out", async () => {
  const run = sweep(2).map(({ threshold, knownCorrect }) => ({ threshold, knownCorrect }));
  const experiments = ["b", "a"].map((title) => ({ title, runs: [run] }));
  const svg = await renderSvg(thresholdSweepPlot({ title: "", experiments }));
  const texts = textsOf(svg);
  assert.ok(texts.indexOf("b") < texts.indexOf("a"));
  assert.doesNotMatch(svg, /NaN/);
});
