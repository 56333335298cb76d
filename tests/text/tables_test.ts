import assert from "node:assert/strict";
import { htmlTable, left, markdownTable, right, row, type Table } from "../../src/text/table.ts";

const TABLE: Table = {
  caption: "A <caption>",
  columns: [left("a | b"), right("n")],
  rows: [row("<script>", "1"), { published: true, cells: ["x".repeat(60), "2"] }],
};

Deno.test("a table in Markdown has its caption above it, and text stays text", () => {
  assert.equal(
    markdownTable(TABLE),
    [
      "A &lt;caption&gt;:",
      "",
      "| a \\| b | n |",
      "| --- | ---: |",
      "| &lt;script&gt; | 1 |",
      `| ${"x".repeat(60)} | 2 |`,
    ].join("\n"),
  );
});

Deno.test("a table in HTML aligns its cells, marks long ones, and text stays text", () => {
  const html = htmlTable(TABLE);
  assert.match(html, /<caption[^>]*>A &lt;caption&gt;<\/caption>/);
  assert.match(html, /<th style="text-align: right">n<\/th>/);
  assert.match(html, /<tr><td style="text-align: left">&lt;script&gt;<\/td>/);
  assert.match(html, /<td class="long" style="text-align: left"><em>x+<\/em><\/td>/);
});

Deno.test("rows of others are told apart from ours in HTML", () => {
  const rows = htmlTable(TABLE).split("\n").filter((line) => line.startsWith("<tr"));
  assert.deepEqual(rows.map((line) => line.startsWith('<tr class="published">')), [false, true]);
  assert.match(rows[1]!, /<em>2<\/em>/);
});
