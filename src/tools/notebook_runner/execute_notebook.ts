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
  try {
    await using kernel = await naming(
      path,
      () => Kernel.start({ folder: dirname(path), environment }, signal),
    );
    onCell?.(0, cells.length);
    for (const [index, cell] of cells.entries()) {
      const number = index + 1;
      await naming(`${path}, code cell ${number} (${firstLine(cell.source)})`, async () => {
        const execution = await executeWithin(kernel, cell.source, secondsPerCell);
        throwErrorOf(execution);
        cell.outputs = collector.collect(execution.broadcasts);
      });
      cell.execution_count = number;
      onCell?.(number, cells.length);
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

async function executeWithin(kernel: Kernel, code: string, seconds: number): Promise<Execution> {
  using _limit = kernel.stopAfter(
    seconds,
    `still running after ${seconds} s; its kernel was ended; --timeout SECONDS allows more`,
  );
  return await kernel.execute(code);
}

/** @throws {Error} what went wrong in a cell: in its code, its last value's display or later. */
function throwErrorOf({ reply, broadcasts }: Execution): void {
  const broadcast = broadcasts.find(({ type }) => type === "error");
  if (broadcast !== undefined) throw new Error(errorText(errorContent.parse(broadcast.content)));
  if (reply.status === "ok") return;
  // Deno's kernel broadcasts nothing, and says no more, of what it cannot parse.
  throw new Error(
    `${errorText(reply)}; does the code parse? \`deno task check\` says where it does not`,
  );
}

function errorText({ ename, evalue, traceback }: z.infer<typeof errorContent>): string {
  const summary = `${ename}: ${evalue}`;
  // Lines of Deno's own modules say nothing of the cell.
  const trace = traceback.filter((line) => !/^\s+at .*\bext:/.test(line)).join("\n").trimEnd();
  const text = trace.startsWith(summary) ? trace : `${summary}\n${trace}`.trimEnd();
  return stripVTControlCharacters(text);
}

const SHOWN_CHARACTERS = 60;

function firstLine(source: string): string {
  const line = source.trim().split("\n")[0]!;
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}...`;
}
