/**
 * Checks format, style and types of the code in notebooks, which `deno fmt --check`, `deno lint` and
 * `deno check` cannot: Deno 2.9 takes every cell that does not end in a line break for unformatted,
 * and does not read notebooks otherwise.
 *
 * @module
 */
import { basename, fromFileUrl, join, toFileUrl } from "@std/path";
import { notebooksIn } from "./command.ts";
import { filledCells, readNotebook } from "./notebook.ts";

/** Of this project: what cells may import, and under which rules. */
const CONFIGURATION = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** What Deno found wrong in the notebooks' cells, or `undefined`. */
export async function checkCells(notebooks: readonly string[]): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    const perNotebook = await Promise.all(notebooks.map(async (notebook, index) => {
      const prefix = join(folder, `${index}-${basename(notebook, ".ipynb")}`);
      const sources = filledCells(await readNotebook(notebook)).map(({ source }) => source);
      return {
        cells: await Promise.all(
          sources.map((source, cell) =>
            writeCell(`${prefix}-${cell + 1}.ts`, source, `${notebook}, code cell ${cell + 1}`)
          ),
        ),
        whole: await writeWhole(`${prefix}.ts`, sources, notebook),
      };
    }));
    const cells = perNotebook.flatMap(({ cells }) => cells);
    const whole = perNotebook.map(({ whole }) => whole);
    const problems = [
      await problemsOf(["fmt", "--check"], cells),
      await problemsOf(["lint", "--compact", "--quiet"], whole),
      await problemsOf(["check", "--quiet"], whole),
    ].filter((text) => text !== undefined);
    return problems.length === 0 ? undefined : problems.join("\n\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A module that was made of cells. */
interface CellModule {
  readonly path: string;
  /** Names notebook and cells in a text that names the module and its lines. */
  readonly named: (text: string) => string;
}

async function writeCell(path: string, source: string, name: string): Promise<CellModule> {
  await Deno.writeTextFile(path, `${source}\n`);
  return { path, named: (text) => text.replaceAll(`${path}:`, `${name}:`) };
}

async function writeWhole(
  path: string,
  sources: readonly string[],
  notebook: string,
): Promise<CellModule> {
  const { code, locate } = joinCells(sources);
  await Deno.writeTextFile(path, code);
  // `check` writes `file:///a.ts:1:2`, `lint` writes `file:///a.ts: line 1, col 2`.
  const position = /^:(?: line )?(\d+)(?::|, col )(\d+)/;
  const named = (text: string) => {
    const [before, ...parts] = text.split(toFileUrl(path).href);
    return before +
      parts.map((part) =>
        notebook + part.replace(position, (_, joinedLine, column) => {
          const { cell, line } = locate(Number(joinedLine));
          return `, code cell ${cell}, line ${line}, column ${column}`;
        })
      ).join("");
  };
  return { path, named };
}

/** The code of a notebook's cells, joined. */
export interface JoinedCells {
  readonly code: string;
  /** Says which cell a line of the code is from, and which line of the cell; all from 1. */
  readonly locate: (line: number) => { readonly cell: number; readonly line: number };
}

/** Joins the code of cells, in order, so that each sees what those before it declare. */
export function joinCells(sources: readonly string[]): JoinedCells {
  const starts: number[] = [];
  let lines = 0;
  for (const source of sources) {
    starts.push(lines);
    lines += source.split("\n").length;
  }
  return {
    // Without an import or export, top-level await would not be allowed.
    code: `${sources.join("\n")}\nexport {};\n`,
    locate: (line) => {
      const cell = starts.findLastIndex((start) => start < line);
      return { cell: cell + 1, line: line - starts[cell]! };
    },
  };
}

async function problemsOf(
  command: readonly string[],
  modules: readonly CellModule[],
): Promise<string | undefined> {
  if (modules.length === 0) return undefined;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, "--config", CONFIGURATION, ...modules.map(({ path }) => path)],
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
  }).output();
  if (success) return undefined;
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return modules.reduce((named, module) => module.named(named), text).trim();
}

if (import.meta.main) {
  try {
    const notebooks = Deno.args.length > 0 ? Deno.args : await notebooksIn("notebooks");
    const problems = await checkCells(notebooks);
    if (problems !== undefined) throw new Error(`notebook cells:\n${problems}`);
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    Deno.exitCode = 1;
  }
}
