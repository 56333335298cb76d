/**
 * Notebook files (.ipynb, format 4.5), written byte for byte as Jupyter writes them.
 *
 * Source: https://nbformat.readthedocs.io/en/latest/format_description.html
 *
 * @module
 */
import { z } from "zod";
import { readCheckedJson } from "../../files/checked_json.ts";
import type { Output } from "./outputs.ts";

/** A text that a file may store as a list of lines. */
const text = z.union([z.string(), z.array(z.string())])
  .transform((value) => typeof value === "string" ? value : value.join(""));

const cellFields = {
  id: z.string().regex(/^[\w-]{1,64}$/),
  metadata: z.looseObject({ tags: z.array(z.string()).optional() }),
  source: text,
};

const cellSchema = z.discriminatedUnion("cell_type", [
  z.strictObject({
    cell_type: z.literal("code"),
    ...cellFields,
    // A run sets it again.
    execution_count: z.unknown().transform((): number | null => null),
    outputs: z.array(z.unknown()).transform((): Output[] => []),
  }),
  z.strictObject({
    cell_type: z.enum(["markdown", "raw"]),
    ...cellFields,
    attachments: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  }),
]);

const notebookSchema = z.strictObject({
  cells: z.array(cellSchema).refine(
    (cells) => new Set(cells.map(({ id }) => id)).size === cells.length,
    "two cells have the same id",
  ),
  metadata: z.looseObject({ kernelspec: z.looseObject({ name: z.literal("deno") }) }),
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
});

/** A notebook for Deno's kernel. */
export type Notebook = z.infer<typeof notebookSchema>;

/** A cell with code and its outputs. */
export type CodeCell = Extract<Notebook["cells"][number], { cell_type: "code" }>;

/** The tag of cells that are run without writing their outputs into the file. */
const STRIP_OUTPUT = "strip-output";

/** The file's metadata about kernel and language, the same for every version that ran it. */
const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

/**
 * Reads a notebook as if it had not been run.
 *
 * @throws {Error} that names the file and the fault if it is not a notebook for Deno's kernel
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const remedy =
    "a notebook of format 4.5 for the kernel deno is needed, as current versions of Jupyter save it";
  return await readCheckedJson(path, notebookSchema, remedy);
}

/** The cells with code, in order, without empty ones, which Jupyter does not run or count. */
export function filledCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code")
    .filter(({ source }) => source.trim() !== "");
}

/**
 * The content of a notebook's file: sorted keys, one space per level, texts as lists of lines, and
 * nothing that changes between runs with the same outputs.
 */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    // Jupyter stores the time of a cell's run here.
    const { execution: _, ...metadata } = cell.metadata;
    const source = linesOf(cell.source);
    if (cell.cell_type !== "code") return { ...cell, metadata, source };
    const outputs = metadata.tags?.includes(STRIP_OUTPUT) ? [] : cell.outputs.map(withLines);
    return { ...cell, metadata, source, outputs };
  });
  const metadata = { ...notebook.metadata, ...METADATA };
  return `${jsonWithSortedKeys({ ...notebook, cells, metadata })}\n`;
}

function withLines(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  const data = Object.entries(output.data).map(([mimeType, value]) => {
    const splits = SPLIT_MIME_TYPES.test(mimeType) && typeof value === "string";
    return [mimeType, splits ? linesOf(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

/** Types stored as lists of lines. */
const SPLIT_MIME_TYPES = /^(?:text\/.*|application\/javascript|image\/svg\+xml)$/;

/** Lines with their line ends, split like by Python's `str.splitlines`. */
function linesOf(value: string): string[] {
  // deno-lint-ignore no-control-regex
  return value.match(/.*?(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|.+$/gs) ?? [];
}

/** JSON with all keys sorted as text, even numeric ones, which `JSON.stringify` puts first. */
function jsonWithSortedKeys(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent} `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((item) => jsonWithSortedKeys(item, inner))
    : Object.keys(value).sort().map((key) =>
      `${JSON.stringify(key)}: ${jsonWithSortedKeys(Reflect.get(value, key), inner)}`
    );
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
}
