import assert from "node:assert/strict";
import {
  asOneLine,
  escapedHtml,
  escapedMarkdown,
  jsonForTerminal,
  jsonInHtml,
  withOwnDirection,
  withVisibleControls,
} from "../../src/text/escaped_text.ts";

// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

/** Clears the screen, sets the title, rings, goes back; C1's form of the first; DEL. */
const COMMANDS = "a\x1b[2J\x1b]0;b\x07\b\rc\x9b2J\x7f\0";

Deno.test("no control character gets through to a terminal, a report or a page", () => {
  const escapes = "a\\u001b[2J\\u001b]0;b\\u0007\\u0008\\u000dc\\u009b2J\\u007f\\u0000";
  assert.equal(withVisibleControls(COMMANDS), escapes);
  assert.equal(asOneLine(`${COMMANDS}\nerror: d`), `${escapes}\\u000aerror: d`);
  assert.equal(escapedHtml(COMMANDS), escapes);
  assert.doesNotMatch(escapedMarkdown(COMMANDS), CONTROL);
  assert.match(escapedMarkdown("\x1b[2J"), /^\\\\u001b\\\[2J$/);
  for (const json of [jsonInHtml, jsonForTerminal]) {
    assert.doesNotMatch(json({ [COMMANDS]: COMMANDS }), CONTROL);
    assert.deepEqual(JSON.parse(json({ [COMMANDS]: COMMANDS })), { [COMMANDS]: COMMANDS });
  }
});

Deno.test("names in other scripts, emoji and line feeds of whole texts stay as they are", () => {
  const text = "żółw 亀 👍🏽 é שלום\nline two\u00a0\u00ad";
  assert.equal(withVisibleControls(text), text);
});

Deno.test("an address in a name becomes no link in Markdown", () => {
  assert.equal(escapedMarkdown("http://x.org"), "http\\://x.org");
  assert.equal(escapedMarkdown("(HTTPS://x) ftp://y"), "(HTTPS\\://x) ftp\\://y");
  assert.equal(escapedMarkdown("www.x.org WWW.y"), "www\\.x.org WWW\\.y");
  assert.equal(escapedMarkdown("known: 1, awww. 2"), "known: 1, awww. 2");
});

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
