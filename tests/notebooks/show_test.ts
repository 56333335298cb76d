import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import {
  bulletList,
  columns,
  DISPLAY,
  inJupyter,
  liveOutput,
  paragraph,
  show,
} from "../../src/notebooks/show.ts";

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

Deno.test("show() takes any value: texts as they are, all else as Deno prints it", async () => {
  const lines = await printed(() =>
    show("a_b *c*", { known: ["ok"] }, tf.tensor1d([1, 2]), [0.5], undefined)
  );
  const [text, object, tensor, ...others] = lines;
  assert.equal(text, "a_b *c*");
  assert.equal(object, '{ known: [ "ok" ] }');
  assert.match(String(tensor), /^Tensor\n\s+\[1, 2\]$/);
  assert.deepEqual(others, ["[ 0.5 ]", "undefined"]);
});

Deno.test("columns of texts, numbers and tensors make a table", async () => {
  const bundle = await columns("Scores", {
    label: ["na", "horn"],
    target: new Float32Array([0, 1]),
    score: tf.tensor2d([[0.25, 1]]),
  })[DISPLAY]();
  assert.deepEqual(bundle["text/plain"].split("\n").map((line) => line.trim().split(/ +/)), [
    ["Scores:"],
    [""],
    ["label", "target", "score"],
    ["─────", "──────", "─────"],
    ["na", "0", "0.250"],
    ["horn", "1", "1.000"],
  ]);
});

Deno.test("columns of different lengths are an error that names them", () => {
  assert.throws(
    () => columns("Scores", { label: ["na"], score: [1, 2] }),
    /^RangeError: "Scores": columns of one length make a table, not label: 1,score: 2$/,
  );
});
