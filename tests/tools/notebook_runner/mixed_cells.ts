/** Cells that show everything a cell can show, each with the outputs it must have. */

/** A cell's code and its outputs in the form of a notebook file. */
export interface ExpectedCell {
  readonly source: string;
  readonly outputs: readonly unknown[];
}

const stream = (name: string, text: string) => ({ output_type: "stream", name, text });
const display = (data: Record<string, unknown>) => ({
  output_type: "display_data",
  data,
  metadata: {},
});
const result = (execution_count: number, text: string) => ({
  output_type: "execute_result",
  execution_count,
  data: { "text/plain": text },
  metadata: {},
});

const MEGABYTE = 1_000_000;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>\n';
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const VEGA = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" };

/** Twelve cells, to be run in this order. */
export const MIXED_CELLS: readonly ExpectedCell[] = [
  {
    source: `for (let i = 0; i < 100; i++) {
  console.log("out", i);
  console.error("error", i);
}`,
    outputs: Array.from({ length: 100 }, (_, index) => [
      stream("stdout", `out ${index}\n`),
      stream("stderr", `error ${index}\n`),
    ]).flat(),
  },
  {
    source: `for (let i = 0; i < 3000; i++) console.log(i);
3000`,
    outputs: [
      stream("stdout", Array.from({ length: 3000 }, (_, index) => `${index}\n`).join("")),
      result(2, "3000"),
    ],
  },
  {
    source: `const show = (bundle: object, options = {}) =>
  Deno.jupyter.display(bundle, { raw: true, ...options });
await show({ "image/png": ${JSON.stringify(PNG)}, "text/plain": "dot" });
console.log("between");
await show({ "image/svg+xml": ${JSON.stringify(SVG)} });
await show({ "text/html": "<b>1</b>\\n<i>2</i>", "text/markdown": "**1** *2*" });
await show({ "application/vnd.vegalite.v5+json": ${JSON.stringify(VEGA)} });`,
    outputs: [
      display({ "image/png": PNG, "text/plain": "dot" }),
      stream("stdout", "between\n"),
      display({ "image/svg+xml": SVG }),
      display({ "text/html": "<b>1</b>\n<i>2</i>", "text/markdown": "**1** *2*" }),
      display({ "application/vnd.vegalite.v5+json": VEGA }),
    ],
  },
  {
    source: `await show({ "text/plain": "0 %" }, { display_id: "bar" });
for (let i = 1; i <= 50; i++) {
  await show({ "text/plain": \`\${i} %\` }, { display_id: "bar", update: true });
  console.log("step", i);
}`,
    outputs: [
      display({ "text/plain": "100 %" }), // by the last cell
      stream("stdout", Array.from({ length: 50 }, (_, index) => `step ${index + 1}\n`).join("")),
    ],
  },
  {
    source: `console.log("x".repeat(${MEGABYTE}));
await show({ "text/html": "y".repeat(${MEGABYTE}), "text/plain": "large" });
console.log("z".repeat(${MEGABYTE}));`,
    outputs: [
      stream("stdout", `${"x".repeat(MEGABYTE)}\n`),
      display({ "text/html": "y".repeat(MEGABYTE), "text/plain": "large" }),
      stream("stdout", `${"z".repeat(MEGABYTE)}\n`),
    ],
  },
  {
    source: `console.log("żółw 亀 👩‍🚀 \\u2028 \\u0000 \\\\ <IDS|MSG> <script>");
"\\u{1F422}"`,
    outputs: [
      stream("stdout", "żółw 亀 👩‍🚀 \u2028 \u0000 \\ <IDS|MSG> <script>\n"),
      result(6, '"🐢"'),
    ],
  },
  {
    source: `try {
  JSON.parse("{");
} catch (error) {
  console.error((error as Error).name);
}
await Promise.reject(new Error("rejected")).catch((error) => console.log(error.message));`,
    outputs: [stream("stderr", "SyntaxError\n"), stream("stdout", "rejected\n")],
  },
  {
    source: `const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
const late = gate.then(async () => {
  console.log("late");
  await show({ "text/plain": "late" });
});`,
    outputs: [],
  },
  {
    source: `console.log("before");
openGate();
await late;
await new Promise((resolve) => setTimeout(resolve, 30));
console.log("after");`,
    outputs: [
      stream("stdout", "before\nlate\n"),
      display({ "text/plain": "late" }),
      stream("stdout", "after\n"),
    ],
  },
  {
    source: `({ name: "bcena", scores: [0.25, 1], none: undefined })`,
    outputs: [
      result(10, '{ name: "bcena", scores: [ 0.25, 1 ], none: undefined }'),
    ],
  },
  {
    source: `console.log("cleared");
await Deno.jupyter.broadcast("clear_output", { wait: true });
console.log("stays");
({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<hr>" }) })`,
    outputs: [
      stream("stdout", "stays\n"),
      { ...result(11, ""), data: { "text/html": "<hr>" } },
    ],
  },
  {
    source: `await show({ "text/plain": "100 %" }, { display_id: "bar", update: true });
undefined`,
    outputs: [],
  },
];
