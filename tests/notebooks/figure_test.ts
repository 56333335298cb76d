import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { compile } from "vega-lite";
import { DISPLAY } from "../../src/notebooks/show.ts";
import { figure } from "../../src/notebooks/figure.ts";
import { confusionMatrixPlot } from "../../src/plots/confusion_matrix_plot.ts";
import type { PlotSpec } from "../../src/plots/theme.ts";

const SPEC = confusionMatrixPlot({
  title: "All test pictures",
  actual: ["horn", "unseen"],
  predicted: ["horn", "na"],
  counts: [[90, 10], [30, 70]],
});

Deno.test("a figure is Vega-Lite 5, SVG, PNG and a sentence at once", async () => {
  const bundle = await figure(SPEC, "A confusion matrix")[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).sort(), [
    "application/vnd.vegalite.v5+json",
    "image/png",
    "image/svg+xml",
    "text/plain",
  ]);
  assert.equal(bundle["text/plain"], "Figure: A confusion matrix");
  const svg = String(bundle["image/svg+xml"]);
  assert.match(svg, /^<svg /);
  assert.match(svg, /All test pictures/);
  const png = Buffer.from(String(bundle["image/png"]), "base64");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  const width = Number(/ width="(\d+)"/.exec(svg)![1]);
  assert.equal((await sharp(png).metadata()).width, 2 * width);
});

Deno.test("the Vega-Lite of a figure says version 5 and compiles without a warning", async () => {
  const bundle = await figure(SPEC)[DISPLAY]();
  const spec: PlotSpec = JSON.parse(JSON.stringify(bundle["application/vnd.vegalite.v5+json"]));
  assert.equal(spec.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
  const warnings: string[] = [];
  const logger = {
    level: () => logger,
    error: (...texts: string[]) => (warnings.push(...texts), logger),
    warn: (...texts: string[]) => (warnings.push(...texts), logger),
    info: () => logger,
    debug: () => logger,
  };
  compile(spec, { logger: logger as never });
  assert.deepEqual(warnings, []);
});

Deno.test("a figure without a caption is called by its title, with or without a subtitle", async () => {
  const text = async (spec: PlotSpec) => (await figure(spec)[DISPLAY]())["text/plain"];
  assert.equal(await text(SPEC), "Figure: All test pictures");
  const title = { text: "All", subtitle: "of them" };
  assert.equal(await text({ ...SPEC, title }), "Figure: All");
});
