import assert from "node:assert/strict";
import {
  filledCells,
  type Notebook,
  notebookText,
  readNotebook,
} from "../../../src/tools/notebook_runner/notebook.ts";
import type { Output } from "../../../src/tools/notebook_runner/outputs.ts";
import { inTemporaryFolder } from "../../temporary_folder.ts";

const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" as const },
};

/** A notebook with everything the format treats in a way of its own. */
function uglyNotebook(): Notebook {
  const outputs: Output[] = [
    {
      output_type: "stream",
      name: "stdout",
      text: "a\r\nb\rc\x0bd\u2028e\x85f\n\nlast\x7f\t",
    },
    {
      output_type: "display_data",
      data: {
        "text/plain": "Figure",
        "image/svg+xml": "<svg>\n<g/>\n</svg>",
        "image/png": "iVBORw0KGgo=\n",
        "application/vnd.vegalite.v5+json": {
          b: [],
          a: {},
          "10": 1,
          "9": [1, [2, null], true, -0.5, 2, "x\ny"],
        },
        "text/html": "",
      },
      metadata: { "image/png": { width: 10 } },
    },
    {
      output_type: "execute_result",
      data: { "text/plain": "5" },
      metadata: {},
      execution_count: 1,
    },
  ];
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: METADATA,
    cells: [
      {
        cell_type: "markdown",
        id: "title",
        metadata: {},
        source: '# Żółw 亀\n\n$\\\\alpha$ "quoted"',
      },
      {
        cell_type: "code",
        id: "code-1",
        metadata: { tags: ["b", "a"] },
        source: "console.log(1);\n\nfoo();\n",
        execution_count: 1,
        outputs,
      },
      {
        cell_type: "code",
        id: "empty",
        metadata: {},
        source: "",
        execution_count: null,
        outputs: [],
      },
      { cell_type: "raw", id: "raw_1", metadata: {}, source: "raw" },
      {
        cell_type: "markdown",
        id: "m2",
        metadata: {},
        source: "![a](attachment:a.png)",
        attachments: { "a.png": { "image/png": "AAAA\nBBBB" } },
      },
    ],
  };
}

Deno.test("notebookText() writes the bytes that Jupyter's own nbformat 5.11 writes", async () => {
  const expected = await Deno.readTextFile(new URL("written_by_nbformat.txt", import.meta.url));
  assert.equal(notebookText(uglyNotebook()), expected);
});

Deno.test("a notebook that was written is read again as it was before its run", () =>
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/a.ipynb`;
    const notebook = uglyNotebook();
    await Deno.writeTextFile(path, notebookText(notebook));
    const read = await readNotebook(path);
    for (const cell of filledCells(notebook)) {
      Object.assign(cell, { outputs: [], execution_count: null });
    }
    assert.deepEqual(read.cells, notebook.cells);
  }));

Deno.test("cells tagged strip-output are written without output, and no cell with the time it ran", () => {
  const notebook = uglyNotebook();
  const cell = filledCells(notebook)[0]!;
  cell.metadata = { tags: ["strip-output"], execution: { "iopub.status.busy": "2020-01-01" } };
  const written = JSON.parse(notebookText(notebook)).cells[1];
  assert.deepEqual(written.outputs, []);
  assert.equal(written.execution_count, 1);
  assert.deepEqual(written.metadata, { tags: ["strip-output"] });
});

Deno.test("the file does not say which version of the language ran it", () => {
  const notebook = uglyNotebook();
  notebook.metadata.language_info = { name: "typescript", version: "1.2.3" };
  assert.equal(JSON.parse(notebookText(notebook)).metadata.language_info.version, undefined);
});

for (
  const [what, text, message] of [
    ["text", "hello", /a\.ipynb: not JSON/],
    ["other JSON", "{}", /a\.ipynb: .*format 4\.5 for the kernel deno is needed/s],
    [
      "a notebook for Python",
      withMetadata({ kernelspec: { name: "python3" } }),
      /kernelspec\.name.*python3/s,
    ],
    [
      "an old format",
      JSON.stringify({ ...bareNotebook([]), nbformat_minor: 4 }),
      /nbformat_minor.*found 4/s,
    ],
    [
      "a cell without an id",
      JSON.stringify(bareNotebook([{ cell_type: "raw", metadata: {}, source: "" }])),
      /cells\.0\.id/,
    ],
    [
      "a cell of an unknown type",
      JSON.stringify(bareNotebook([rawCell("a", "heading")])),
      /cells\.0/,
    ],
    [
      "two cells with one id",
      JSON.stringify(bareNotebook([rawCell("a"), rawCell("a")])),
      /two cells have the same id/,
    ],
  ] as const
) {
  Deno.test(`readNotebook() names the file and what is wrong with it: ${what}`, () =>
    inTemporaryFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/a.ipynb`, text);
      await assert.rejects(readNotebook(`${folder}/a.ipynb`), message);
    }));
}

function bareNotebook(cells: readonly unknown[]): Record<string, unknown> {
  return { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
}

function withMetadata(metadata: unknown): string {
  return JSON.stringify({ ...bareNotebook([]), metadata });
}

function rawCell(id: string, cell_type = "raw"): unknown {
  return { cell_type, id, metadata: {}, source: "" };
}
