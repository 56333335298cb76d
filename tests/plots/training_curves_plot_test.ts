import assert from "node:assert/strict";
import { renderSvg } from "../../src/plots/render.ts";
import { REFERENCE_LOOKS, trainingCurvesPlot } from "../../src/plots/training_curves_plot.ts";
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
  const references = [{ source: "article", epochs: published }];
  const spec = trainingCurvesPlot({ title: "BCENa", runs: [run.slice(0, 2)], references });
  return assertDrawnAs("training_curves_published", spec);
});

Deno.test("a second reference adds points alone, and a title that tells them apart", async () => {
  const run = epochs(["frozen", "unfrozen", "unfrozen"], true);
  const epochsOf = (lift: number) =>
    run.slice(0, 2).map((epoch) => ({ ...epoch, accuracy: epoch.accuracy + lift }));
  const references = ["first", "second"].map((source) => ({ source, epochs: epochsOf(0.02) }));
  const [alone, both] = await Promise.all(
    [references.slice(0, 1), references].map((shown) =>
      renderSvg(trainingCurvesPlot({ title: "BCENa", runs: [run], references: shown }))
    ),
  ) as [string, string];
  const layers = (svg: string, mark: string) =>
    svg.split(`<g class="mark-${mark} role-mark`).length - 1;
  assert.deepEqual([layers(alone, "symbol"), layers(both, "symbol")], [2, 4]);
  assert.equal(layers(both, "line"), layers(alone, "line"));
  assert.ok(textsOf(both).some((text) => text.endsWith("thin: first; hollow: second")));
});

Deno.test("several references each have a look of their own", () => {
  const run = epochs(["frozen", "unfrozen"], false);
  const { hconcat } = trainingCurvesPlot({
    title: "BCE",
    runs: [run],
    references: REFERENCE_LOOKS.map((source) => ({ source, epochs: run })),
  }) as unknown as { hconcat: { layer: { mark: unknown }[] }[] };
  const marks = hconcat[0]!.layer.map(({ mark }) => JSON.stringify(mark));
  assert.equal(new Set(marks).size, marks.length);
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
  assert.throws(() => trainingCurvesPlot({ title: "BCE", runs: [[]] }), /"BCE": no epochs/);
  assert.throws(() => trainingCurvesPlot({ title: "BCE", runs: [] }), /no epochs/);
});
