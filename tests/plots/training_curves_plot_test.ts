import assert from "node:assert/strict";
import { renderSvg } from "../../src/plots/render.ts";
import { trainingCurvesPlot } from "../../src/plots/training_curves_plot.ts";
import type { HistoryRow } from "../../src/training/history.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

function epochs(phases: readonly string[], naClass: boolean): HistoryRow[] {
  return phases.map((phase, epoch) => ({
    epoch,
    phase,
    train_loss: 0.7 / (epoch + 1),
    valid_loss: 0.5 / (epoch + 1) + 0.1,
    accuracy: 0.6 + 0.05 * epoch,
    accuracy_without_na: naClass ? 0.55 + 0.06 * epoch : null,
    accuracy_with_na: naClass ? 0.5 + 0.07 * epoch : null,
    seconds: 10,
  }));
}

Deno.test("training curves of two phases are drawn as in their snapshot", () =>
  assertDrawnAs(
    "training_curves",
    trainingCurvesPlot({
      title: "BCENa",
      runs: [epochs(["frozen", "frozen", "unfrozen", "unfrozen", "unfrozen"], true)],
    }),
  ));

Deno.test("training curves over a published run are drawn as in their snapshot", () => {
  const run = epochs(["frozen", "unfrozen", "unfrozen"], true);
  const published = run.map((epoch) => ({ ...epoch, accuracy: epoch.accuracy + 0.05 }));
  const spec = trainingCurvesPlot({ title: "BCENa", runs: [run.slice(0, 2)], published });
  return assertDrawnAs("training_curves_published", spec);
});

Deno.test("another program's run adds points alone, and a title that tells them apart", async () => {
  const run = epochs(["frozen", "unfrozen", "unfrozen"], true);
  const alone = await renderSvg(trainingCurvesPlot({ title: "BCENa", runs: [run] }));
  const pytorch = run.slice(0, 2).map((epoch) => ({ ...epoch, accuracy: epoch.accuracy + 0.02 }));
  const both = await renderSvg(trainingCurvesPlot({ title: "BCENa", runs: [run], pytorch }));
  const layers = (svg: string, mark: string) =>
    svg.split(`<g class="mark-${mark} role-mark`).length - 1;
  assert.deepEqual([layers(alone, "symbol"), layers(both, "symbol")], [2, 4]);
  assert.equal(layers(both, "line"), layers(alone, "line"));
  assert.ok(textsOf(both).some((text) => text.endsWith("hollow: PyTorch's")));
});

Deno.test("metrics that do not exist are in neither lines nor legend", async () => {
  const svg = await renderSvg(trainingCurvesPlot({ title: "BCE", runs: [epochs(["a"], false)] }));
  const texts = textsOf(svg);
  assert.ok(texts.includes("all, by argmax"));
  assert.ok(!texts.includes("with na, by threshold"));
  assert.doesNotMatch(svg, /NaN/);
});

Deno.test("a run of one epoch is drawn as points", async () => {
  const svg = await renderSvg(trainingCurvesPlot({ title: "", runs: [epochs(["a"], true)] }));
  assert.doesNotMatch(svg, /NaN|undefined/);
});

Deno.test("training curves without an epoch are an error", () => {
  assert.throws(() => trainingCurvesPlot({ title: "BCE", runs: [[]] }), /"BCE": there is no epoch/);
  assert.throws(() => trainingCurvesPlot({ title: "BCE", runs: [] }), /there is no epoch/);
});
