import assert from "node:assert/strict";
import { DISPLAY } from "../../src/notebooks/display.ts";
import { bulletList, paragraph } from "../../src/notebooks/prose.ts";

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
