/**
 * Running a notebook from its first cell to its last, without a front end.
 *
 * @module
 */
import { dirname } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import type { z } from "zod";
import { errorContent, type Execution, Kernel } from "./kernel.ts";
import { filledCells, type Notebook, readNotebook } from "./notebook.ts";
import { OutputCollector } from "./outputs.ts";

/** How notebooks are run. */
export interface ExecuteOptions {
  /** Environment variables for the kernel besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The longest that one cell may take. */
  readonly secondsPerCell: number;
  /** Ends the run, and the kernel with it. */
  readonly signal?: AbortSignal;
  /** Is told before the first cell and after each. */
  readonly onCell?: (done: number, total: number) => void;
}

/**
 * Runs a notebook's cells in a kernel of their own, in the notebook's folder.
 *
 * @returns the notebook with the outputs of this run
 * @throws {Error} if the file is no notebook, or at the first cell that throws, shows something
 *   malformed, takes too long or ends its kernel; the message has file, cell and error
 */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Notebook> {
  const { environment = {}, secondsPerCell, signal, onCell } = options;
  const notebook = await readNotebook(path);
  const cells = filledCells(notebook);
  const collector = new OutputCollector();
  const tooLong =
    `still running after ${secondsPerCell} s; its kernel was ended; --timeout SECONDS allows more`;
  try {
    const kernelOptions = { folder: dirname(path), environment };
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

/** Says in the error of some work where it happened. */
async function naming<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws {Error} what went wrong in a cell: in its code, its last value's display or later. */
function throwErrorOf({ reply, broadcasts }: Execution): void {
  const broadcast = broadcasts.find(({ type }) => type === "error");
  if (broadcast !== undefined) throw new Error(errorText(errorContent.parse(broadcast.content)));
  if (reply.status === "ok") return;
  // Deno's kernel broadcasts nothing, and says no more, of what it cannot parse.
  const hint = "does the code parse? `deno task check` says where it does not";
  throw new Error(`${errorText(reply)}; ${hint}`);
}

function errorText({ ename, evalue, traceback }: z.infer<typeof errorContent>): string {
  const summary = `${ename}: ${evalue}`;
  // Lines of Deno's own modules say nothing of the cell.
  const trace = traceback.filter((line) => !/^\s+at .*\bext:/.test(line)).join("\n").trimEnd();
  const text = trace.startsWith(summary) ? trace : `${summary}\n${trace}`.trimEnd();
  return stripVTControlCharacters(text);
}

function firstLine(source: string): string {
  const line = source.trim().split("\n")[0]!;
  return line.length <= 60 ? line : `${line.slice(0, 60)}...`;
}
