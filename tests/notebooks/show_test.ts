import assert from "node:assert/strict";
import { bulletList, inJupyter, liveOutput, paragraph, show } from "../../src/notebooks/show.ts";

/** What a function prints, line by line. */
async function printed(action: () => Promise<void>): Promise<unknown[]> {
  const lines: unknown[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => lines.push(...values);
  try {
    await action();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("outside of Jupyter, show() prints the plain text of each value", async () => {
  assert.equal(inJupyter(), false);
  const lines = await printed(() => show(paragraph("one *two*"), bulletList(["three", "four"])));
  assert.deepEqual(lines, ["one *two*", "- three\n- four"]);
});

Deno.test("outside of Jupyter, a live output prints each of its values", async () => {
  const lines = await printed(async () => {
    const output = liveOutput();
    await output(paragraph("first"));
    await output(paragraph("second"));
  });
  assert.deepEqual(lines, ["first", "second"]);
});
