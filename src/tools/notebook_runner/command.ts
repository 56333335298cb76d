/**
 * `deno task notebooks`: runs notebooks from their first cell to the last, without a front end, and
 * writes their outputs into their files.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import type { z } from "zod";
import type { ShowProgress } from "../../data/progress.ts";
import { readWholeFile, writeWholeFile } from "../../files/whole_file.ts";
import { errorContent, type Execution, Kernel } from "./kernel.ts";
import { filledCells, type Notebook, notebookText, readNotebook } from "./notebook.ts";
import { OutputCollector } from "./outputs.ts";

/** Options for running a notebook's cells. */
export interface ExecuteOptions {
  /** Environment variables for the kernel, in addition to this process's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The time limit of a cell. */
  readonly secondsPerCell: number;
  /** Ends the run, and the kernel with it. */
  readonly signal?: AbortSignal;
  /** Called before the first cell and after each. */
  readonly onCell?: (done: number, total: number) => void;
}

/** Options for running notebooks and saving their outputs. */
export interface NotebooksOptions extends Omit<ExecuteOptions, "onCell"> {
  /** Only runs the notebooks and writes nothing. */
  readonly check: boolean;
  /** Receives a line about the outcome of each notebook. */
  readonly log: (line: string) => void;
  /** Shows the progress of a notebook. */
  readonly progress?: ShowProgress;
}

/**
 * The notebooks of a folder, sorted by name.
 *
 * @throws {Error} if there are none
 */
export async function notebooksIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  });
  const files = entries.filter(({ name, isFile }) => isFile && name.endsWith(".ipynb"));
  if (files.length === 0) throw new Error(`${folder}: no notebooks (*.ipynb) there; name some`);
  return files.map(({ name }) => join(folder, name)).sort();
}

/**
 * Runs notebooks one after the other, each to its end or its first error, and writes the outputs of
 * complete ones.
 *
 * @throws {Error} if any failed; their errors have been logged
 * @throws the signal's reason, if it stopped them
 */
export async function runNotebooks(
  files: readonly string[],
  options: NotebooksOptions,
): Promise<void> {
  const failed: string[] = [];
  for (const file of files) {
    try {
      await runNotebook(file, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      // A line each: a log line shows a line feed as an escape.
      for (const line of `FAIL  ${(error as Error).message}`.split("\n")) options.log(line);
      failed.push(file);
    }
  }
  if (failed.length > 0) {
    throw new Error(`${failed.length} of ${files.length} notebooks failed: ${failed.join(", ")}`);
  }
}

async function runNotebook(file: string, options: NotebooksOptions): Promise<void> {
  const before = await readWholeFile(file, "name a notebook that is there");
  const started = performance.now();
  const progress = options.progress?.(file, "cells");
  const onCell = (done: number, total: number) => progress?.update(done, total);
  const notebook = await executeNotebook(file, { ...options, onCell })
    .finally(() => progress?.stop());
  const after = notebookText(notebook);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const outcome = options.check ? "ran" : after === before ? "unchanged" : "written";
  if (outcome === "written") {
    if (await readWholeFile(file, "it was there before the run") !== before) {
      throw new Error(`${file}: changed while it ran, so it was not written; run it again`);
    }
    await writeWholeFile(file, after);
  }
  options.log(`ok    ${file}: ${outcome}, ${seconds} s`);
}

/**
 * Runs a notebook's cells in a new kernel, in the notebook's folder.
 *
 * @returns the notebook with the outputs of this run
 * @throws {Error} if the file is not a notebook, or at the first cell that throws, shows malformed
 *   output, takes too long or ends its kernel; names file, cell and error
 */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Notebook> {
  const { secondsPerCell, signal, onCell } = options;
  const notebook = await readNotebook(path);
  const cells = filledCells(notebook);
  const collector = new OutputCollector();
  const tooLong =
    `still running after ${secondsPerCell} s; its kernel was ended; --timeout SECONDS allows more`;
  try {
    const kernelOptions = { ...options, folder: dirname(path) };
    await using kernel = await naming(path, () => Kernel.start(kernelOptions, signal));
    onCell?.(0, cells.length);
    for (const [index, cell] of cells.entries()) {
      cell.execution_count = index + 1;
      await naming(`${path}, code cell ${index + 1} (${firstLine(cell.source)})`, async () => {
        using _limit = kernel.stopAfter(secondsPerCell, tooLong);
        const execution = await kernel.execute(cell.source);
        throwErrorOf(execution);
        cell.outputs = collector.collect(execution.broadcasts);
      });
      onCell?.(index + 1, cells.length);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  return notebook;
}

/** Runs some work; prefixes its error with the place where it happened. */
async function naming<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws {Error} the error of a cell: in its code, in displaying its last value, or later. */
function throwErrorOf({ reply, broadcasts }: Execution): void {
  const broadcast = broadcasts.find(({ type }) => type === "error");
  if (broadcast !== undefined) throw new Error(errorText(errorContent.parse(broadcast.content)));
  if (reply.status === "ok") return;
  // Deno's kernel broadcasts no error and gives no details for code that it cannot parse.
  const hint = "does the code parse? `deno task check` says where it does not";
  throw new Error(`${errorText(reply)}; ${hint}`);
}

function errorText({ ename, evalue, traceback }: z.infer<typeof errorContent>): string {
  const summary = `${ename}: ${evalue}`;
  // Lines of Deno's own modules do not help to find the error in the cell.
  const trace = traceback.filter((line) => !/^\s+at .*\bext:/.test(line)).join("\n").trimEnd();
  const text = trace.startsWith(summary) ? trace : `${summary}\n${trace}`.trimEnd();
  return stripVTControlCharacters(text);
}

function firstLine(source: string): string {
  const line = source.trim().split("\n")[0]!;
  return line.length <= 60 ? line : `${line.slice(0, 60)}...`;
}
