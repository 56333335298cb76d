/**
 * `deno task notebooks`: runs notebooks and writes their outputs into their files.
 *
 * @module
 */
import { join } from "@std/path";
import type { ShowProgress } from "../../data/progress.ts";
import { readWholeFile, writeWholeFile } from "../../files/whole_file.ts";
import { executeNotebook, type ExecuteOptions } from "./execute_notebook.ts";
import { notebookText } from "./notebook.ts";

/** What to do with the notebooks, and how to run them. */
export interface NotebooksOptions extends Omit<ExecuteOptions, "onCell"> {
  /** Runs them only; writes nothing. */
  readonly check: boolean;
  /** Is told how it went with each notebook. */
  readonly log: (line: string) => void;
  /** Shows how far a notebook is. */
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
 * those that ran to the end.
 *
 * @throws {Error} if one failed; what each error was has been logged. If stopped by the signal, its
 *   reason.
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
      options.log(`FAIL  ${(error as Error).message}`);
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
