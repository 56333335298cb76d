/**
 * Checks format, style and types of the code in notebooks, which `deno fmt --check`, `deno lint`
 * and `deno check` cannot: Deno 2.9 reports every cell that does not end in a line break as
 * unformatted, and does not read notebooks otherwise.
 *
 * @module
 */
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { notebooksIn } from "./command.ts";
import { filledCells, readNotebook } from "./notebook.ts";

/** This project's configuration: the imports that cells may use, and the rules. */
const CONFIGURATION = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** The problems Deno found in the notebooks' cells, or `undefined`. */
export async function checkCells(notebooks: readonly string[]): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    // For each notebook, one module of all its cells, and one module per cell.
    const wholes: string[] = [];
    const cells: string[] = [];
    const joined: JoinedCells[] = [];
    for (const [index, notebook] of notebooks.entries()) {
      const sources = filledCells(await readNotebook(notebook)).map(({ source }) => source);
      const whole = joinCells(sources);
      joined.push(whole);
      wholes.push(join(folder, `${index}.ts`));
      await Deno.writeTextFile(wholes.at(-1)!, whole.code);
      for (const [cell, source] of sources.entries()) {
        cells.push(join(folder, `${index}-${cell + 1}.ts`));
        await Deno.writeTextFile(cells.at(-1)!, `${source}\n`);
      }
    }
    const problems = [
      await problemsOf(["fmt", "--check"], cells),
      await problemsOf(["lint", "--compact", "--quiet"], wholes),
      await problemsOf(["check", "--quiet"], wholes),
    ].filter((text) => text !== undefined).join("\n\n");
    if (problems === "") return undefined;
    const modules = problems.replaceAll(toFileUrl(folder).href, folder).split(join(folder, "/"));
    return modules.map((text) => named(text, notebooks, joined)).join("");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** `fmt` writes `0-1.ts:`, `check` writes `0.ts:1:2`, `lint` writes `0.ts: line 1, col 2`. */
const MODULE = /^(\d+)(?:-(\d+))?\.ts(?::(?: line )?(\d+)(?::|, col )(\d+))?/;

/** Replaces module names and lines in a text by notebook, cell and line. */
function named(text: string, notebooks: readonly string[], joined: readonly JoinedCells[]): string {
  return text.replace(MODULE, (_, index, ownCell, line, column) => {
    const at = line === undefined || ownCell !== undefined
      ? { cell: ownCell, line }
      : joined[index]!.locate(Number(line));
    return [
      notebooks[index],
      ...(at.cell === undefined ? [] : [`code cell ${at.cell}`]),
      ...(line === undefined ? [] : [`line ${at.line}`, `column ${column}`]),
    ].join(", ");
  });
}

type JoinedCells = ReturnType<typeof joinCells>;

/** Joins the code of cells, in order, so that each sees the declarations of earlier ones. */
export function joinCells(sources: readonly string[]) {
  const places = sources.flatMap((source, index) =>
    source.split("\n").map((_, line) => ({ cell: index + 1, line: line + 1 }))
  );
  return {
    // Without an import or export, top-level await would not be allowed.
    code: `${sources.join("\n")}\nexport {};\n`,
    /** The cell of a line of the code, and the line in this cell; all counted from 1. */
    locate: (line: number) => places[line - 1] ?? places.at(-1)!,
  };
}

async function problemsOf(command: string[], paths: string[]): Promise<string | undefined> {
  if (paths.length === 0) return undefined;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, "--config", CONFIGURATION, ...paths],
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
  }).output();
  if (success) return undefined;
  return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("").trim();
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
