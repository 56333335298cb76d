/** Notebooks made for tests. */
import { join } from "@std/path";

/** A cell for a notebook of a test: code, unless it says otherwise. */
export type PlantedCell = string | { readonly source: string; readonly tags?: string[] };

/** Writes a notebook with these code cells into a folder; returns its path. */
export async function plantNotebook(
  folder: string,
  cells: readonly PlantedCell[],
  name = "planted.ipynb",
): Promise<string> {
  const path = join(folder, name);
  const notebook = {
    cells: cells.map((cell, index) => {
      const { source, tags } = typeof cell === "string" ? { source: cell } : cell;
      return {
        cell_type: "code",
        id: `cell-${index + 1}`,
        metadata: tags === undefined ? {} : { tags },
        source,
        execution_count: null,
        outputs: [],
      };
    }),
    metadata: { kernelspec: { display_name: "Deno", language: "typescript", name: "deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await Deno.writeTextFile(path, JSON.stringify(notebook));
  return path;
}
