/**
 * Values that can display themselves by the protocol of Deno's Jupyter kernel, and functions to
 * show them; the only module that talks to the kernel.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { pause } from "../pause.ts";
import type { Sentence } from "../report/context.ts";
import { escapedMarkdown, withVisibleControls } from "../text/escaped_text.ts";
import {
  htmlTable,
  left,
  markdownTable,
  right,
  row,
  type Table,
  textTable,
} from "../text/table.ts";
import { count } from "../text/wording.ts";

/**
 * One output of a notebook cell in several forms, by MIME type; front ends draw the richest form
 * they support. Texts are plain, bytes are in base64, `application/...+json` is an object.
 */
export interface MimeBundle {
  /** The text for front ends that can draw nothing else; never empty. */
  readonly "text/plain": string;
  readonly [mimeType: string]: string | object;
}

/** The method by which Deno's kernel displays a value. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** A value that can display itself. */
export interface Displayable {
  readonly [DISPLAY]: () => MimeBundle | Promise<MimeBundle>;
}

/** A paragraph of plain text. */
export function paragraph(text: string): Displayable {
  return {
    [DISPLAY]: () => ({ "text/markdown": escapedMarkdown(text), "text/plain": text }),
  };
}

/** A bulleted list of plain texts; the subject of a sentence is highlighted. */
export function bulletList(entries: readonly (string | Sentence)[]): Displayable {
  const list = (textOf: (entry: string) => string, leadOf: (lead: string) => string) =>
    entries.map((entry) =>
      typeof entry === "string"
        ? `- ${textOf(entry)}`
        : `- ${leadOf(`${textOf(entry.lead)}:`)} ${textOf(entry.text)}`
    ).join("\n");
  return {
    [DISPLAY]: () => ({
      "text/markdown": list(escapedMarkdown, (lead) => `**${lead}**`),
      "text/plain": list((text) => text, (lead) => lead),
    }),
  };
}

/** A table as HTML, Markdown and plain text, with its caption above it. */
export function table(content: Table): Displayable {
  return {
    [DISPLAY]: () => ({
      "text/html": htmlTable(content),
      "text/markdown": markdownTable(content),
      "text/plain": `${content.caption}:\n\n${textTable(content)}`,
    }),
  };
}

/**
 * A table with one column per list of texts or numbers, or per tensor.
 *
 * @throws {RangeError} if the columns have different lengths
 */
export function columns(
  caption: string,
  content: Readonly<Record<string, ArrayLike<string | number> | tf.Tensor>>,
): Displayable {
  const lists = Object.entries(content).map(([title, values]) =>
    [
      title,
      Array.from<string | number>(values instanceof tf.Tensor ? values.dataSync() : values),
    ] as const
  );
  const lengths = lists.map(([title, { length }]) => `${title}: ${length}`);
  const rows = lists[0]?.[1].length ?? 0;
  if (lists.some(([, { length }]) => length !== rows)) {
    throw new RangeError(`"${caption}": columns of one length make a table, not ${lengths}`);
  }
  const cells = lists.map(([, values]) => cellsOf(values));
  return table({
    caption,
    columns: lists.map(([title, values]) =>
      values.every((value) => typeof value === "string") ? left(title) : right(title)
    ),
    rows: Array.from({ length: rows }, (_, index) => row(...cells.map((column) => column[index]!))),
  });
}

/** Decimals in columns that contain more than whole numbers. */
const DIGITS = 3;

function cellsOf(values: readonly (string | number)[]): string[] {
  const whole = values.every((value) => typeof value === "string" || Number.isInteger(value));
  return values.map((value) =>
    typeof value === "string" ? value : whole ? count(value) : value.toFixed(DIGITS)
  );
}

/**
 * Shows values below the cell, one after the other: displayable values in their own form, texts as
 * they are, all others as Deno prints them. Must be awaited, or the next cell may get the output.
 * Outside Jupyter it prints their plain text.
 */
export async function show(...values: readonly unknown[]): Promise<void> {
  for (const value of values) await display(await bundleOf(value));
}

function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (typeof value === "object" && value !== null && DISPLAY in value) {
    return (value as Displayable)[DISPLAY]();
  }
  if (typeof value === "string") return paragraph(value)[DISPLAY]();
  const text = value instanceof tf.Tensor ? value.toString() : Deno.inspect(value, INSPECTION);
  return { "text/plain": text };
}

/** Deep enough for an experiment with its profile. */
const INSPECTION: Deno.InspectOptions = { depth: 6, iterableLimit: 20 };

/**
 * An output below the cell that changes while the cell runs; it appears with its first value. Each
 * call replaces the value shown; outside Jupyter it prints the value's plain text.
 */
export function liveOutput(): (value: Displayable) => Promise<void> {
  const display_id = crypto.randomUUID();
  let update = false;
  return async (value) => {
    const bundle = await value[DISPLAY]();
    const options = { display_id, update };
    update = true;
    await display(bundle, options);
  };
}

/** Whether this program is a notebook's kernel. */
export function inJupyter(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    // Deno throws if there is no kernel.
    return false;
  }
}

async function display(
  bundle: MimeBundle,
  options: Pick<Deno.jupyter.DisplayOptions, "display_id" | "update"> = {},
): Promise<void> {
  if (!inJupyter()) return console.log(withVisibleControls(bundle["text/plain"]));
  await Deno.jupyter.display(bundle, { raw: true, ...options });
  // The kernel only queues an output; another of its threads signs and sends it, and may report the
  // cell as finished before that. Front ends drop what comes later, and nothing tells when it is
  // sent: with all cores busy, half a megabyte took up to 30 ms.
  const megabytes = JSON.stringify(bundle).length / 1e6;
  await pause(50 + 200 * megabytes);
}
