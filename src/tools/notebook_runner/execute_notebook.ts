/**
 * Running a notebook from its first cell to its last, without a front end.
 *
 * @module
 */
import { dirname } from "@std/path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { type Execution, Kernel } from "./kernel.ts";
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
  const notebook = await readNotebook(path);
  try {
    await using kernel = await startKernel(path, options);
    await executeCells(kernel, path, notebook, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
  return notebook;
}

async function executeCells(
  kernel: Kernel,
  path: string,
  notebook: Notebook,
  { secondsPerCell, onCell }: ExecuteOptions,
): Promise<void> {
  const cells = filledCells(notebook);
  const collector = new OutputCollector();
  onCell?.(0, cells.length);
  for (const [index, cell] of cells.entries()) {
    const number = index + 1;
    try {
      const execution = await executeWithin(kernel, cell.source, secondsPerCell);
      throwErrorOf(execution);
      cell.outputs = collector.collect(execution.broadcasts);
    } catch (error) {
      const where = `${path}, code cell ${number} (${firstLine(cell.source)})`;
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    }
    cell.execution_count = number;
    onCell?.(number, cells.length);
  }
}

async function startKernel(
  path: string,
  { environment = {}, signal }: ExecuteOptions,
): Promise<Kernel> {
  try {
    return await Kernel.start({ folder: dirname(path), environment }, signal);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function executeWithin(kernel: Kernel, code: string, seconds: number): Promise<Execution> {
  const tooLong = new Error(
    `still running after ${seconds} s; its kernel was ended; --timeout SECONDS allows more`,
  );
  const timer = setTimeout(() => kernel.stop(tooLong), seconds * 1000);
  try {
    return await kernel.execute(code);
  } finally {
    clearTimeout(timer);
  }
}

const errorSchema = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});

/** @throws {Error} what went wrong in a cell: in its code, its last value's display or later. */
function throwErrorOf({ reply, broadcasts }: Execution): void {
  const broadcast = broadcasts.find(({ type }) => type === "error");
  if (broadcast !== undefined) throw new Error(errorText(errorSchema.parse(broadcast.content)));
  if (reply.status === "ok") return;
  // Deno's kernel broadcasts nothing, and says no more, of what it cannot parse.
  throw new Error(
    `${errorText(reply)}; does the code parse? \`deno task check\` says where it does not`,
  );
}

function errorText({ ename, evalue, traceback }: z.infer<typeof errorSchema>): string {
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
