import assert from "node:assert/strict";
import { withOwnDirection } from "../../src/text/escaped_text.ts";

Deno.test("names that run from right to left are isolated, others stay as they are", () => {
  assert.equal(withOwnDirection("שלום"), "\u2068שלום\u2069");
  assert.equal(withOwnDirection("قرن فرنسي 2"), "\u2068قرن فرنسي 2\u2069");
  for (const name of ["French horn", "żółw", "亀", "🦊", ""]) {
    assert.equal(withOwnDirection(name), name);
  }
});

Deno.test("a character that would turn the rest of the line ends with its name", () => {
  assert.equal(withOwnDirection("\u202Eevil"), "\u2068\u202Eevil\u2069");
});
