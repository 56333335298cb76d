import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { committedCells } from "./committed_outputs.ts";
import { namesIn } from "../temporary_folder.ts";

const FOLDER = fromFileUrl(new URL("../../notebooks", import.meta.url));
const NAMES = [
  "0_data_splits",
  "1_ce",
  "2_bce_na",
  "3_bcena",
  "4_comparison",
  "5_your_own",
  "6_study",
];
const NOTEBOOKS = NAMES.map((name) => join(FOLDER, `${name}.ipynb`));

/** Code hosts show notebooks of up to a megabyte. */
const LARGEST_NOTEBOOK = 950_000;
const LARGEST_FIGURE = 300_000;

Deno.test("the seven notebooks are there, and no others", () => {
  assert.deepEqual(
    namesIn(FOLDER).filter((name) => name.endsWith(".ipynb")).map((name) => join(FOLDER, name)),
    NOTEBOOKS,
  );
});

Deno.test("every cell of a notebook is committed with what it shows, but for pictures", async () => {
  for (const notebook of NOTEBOOKS) {
    for (const { id, source, outputs, stripped } of await committedCells(notebook)) {
      const where = `${notebook}, cell ${id}`;
      const shows = /\bshow\(|trainOrOpen\(/.test(source);
      assert.equal(outputs.length > 0, shows && !stripped, where);
      for (const { output_type, data } of outputs) {
        assert.equal(output_type, "display_data", `${where}: all is shown by show()`);
        assert.ok(Object.hasOwn(data, "text/plain"), where);
      }
    }
  }
});

Deno.test("pictures in a notebook are plots alone, each also as Vega-Lite and SVG", async () => {
  let figures = 0;
  for (const notebook of NOTEBOOKS) {
    for (const { id, outputs } of await committedCells(notebook)) {
      for (const { data } of outputs) {
        const drawings = Object.keys(data).filter((mimeType) => !mimeType.startsWith("text/"));
        if (drawings.length === 0) continue;
        figures++;
        assert.deepEqual(
          drawings.sort(),
          ["application/vnd.vegalite.v5+json", "image/png", "image/svg+xml"],
          `${notebook}, cell ${id}`,
        );
        const size = JSON.stringify(data).length;
        assert.ok(size < LARGEST_FIGURE, `${notebook}, cell ${id}: ${size} bytes`);
      }
    }
  }
  assert.ok(figures >= 12, `${figures} figures`);
});

Deno.test("cells that show pictures of the data set are kept without output", async () => {
  const cells = (await Promise.all(NOTEBOOKS.map(committedCells))).flat();
  const pictured = cells.filter(({ source }) => /imageGrid\(/.test(source));
  assert.equal(pictured.length, 4);
  for (const { id, stripped } of pictured) assert.ok(stripped, `cell ${id}`);
});

Deno.test("a cell has eight lines or fewer besides its imports, and defines nothing long", async () => {
  for (const notebook of NOTEBOOKS) {
    for (const { id, source } of await committedCells(notebook)) {
      const lines = source.replaceAll(/^import [^;]*;\n*/gm, "").trim().split("\n");
      assert.ok(lines.length <= 8, `${notebook}, cell ${id}: ${lines.length} lines`);
    }
  }
});

Deno.test("no notebook is large, or tells of the machine it ran on", async () => {
  for (const notebook of NOTEBOOKS) {
    const text = await Deno.readTextFile(notebook);
    assert.ok(text.length < LARGEST_NOTEBOOK, `${notebook}: ${text.length} bytes`);
    const path = /(?:file:\/\/|["'\s(](?:\/(?:home|root|tmp|work|Users|var)\/|[A-Z]:\\))[^"]{0,40}/
      .exec(text);
    assert.equal(path?.[0], undefined, notebook);
  }
});
