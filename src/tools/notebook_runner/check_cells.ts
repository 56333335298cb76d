/**
 * Checks format, style and types of the code in notebooks, which `deno fmt --check`, `deno lint` and
 * `deno check` cannot: Deno 2.9 takes every cell that does not end in a line break for unformatted,
 * and does not read notebooks otherwise.
 *
 * @module
 */
import { basename, fromFileUrl, join, toFileUrl } from "@std/path";
import { notebooksIn } from "./command.ts";
import { joinCells } from "./joined_cells.ts";
import { filledCells, readNotebook } from "./notebook.ts";

/** Of this project: what cells may import, and under which rules. */
const CONFIGURATION = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** What Deno found wrong in the notebooks' cells, or `undefined`. */
export async function checkCells(notebooks: readonly string[]): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    const perNotebook = await Promise.all(notebooks.map(async (notebook, index) => {
      const prefix = join(folder, `${index}-${basename(notebook, ".ipynb")}`);
      return await writeModules(notebook, prefix);
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

/** One module per cell, and one of all cells. */
interface NotebookModules {
  readonly cells: readonly CellModule[];
  readonly whole: CellModule;
}

async function writeModules(notebook: string, prefix: string): Promise<NotebookModules> {
  const sources = filledCells(await readNotebook(notebook)).map(({ source }) => source);
  const cells = await Promise.all(sources.map(async (source, index) => {
    const path = `${prefix}-${index + 1}.ts`;
    await Deno.writeTextFile(path, `${source}\n`);
    const named = (text: string) =>
      text.replaceAll(`${path}:`, `${notebook}, code cell ${index + 1}:`);
    return { path, named };
  }));
  const { code, locate } = joinCells(sources);
  const path = `${prefix}.ts`;
  await Deno.writeTextFile(path, code);
  // `check` writes `file:///a.ts:1:2`, `lint` writes `file:///a.ts: line 1, col 2`.
  const position = /^:(?: line )?(\d+)(?::|, col )(\d+)/;
  const named = (text: string) =>
    text.split(toFileUrl(path).href).map((part, index) => {
      if (index === 0) return part;
      return notebook + part.replace(position, (_, joinedLine, column) => {
        const { cell, line } = locate(Number(joinedLine));
        return `, code cell ${cell}, line ${line}, column ${column}`;
      });
    }).join("");
  return { cells, whole: { path, named } };
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
