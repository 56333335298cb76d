import assert from "node:assert/strict";
import { confusionMatrixPlot } from "../../src/plots/confusion_matrix_plot.ts";
import { renderSvg } from "../../src/plots/render.ts";
import { assertDrawnAs, textsOf } from "./snapshots.ts";

const KNOWN = ["cassette player", "French horn", "garbage truck", "golf ball"];

Deno.test("a confusion matrix of all pictures is drawn as in its snapshot", () =>
  assertDrawnAs(
    "confusion_matrix_all",
    confusionMatrixPlot({
      title: "BCENa, threshold 0.5: all",
      actual: [...KNOWN, "unknown", "unseen"],
      predicted: [...KNOWN, "na"],
      counts: [
        [305, 10, 6, 5, 31],
        [7, 300, 4, 5, 78],
        [9, 4, 280, 0, 96],
        [9, 12, 1, 303, 74],
        [14, 20, 9, 37, 1106],
        [181, 131, 55, 112, 721],
      ],
    }),
  ));

Deno.test("a confusion matrix of known pictures is drawn as in its snapshot", () =>
  assertDrawnAs(
    "confusion_matrix_known",
    confusionMatrixPlot({
      title: "BCE, argmax: known",
      actual: KNOWN,
      predicted: KNOWN,
      counts: [[315, 21, 11, 10], [14, 350, 14, 16], [13, 10, 356, 10], [21, 25, 9, 344]],
    }),
  ));

Deno.test("text is white on cells of most of a row and dark on others", async () => {
  const svg = await renderSvg(confusionMatrixPlot({
    title: "",
    actual: ["a"],
    predicted: ["a", "b"],
    counts: [[71, 29]],
  }));
  assert.match(svg, /fill="#ffffff"[^>]*>71</);
  assert.match(svg, /fill="#111111"[^>]*>29</);
});

Deno.test("means have one decimal, also where they are whole", async () => {
  const data = { title: "", actual: ["a"], predicted: ["a", "b"], counts: [[2, 1.25]] };
  const texts = textsOf(await renderSvg(confusionMatrixPlot(data)));
  assert.ok(texts.includes("2.0") && texts.includes("1.3"));
});

Deno.test("a row without pictures has counts of 0 and no NaN", async () => {
  const svg = await renderSvg(confusionMatrixPlot({
    title: "",
    actual: ["a", "b"],
    predicted: ["a", "b"],
    counts: [[0, 0], [1, 2]],
  }));
  assert.doesNotMatch(svg, /NaN/);
  assert.equal(textsOf(svg).filter((text) => text === "0").length, 2);
});

Deno.test("two categories of one readable name keep rows and columns of their own", async () => {
  const svg = await renderSvg(confusionMatrixPlot({
    title: "",
    actual: ["crane", "crane"],
    predicted: ["crane", "crane"],
    counts: [[11, 12], [13, 14]],
  }));
  const texts = textsOf(svg);
  assert.equal(texts.filter((text) => text === "crane").length, 4);
  for (const count of ["11", "12", "13", "14"]) assert.ok(texts.includes(count));
});

Deno.test("names that are markup or code stay plain text, and long ones are shortened", async () => {
  const svg = await renderSvg(confusionMatrixPlot({
    title: "",
    actual: ['<script>"', "aVeryLongNameThatNoRowHasTheRoomFor"],
    predicted: ["' + alert(1) + '", "żółw 亀"],
    counts: [[1, 2], [3, 4]],
  }));
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /&lt;script&gt;/);
  assert.match(svg, /żółw 亀/);
  assert.match(svg, /aVeryLongNameThatNoRowHasTh…/);
});

Deno.test("counts that do not fit the names are an error", () => {
  const data = { title: "", actual: ["a"], predicted: ["a", "b"] };
  assert.throws(() => confusionMatrixPlot({ ...data, counts: [] }), /0 rows of counts for 1/);
  assert.throws(() => confusionMatrixPlot({ ...data, counts: [[1]] }), /1 counts for "a" with 2/);
});
