import assert from "node:assert/strict";
import { bulletList, DISPLAY, paragraph, table } from "../../src/notebooks/show.ts";
import type { Table } from "../../src/text/table.ts";

const UGLY: Table = {
  caption: "<b>caption</b>",
  columns: [{ title: 'a "b" & c', align: "left" }, { title: "a_b", align: "right" }],
  rows: [
    { published: false, cells: ["<script>alert(1)</script>", "1"] },
    { published: true, cells: ["x|y *z*", "2"] },
  ],
};

Deno.test("plain text stays plain in Markdown", async () => {
  assert.deepEqual(await paragraph("results/own_set: 1 * 2 < 3")[DISPLAY](), {
    "text/markdown": "results/own\\_set: 1 \\* 2 &lt; 3",
    "text/plain": "results/own_set: 1 * 2 < 3",
  });
});

Deno.test("a list has a bullet before each entry, and what a sentence is about in bold", async () => {
  const list = bulletList(["one *", { lead: "Not reproduced", text: "two." }]);
  assert.deepEqual(await list[DISPLAY](), {
    "text/markdown": "- one \\*\n- **Not reproduced:** two.",
    "text/plain": "- one *\n- Not reproduced: two.",
  });
});

Deno.test("a table is HTML, Markdown and plain text at once", async () => {
  const bundle = await table(UGLY)[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).sort(), ["text/html", "text/markdown", "text/plain"]);
});

Deno.test("names that are markup stay text in a table's HTML", async () => {
  const html = String((await table(UGLY)[DISPLAY]())["text/html"]);
  assert.match(html, /<caption[^>]*>&lt;b&gt;caption&lt;\/b&gt;<\/caption>/);
  assert.match(html, /<th style="text-align: left">a &quot;b&quot; &amp; c<\/th>/);
  assert.match(html, /<td style="text-align: left">&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/td>/);
  assert.match(html, /<td style="text-align: right"><em>2<\/em><\/td>/);
});

Deno.test("names that are markup stay text in a table's Markdown, in their cells", async () => {
  const lines = String((await table(UGLY)[DISPLAY]())["text/markdown"]).split("\n");
  assert.deepEqual(lines, [
    "&lt;b&gt;caption&lt;/b&gt;:",
    "",
    '| a "b" &amp; c | a\\_b |',
    "| --- | ---: |",
    "| &lt;script&gt;alert(1)&lt;/script&gt; | 1 |",
    "| x\\|y \\*z\\* | 2 |",
  ]);
});

Deno.test("a table's plain text lines up its columns below its caption", async () => {
  const lines = (await table(UGLY)[DISPLAY]())["text/plain"].split("\n");
  assert.equal(lines[0], "<b>caption</b>:");
  assert.equal(lines.at(-1), "x|y *z*                      2");
  assert.equal(lines.at(-2), "<script>alert(1)</script>    1");
});
